package lualib

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// site is a web server for clients.
func site() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/echo/", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Method", r.Method)
		fmt.Fprint(w, r.RequestURI, " ", r.Host != "", " ", r.Header.Get("Content-Type"), " ", r.Header.Get("Authorization"), " ", r.Header.Get("X-More"), " ", string(body))
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/echo/", http.StatusFound) })
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", 300<<10)) })
	mux.HandleFunc("/abort", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	return mux
}

const clientCode = `
	http, done = require "net.http", {}
	function get(name, url, options)
		return http.request(url, options, function (body, code, response, request) done[name] = { body = body, code = code, response = response, request = request } end)
	end
	`

// TestHTTPClient: what the callback of a request is told.
func TestHTTPClient(t *testing.T) {
	srv := httptest.NewServer(site())
	defer srv.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	w := newWorld(luaTree)
	cases := []struct{ name, url, options, want string }{
		{"get", srv.URL + "/echo/a%20b?c=d", "nil", "200 /echo/a%20b?c=d true    "},
		{"two slashes", srv.URL + "//elsewhere/echo/", "nil", "307 <a href=\"/elsewhere/echo/\">Temporary Redirect</a>.\n\n"},
		{"line breaks", srv.URL + "/echo/", `{ headers = { ["X-More"] = "1\r\nX-Evil: 2" } }`, "0 net/http: invalid header field value for \"X-More\""},
		{"root", strings.Replace(srv.URL, "http://", "http://user:pass@", 1) + "/echo/", "nil", "200 /echo/ true  Basic dXNlcjpwYXNz  "},
		{"post", srv.URL + "/echo/", `{ body = http.formencode { a = "b c" }, headers = { ["X-More"] = 1 } }`, "200 /echo/ true application/x-www-form-urlencoded  1 a=b+c"},
		{"put", srv.URL + "/echo/", `{ method = "PUT", body = "x", headers = { ["Content-Type"] = "text/plain", Host = "h" } }`, "200 /echo/ true text/plain   x"},
		{"moved", srv.URL + "/moved", "nil", "302 <a href=\"/echo/\">Found</a>.\n\n"},
		{"missing", srv.URL + "/nowhere", "nil", "404 404 page not found\n"},
		{"aborted", srv.URL + "/abort", "nil", "0 connection-closed"},
		{"too large", srv.URL + "/large", "{ body_size_limit = 1000 }", "0 content-length-limit-exceeded"},
		{"refused", "http://" + closed.Addr().String(), "nil", "0 connection refused"},
		{"unknown host", "http://nowhere.invalid/", "nil", "0 unable to resolve service"},
		{"no url", "nonsense", "nil", "0 invalid-url"},
		{"not http", "ftp://h/", "nil", "0 invalid-url"},
	}
	for _, c := range cases {
		w.code(t, clientCode+fmt.Sprintf("get(%q, %q, %s)", c.name, c.url, c.options), c.name)
		w.until(t, fmt.Sprintf("done[%q]", c.name))
		got := w.code(t, fmt.Sprintf("local d = done[%q] return d.code .. ' ' .. d.body", c.name), c.name)[0].String()
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// An answer that stops in the middle is given up.
func TestHTTPClientStalled(t *testing.T) {
	body, feed := io.Pipe()
	defer feed.Close()
	go io.WriteString(feed, "beginning")
	got, err := io.ReadAll(newStalling(body, 50*time.Millisecond, func() { body.Close() }))
	if string(got) != "beginning" || !errors.Is(err, os.ErrDeadlineExceeded) || clientReason(err) != "connection timeout" {
		t.Errorf("%q %v", got, err)
	}
}

// With the server end the requests that are under way.
func TestHTTPClientShutdown(t *testing.T) {
	asked := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	}))
	defer srv.Close()
	w := newWorld(luaTree)
	w.code(t, clientCode+fmt.Sprintf("get('slow', %q)", srv.URL), "slow")
	<-asked
	w.lib.shutdown()
	w.until(t, "done.slow")
	w.code(t, "assert(done.slow.code == 0 and done.slow.body == 'cancelled', done.slow.body)", "slow")
}

func TestHTTPClientObjects(t *testing.T) {
	srv := httptest.NewServer(site())
	defer srv.Close()
	w := newWorld(luaTree)
	w.code(t, clientCode+fmt.Sprintf("url = %q", srv.URL)+`
		log = {}
		for _, name in ipairs { "pre-request", "request", "response", "request-connection-error" } do
			http.events.add_handler(name, function (event) log[#log+1] = name assert(event.request and event.url and event.http == http.default) end)
		end
		http.events.add_handler("response", function (event) if event.content == "changed" then event.content = "by handler" end end)
		request = get("fields", url .. "/echo/x?y", { id = "mine" })
		assert(request.id == "mine" and request.path == "/echo/x" and request.query == "y" and request.method == "GET" and request.scheme == "http")
		parts = {}
		get("stream", url .. "/large", { streaming_handler = function (response)
			assert(response.partial and response.code == 200)
			return { write = function (_, data) parts[#parts+1] = data return true end }, function (response) finalized = not response.partial end
		end })
		local slow = get("cancelled", url .. "/slow")
		slow:cancel("enough")
		http.destroy_request(get("destroyed", url .. "/slow"))
		other = http.new { insecure = true }
		other:request(url .. "/echo/"):next(function (response) promised = response end)
		http.request("http://nowhere.invalid/"):catch(function (err) rejected = err end)
		http.request("http://x:1", nil, function () error("in callback") end)`, "client")
	w.until(t, "done.fields and done.stream and done.cancelled and promised and rejected")
	w.code(t, `
		local r = done.fields.response
		assert(done.fields.request == request and r.httpversion == "1.1" and r.headers["x-method"] == "GET" and r.body == done.fields.body)
		assert(#table.concat(parts) == 300 * 1024 and finalized and done.stream.code == 200)
		assert(done.cancelled.body == "enough" and done.cancelled.code == 0 and not done.destroyed)
		assert(promised.code == 200 and promised.request.url == url .. "/echo/")
		assert(rejected.condition == "remote-server-not-found" and rejected.type == "cancel", rejected.condition)
		assert(log[1] == "pre-request" and log[2] == "request", log[1])
		assert(http.features.sni and other.new and other.options.insecure)
		local errors = require "net.http.errors"
		assert(errors.new(404, "").condition == "item-not-found" and errors.new(418, "").condition == "undefined-condition")`, "client")
}

// Certificates are checked, unless told otherwise.
func TestHTTPClientTLS(t *testing.T) {
	srv := httptest.NewTLSServer(site())
	defer srv.Close()
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorld(luaTree)
	wrong := strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)
	for name, c := range map[string]struct{ url, options, want string }{
		"unknown":   {srv.URL, "{}", "0 certificate-chain-invalid"},
		"insecure":  {srv.URL, "{ insecure = true }", "200"},
		"trusted":   {srv.URL, fmt.Sprintf("{ sslctx = { cafile = %q } }", authority), "200"},
		"wrongname": {wrong, fmt.Sprintf("{ sslctx = { cafile = %q } }", authority), "0 certificate-verify-failed"},
	} {
		w.code(t, clientCode+fmt.Sprintf("get(%q, %q, %s)", name, c.url+"/echo/", c.options), name)
		w.until(t, "done."+name)
		if got := w.code(t, fmt.Sprintf("local d = done.%s return d.code == 0 and '0 ' .. d.body or d.code", name), name)[0].String(); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
