package interop

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
)

// web asks a server's HTTP ports, whatever port an URL names, and follows no redirections.
func web(t *testing.T, srv *host.Server) *http.Client {
	t.Helper()
	ports := map[string]string{}
	for _, service := range []string{"http", "https"} {
		for _, a := range srv.ServiceAddrs(t.Context(), service) {
			if strings.HasPrefix(a.String(), "127.0.0.1:") || ports[service] == "" {
				ports[service] = strings.Replace(a.String(), "0.0.0.0:", "127.0.0.1:", 1)
			}
		}
	}
	if ports["http"] == "" {
		t.Fatal("the server does not listen for HTTP")
	}
	return webAt(t, ports)
}

// webAt asks the addresses of the services http and https.
func webAt(t *testing.T, ports map[string]string) *http.Client {
	t.Helper()
	dial := func(service string) func(context.Context, string, string) (net.Conn, error) {
		return func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, ports[service])
		}
	}
	transport := &http.Transport{DialContext: dial("http"), DialTLSContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		name, _, _ := net.SplitHostPort(address)
		return (&tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, ServerName: name}}).DialContext(ctx, network, ports["https"])
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// ask is "METHOD URL" with headers as "name: value" and gives the answer with its body read.
func ask(t *testing.T, c *http.Client, what, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	method, url, _ := strings.Cut(what, " ")
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(got)
}

// webServer is a server with modules of Debian's, and those of testdata/http.
func webServer(t *testing.T, options, onHost, rest string, debian ...string) *host.Server {
	t.Helper()
	dir := t.TempDir()
	link(t, dir, debian...)
	ours, err := filepath.Abs("testdata/http")
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf(`
[global]
plugin_paths = [%q, %q]
admins = ["escalus@localhost"]
modules_enabled = ["tls", "saslauth", "roster", "disco"]
%s
[host."localhost"]
%s
%s`, filepath.Join(dir, "modules"), ours, options, onHost, rest)
	return startServer(t, host.Options{Config: []byte(config)}, people)
}

// eachSite runs a test with the routes of testdata/http on our server, with our http and Prosody's, and on Prosody itself.
func eachSite(t *testing.T, test func(t *testing.T, c *http.Client, onProsody bool)) {
	eachHTTP(t, func(t *testing.T, debian []string) {
		other := "[host.\"other\"]\nhttp_host = \"www.other\"\nmodules_enabled = [\"routes\"]"
		test(t, web(t, webServer(t, webOptions, `modules_enabled = ["routes"]`, other, debian...)), false)
	})
	t.Run("on Prosody", func(t *testing.T) {
		ours, err := filepath.Abs("testdata/http")
		if err != nil {
			t.Fatal(err)
		}
		port := freePort(t)
		startProsody(t, t.TempDir(), fmt.Sprintf(webOnProsody, ours, port))
		test(t, webAt(t, map[string]string{"http": fmt.Sprintf("127.0.0.1:%d", port)}), true)
	})
}

// webOnProsody is webOptions in Prosody's words.
const webOnProsody = `
plugin_paths = { %q }
modules_enabled = { "roster", "saslauth", "disco", "posix" }
modules_disabled = { "s2s", "tls" }
http_ports = { %d }
https_ports = {}
http_paths = { moved = "/$host/here" }
http_max_content_size = 10000
http_max_buffer_size = 50000
trusted_proxies = { "127.0.0.1", "::1", "10.0.0.0/8" }
VirtualHost "localhost"
	modules_enabled = { "routes" }
VirtualHost "other"
	http_host = "www.other"
	modules_enabled = { "routes" }
`

// eachHTTP runs a test with our http, and with Prosody's unchanged.
func eachHTTP(t *testing.T, test func(t *testing.T, debian []string)) {
	t.Run("ours", func(t *testing.T) { test(t, nil) })
	t.Run("prosody", func(t *testing.T) { test(t, []string{"http", "http_errors", "http_files"}) })
}

const webOptions = `
http_default_cors_enabled = true
http_paths = { moved = "/$host/here" }
http_max_content_size = 10000
trusted_proxies = ["127.0.0.1", "::1", "10.0.0.0/8"]`

func TestHTTPRoutes(t *testing.T) { eachSite(t, httpRoutes) }

