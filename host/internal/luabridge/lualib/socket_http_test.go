package lualib

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// echo answers with what it was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/elsewhere" {
		http.Redirect(w, r, "/", http.StatusFound)
		return
	}
	body, _ := io.ReadAll(r.Body)
	user, _, _ := r.BasicAuth()
	w.Header().Set("X-Echo", r.Header.Get("Content-Type"))
	w.WriteHeader(http.StatusAccepted)
	fmt.Fprintf(w, "%s %s %s %s", r.Method, r.URL.Path, user, body)
}

func TestBlockingRequests(t *testing.T) {
	plain, secure := httptest.NewServer(http.HandlerFunc(echo)), httptest.NewTLSServer(http.HandlerFunc(echo))
	defer plain.Close()
	defer secure.Close()
	newWorld(luaTree).code(t, fmt.Sprintf(`
		local http, https, ltn12, t = require "socket.http", require "ssl.https", require "ltn12", require "test.harness"
		local plain, secure = %q, %q
		t.case("simple", function ()
			local body, code, headers, status = http.request(plain .. "/a")
			t.same({ body, code, headers["content-length"], status }, { "GET /a  ", 202, "8", "HTTP/1.1 202 Accepted" })
			body, code, headers = http.request(plain .. "/b", "c=d")
			t.same({ body, headers["x-echo"] }, { "POST /b  c=d", "application/x-www-form-urlencoded" })
		end)
		t.case("in full", function ()
			local chunks = {}
			local ok, code = http.request { url = plain .. "/c"; method = "PUT"; user = "romeo"; password = "x"; headers = { ["Content-Length"] = 4 };
				source = ltn12.source.string("text"); sink = ltn12.sink.table(chunks) }
			t.same({ ok, code, table.concat(chunks) }, { 1, 202, "PUT /c romeo text" })
			t.same((select(2, http.request { url = plain .. "/elsewhere"; redirect = false })), 302)
			t.same((select(2, http.request(plain .. "/elsewhere"))), 202)
		end)
		t.case("certificates", function ()
			local ok, why = https.request(secure)
			t.same({ ok, not not why:find("certificate") }, { nil, true })
			t.same({ (https.request { url = secure; verify = "none" }) }, { 1 })
			t.same({ (http.request "nonsense://") }, {})
		end)
		return t.finish()`, plain.URL, secure.URL), "requests")
}
