package lualib

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/host/internal/luabridge/luastanza"
)

// The simple client of LuaSocket and LuaSec.
func TestSocketHTTP(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/here", http.StatusFound)
		default:
			body, _ := io.ReadAll(r.Body)
			w.Header().Set("X-Answer", r.Header.Get("X-Ask"))
			fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.Path, body)
		}
	}))
	defer site.Close()
	in := compat.New(compat.Options{})
	l := newLibrary(in, luastanza.New(in))
	th := in.Enter(context.Background())
	defer th.Leave()
	in.Globals().RawSetString("http", l.openSocketHTTP(th.L))
	in.Globals().RawSetString("site", lua.LString(site.URL))
	for name, c := range map[string]struct{ script, want string }{
		"get":      {`local body, code, headers, status = http.request(site .. "/a"); return body .. code .. status`, "GET /a 200HTTP/1.1 200 OK"},
		"post":     {`return (http.request(site .. "/a", "x=1"))`, "POST /a x=1"},
		"followed": {`return (http.request(site .. "/moved"))`, "GET /here "},
		"table": {`local got = {}; local chunks = { "one", "two" };
			local ok, code, headers = http.request { url = site .. "/b", method = "PUT", headers = { ["X-Ask"] = "why" },
				source = function () return table.remove(chunks, 1); end, sink = function (data) table.insert(got, data); return 1; end };
			return ok .. " " .. code .. " " .. headers["x-answer"] .. " " .. table.concat(got)`, "1 200 why PUT /b onetwo"},
		"not followed": {`local ok, code = http.request { url = site .. "/moved", redirect = false }; return code`, "302"},
		"no server":    {`return select(2, http.request("http://127.0.0.1:1/"))`, "connection refused"},
	} {
		t.Run(name, func(t *testing.T) {
			fn, err := in.Load([]byte(c.script), "=test", nil)
			if err != nil {
				t.Fatal(err)
			}
			results, err := in.PCall(th.L, fn, 1)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(results[0].String()); got != strings.TrimSpace(c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