func httpRoutes(t *testing.T, c *http.Client, onProsody bool) {
	large := strings.Repeat("x", 100_000)
	cases := []struct {
		what, body string
		headers    []string
		status     int
		want       string // the body, or its beginning before "…"
		ours       bool   // Prosody does it in another way
	}{
		{what: "GET http://localhost/routes", status: 200, want: "root"},
		{what: "GET http://localhost/routes/", status: 200, want: "directory"},
		{what: "GET http://localhost:5280/routes/text", status: 200, want: "text"},
		{what: "HEAD http://localhost/routes/text", status: 200},
		{what: "POST http://localhost/routes/text", status: 404, want: "<!DOCTYPE html>…"},
		{what: "GET http://localhost/routes/status", status: 403, want: "<!DOCTYPE html>…"},
		{what: "GET http://localhost/routes/table", status: 201, want: "made"},
		{what: "GET http://localhost/routes/error", status: 410, want: "<!DOCTYPE html>…long ago"},
		{what: "GET http://localhost/routes/nothing", status: 404, want: "<!DOCTYPE html>…"},
		{what: "GET http://localhost/routes/later", status: 200, want: "later"},
		{what: "GET http://localhost/routes/promise", status: 200, want: "kept"},
		{what: "GET http://localhost/routes/wait", status: 200, want: "waited"},
		{what: "GET http://localhost/routes/tree/a/b%20c", status: 200, want: "rest a/b c"},
		{what: "GET http://localhost/routes/tree/known/a", status: 200, want: "known a"},
		{what: "GET http://localhost/routes/tree/leaf", status: 200, want: "leaf"},
		{what: "GET http://localhost/routes/tree?a=b", status: 301, want: "/routes/tree/?a=b"},
		{what: "GET http://localhost/routes/dir", status: 301, want: "/routes/dir/"},
		{what: "GET http://localhost/routes/dir/", status: 200, want: "dir"},
		{what: "GET http://localhost/routes/query?a=b&c", status: 200, want: "a=b&c"},
		{what: "POST http://localhost/routes/echo", body: "some", status: 200, want: "some"},
		{what: "GET http://localhost/moved", status: 404, want: "<!DOCTYPE html>…"},
		{what: "GET http://localhost/localhost/here", status: 200, want: "moved"},
		{what: "GET http://localhost/", status: 200, want: "<!DOCTYPE html>…is running"},
		{what: "GET http://www.other/routes/text", status: 200, want: "text"},
		{what: "GET http://other/routes/text", status: 404, want: "<!DOCTYPE html>…"},
		{what: "GET https://localhost/routes/who", status: 200, want: "127.0.0.1 true", ours: true},
		{what: "GET http://localhost/routes/who", headers: []string{"X-Forwarded-For: 192.0.2.1, 10.1.1.1", "X-Forwarded-Proto: https"}, status: 200, want: "192.0.2.1 true"},
		{what: "PUT http://localhost/upload/a", body: "small", status: 200, want: "a whole 5"},
		{what: "PUT http://localhost/upload/b", body: large, status: 200, want: "b 100000"},
		{what: "PUT http://localhost/routes/echo", body: large, status: 413, want: "<!DOCTYPE html>…", ours: true},
	}
	for _, k := range cases {
		if k.ours && onProsody {
			continue
		}
		t.Run(k.what, func(t *testing.T) {
			resp, got := ask(t, c, k.what, k.body, k.headers...)
			if resp.StatusCode == 301 {
				got = resp.Header.Get("Location")
			}
			begin, part, open := strings.Cut(k.want, "…")
			if resp.StatusCode != k.status || !open && got != k.want || !strings.HasPrefix(got, begin) || !strings.Contains(got, part) {
				t.Errorf("got %d %.300q, want %d %q", resp.StatusCode, got, k.status, k.want)
			}
		})
	}
}

func TestHTTPCORS(t *testing.T) { eachSite(t, httpCORS) }

func httpCORS(t *testing.T, c *http.Client, _ bool) {
	cases := []struct{ what, origin, allowed, methods, headers, credentials string }{
		{"GET http://localhost/routes/text", "https://a.example", "https://a.example", "POST", "Content-Type", ""},
		{"OPTIONS http://localhost/routes/text", "https://b.example", "https://b.example", "PUT", "Content-Type", ""},
		{"GET http://localhost/closed", "https://a.example", "", "", "", ""},
		{"GET http://localhost/some", "https://a.example", "https://a.example", "GET", "X-Key", "true"},
		{"OPTIONS http://localhost/some", "https://b.example", "", "", "", ""},
	}
	for _, k := range cases {
		t.Run(k.what, func(t *testing.T) {
			resp, _ := ask(t, c, k.what, "", "Origin: "+k.origin)
			h := func(name string) string { return resp.Header.Get("Access-Control-Allow-" + name) }
			if resp.StatusCode != 200 || h("Origin") != k.allowed || h("Credentials") != k.credentials || !strings.Contains(h("Methods"), k.methods) || !strings.Contains(h("Headers"), k.headers) {
				t.Errorf("got %d %v", resp.StatusCode, resp.Header)
			}
		})
	}
}

func TestHTTPURL(t *testing.T) { eachHTTP(t, httpURL) }

func httpURL(t *testing.T, debian []string) {
	for _, k := range []struct{ options, want string }{
		{"https_ports = []", "http://localhost:5280/routes http://localhost:5280/other http://localhost:5280/elsewhere"},
		{"", "https://localhost:5281/routes https://localhost:5281/other https://localhost:5281/elsewhere"},
		{"http_external_url = \"https://chat.example/\"", "https://chat.example/routes https://chat.example/other https://chat.example/elsewhere"},
		{"http_external_url = \"http://chat.example:8080/x\"", "http://chat.example:8080/x/routes http://chat.example:8080/x/other http://chat.example:8080/x/elsewhere"},
	} {
		t.Run(k.options, func(t *testing.T) {
			srv := webServer(t, k.options, `modules_enabled = ["routes"]`, "", debian...)
			if _, got := ask(t, web(t, srv), "GET http://localhost/routes/url", ""); got != k.want {
				t.Errorf("got %q, want %q", got, k.want)
			}
		})
	}
}

// A module that goes takes its routes along; when it comes back, so do they.
func TestHTTPReload(t *testing.T) { eachHTTP(t, httpReload) }

func httpReload(t *testing.T, debian []string) {
	srv := webServer(t, webOptions, `modules_enabled = ["routes"]`, "", debian...)
	c := web(t, srv)
	for _, step := range []struct {
		code   string
		status int
	}{
		{"", 200}, {"unload('localhost', 'routes')", 404}, {"load('localhost', 'routes')", 200}, {"reload('localhost', 'routes')", 200}, {"reload('*', 'http')", 200},
	} {
		if step.code != "" {
			if _, err := srv.Console(t.Context(), "test", nil).Run(t.Context(), []byte("assert(require 'core.modulemanager'."+step.code+")"), "=test"); err != nil {
				t.Fatal(step.code, err)
			}
			c = web(t, srv)
		}
		if resp, _ := ask(t, c, "GET http://localhost/routes/text", ""); resp.StatusCode != step.status {
			t.Errorf("after %q: %d, want %d", step.code, resp.StatusCode, step.status)
		}
	}
}

func TestHTTPFiles(t *testing.T) { eachHTTP(t, httpFiles) }

func httpFiles(t *testing.T, debian []string) {
	dir := t.TempDir()
	for name, text := range map[string]string{"index.html": "front", "sub/index.htm": "sub front", "sub/a b.txt": "text", "large.css": strings.Repeat("x", 200_000), "empty/.keep": ""} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	srv := webServer(t, fmt.Sprintf("http_files_dir = %q\nhttp_paths = { files = \"/\" }", dir), `modules_enabled = ["http_files"]`, "", debian...)
	c := web(t, srv)
	for _, k := range []struct {
		path         string
		status       int
		length       int
		kind, header string
	}{
		{"/", 200, 5, "text/html", ""}, {"/sub", 301, 0, "", "/sub/"}, {"/sub/", 200, 9, "text/html", ""}, {"/sub/a%20b.txt", 200, 4, "text/plain", ""},
		{"/large.css", 200, 200_000, "text/css", ""}, {"/nowhere", 404, -1, "", ""}, {"/empty/", 403, -1, "", ""}, {"/sub/%2e%2e/%2e%2e/x", 400, -1, "", ""}, {"/%2e%2e/x", 400, -1, "", ""},
	} {
		for range 2 { // the second time from memory
			resp, got := ask(t, c, "GET http://localhost"+k.path, "")
			if resp.StatusCode != k.status || k.length >= 0 && len(got) != k.length || k.kind != "" && resp.Header.Get("Content-Type") != k.kind || resp.Header.Get("Location") != k.header {
				t.Errorf("%s: got %d %.100q %v", k.path, resp.StatusCode, got, resp.Header)
			}
		}
	}
	first, _ := ask(t, c, "GET http://localhost/large.css", "")
	for _, condition := range []string{"If-None-Match: " + first.Header.Get("Etag"), "If-Modified-Since: " + first.Header.Get("Last-Modified")} {
		if resp, got := ask(t, c, "GET http://localhost/large.css", "", condition); resp.StatusCode != 304 || got != "" {
			t.Errorf("%s: %d %q", condition, resp.StatusCode, got)
		}
	}
}

// Who asks, behind proxies. In Prosody 0.12 there is no Forwarded yet.
func TestHTTPProxies(t *testing.T) {
	c := web(t, webServer(t, webOptions, `modules_enabled = ["routes"]`, ""))
	for headers, want := range map[string]string{
		"":                           "127.0.0.1 nil",
		"X-Forwarded-For: 192.0.2.1": "192.0.2.1 nil",
		"X-Forwarded-For: 198.51.100.7, 192.0.2.1|X-Forwarded-Proto: https":            "192.0.2.1 true",
		"X-Forwarded-For: 192.0.2.1, 10.0.0.1, 10.0.0.2":                               "192.0.2.1 nil",
		"X-Forwarded-For: 10.0.0.1":                                                    "127.0.0.1 nil",
		"X-Forwarded-Proto: https":                                                     "127.0.0.1 true",
		"Forwarded: for=198.51.100.7;proto=https, for=\"[2001:db8::1]:99\";proto=http": "2001:db8::1 nil",
		"Forwarded: for=192.0.2.1:80;proto=https, for=10.0.0.1":                        "192.0.2.1 true",
		"Forwarded: for=_hidden":                                                       "127.0.0.1 nil",
		"Forwarded: nonsense":                                                          "127.0.0.1 nil",
	} {
		var all []string
		if headers != "" {
			all = strings.Split(headers, "|")
		}
		if _, got := ask(t, c, "GET http://localhost/routes/who", "", all...); strings.Replace(got, "false", "nil", 1) != want {
			t.Errorf("%s: got %q, want %q", headers, got, want)
		}
	}
}

// Options that say what is served to whom.
func TestHTTPOptions(t *testing.T) { eachHTTP(t, httpOptions) }

func httpOptions(t *testing.T, debian []string) {
	for _, k := range []struct {
		options, what string
		status        int
		allowed       string // the site whose scripts may use it
	}{
		{"http_default_host = \"localhost\"", "GET http://else.example/routes/text", 200, "https://a.example"},
		{"", "GET http://else.example/routes/text", 404, ""},
		{"http_default_cors_enabled = false", "GET http://localhost/routes/text", 200, ""},
		{"http_default_cors_enabled = false", "GET http://localhost/some", 200, "https://a.example"},
		{"http_cors_override = { routes = { enabled = false } }", "GET http://localhost/routes/text", 200, ""},
		{"http_cors_override = { closed = { enabled = true, origins = [\"https://a.example\"] } }", "GET http://localhost/closed", 200, "https://a.example"},
		{"modules_disabled = [\"http_errors\"]", "GET http://localhost/nowhere", 404, ""},
	} {
		t.Run(k.options+" "+k.what, func(t *testing.T) {
			resp, _ := ask(t, web(t, webServer(t, k.options, `modules_enabled = ["routes"]`, "", debian...)), k.what, "", "Origin: https://a.example")
			if got := resp.Header.Get("Access-Control-Allow-Origin"); resp.StatusCode != k.status || got != k.allowed {
				t.Errorf("got %d, allowed %q", resp.StatusCode, got)
			}
		})
	}
}
