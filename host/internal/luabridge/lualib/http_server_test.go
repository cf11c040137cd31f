package lualib

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"quatrain/host/internal/luabridge/compat"
)

// httpWorld is an interpreter whose net.http.server listens on loopback; it gives the address.
func httpWorld(t testing.TB, w *world, code string) string {
	t.Helper()
	w.code(t, `server = require "net.http.server"; server.add_host("h"); add = server.add_handler; `+code, "routes")
	lib := w.code(t, "return server.listener", "listener")[0]
	s, ok := valueOf[interface{ ServeConn(net.Conn) }](lib)
	if !ok {
		t.Fatal("the listener has no ServeConn")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.ServeConn(c)
		}
	}()
	return l.Addr().String()
}

const routes = `
	async, promise, errors = require "util.async", require "util.promise", require "util.error"
	add("GET h/string", function () return "text" end)
	add("GET h/number", function () return 418 end)
	add("GET h/table", function () return { status_code = 201, headers = { content_type = "text/x", ["X-Two"] = 2 }, body = "made" } end)
	add("GET h/error", function () return errors.new({ type = "auth", condition = "forbidden", code = 403, text = "no" }) end)
	add("GET h/fails", function () error("oops") end)
	add("GET h/promise", function () return promise.new(function (resolve) resolve("kept") end) end)
	add("GET h/rejected", function () return promise.reject(errors.new({ code = 409 })) end)
	add("GET h/waits", function () async.sleep(0.001) return "waited" end)
	add("GET h/later", function (event)
		require "util.timer".add_task(0.001, function () event.response:send("later") end)
		return true
	end)
	add("GET h/nil", function () end)
	add("GET h/deep/*", function (event) return "deep " .. event.request.path end)
	add("GET h/deep/exact/*", function () return "deeper" end)
	add("GET h/deep/exact", function () return "exact" end)
	add("GET h/deep/order", function () return "second" end, 1)
	add("GET h/deep/order", function () return "first" end, 2)
	add("GET /global", function () return "of all hosts" end)
	add("POST h/echo", function (event) return event.request.body end)
	add("GET h/fields", function (event)
		local r = event.request
		return table.concat({ r.method, r.path, r.url.path, r.url.query, r.httpversion, r.headers.x_some_header, r.headers.host, r.ip, tostring(r.secure),
			tostring(server.get_request_from_conn(r.conn) == r), r.conn:ip(), type(r.conn:port()), tostring(r.conn:ssl()) }, " ")
	end)
	add("GET h/file", function (event)
		local left = { ("a"):rep(70000), "b" }
		return event.response:send_file({ read = function () return table.remove(left, 1) end, close = function () closed = true end })
	end)
	add("GET h/headers", function (event)
		event.response.headers.etag = "\"1\""
		event.response.headers.location = "a\r\nSet-Cookie: b"
		return 304
	end)
	add("GET h/names", function (event)
		event.response.headers["a\r\nSet-Cookie"] = "b"
		event.response:write_headers()
		event.response:done()
		return true
	end)
	add("GET h/nocontent", function (event) event.response.status_code = 204 return "something" end)
	add("GET h/raw", function (event)
		event.response.headers.content_type = "text/event-stream"
		event.response:write_headers()
		event.response.conn:write("data: 1\n\n")
		require "util.timer".add_task(0.001, function () event.response.conn:write("data: 2\n\n") event.response:done() end)
		return true
	end)`

func TestHTTPServer(t *testing.T) {
	w := newWorld(luaTree)
	address := httpWorld(t, w, routes)
	cases := []struct{ method, path, body, want string }{
		{"GET", "/string", "", "200 text"},
		{"HEAD", "/string", "", "200 "},
		{"GET", "/number", "", "418 I'm a teapot\n"},
		{"GET", "/table", "", "201 made"},
		{"GET", "/error", "", "403 Forbidden\n"},
		{"GET", "/fails", "", "500 Internal Server Error\n"},
		{"GET", "/promise", "", "200 kept"},
		{"GET", "/rejected", "", "409 Conflict\n"},
		{"GET", "/waits", "", "200 waited"},
		{"GET", "/later", "", "200 later"},
		{"GET", "/nil", "", "404 Not Found\n"},
		{"GET", "/nowhere", "", "404 Not Found\n"},
		{"GET", "/deep/a/b", "", "200 deep /deep/a/b"},
		{"GET", "/deep/exact/a", "", "200 deeper"},
		{"GET", "/deep/exact", "", "200 exact"},
		{"GET", "/deep/order", "", "200 first"},
		{"GET", "/global", "", "200 of all hosts"},
		{"POST", "/echo", "body", "200 body"},
		{"POST", "/string", "body", "404 Not Found\n"},
		{"GET", "/fields%41?q=1", "", "404 Not Found\n"},
		{"GET", "/%66ields?q=1", "", "200 GET /fields /%66ields q=1 1.1 v,w h 127.0.0.1 nil true 127.0.0.1 number false"},
		{"GET", "/../x", "", "400 Bad Request: Invalid path\n"},
		{"GET", "/file", "", "200 " + strings.Repeat("a", 70000) + "b"},
		{"GET", "/headers", "", "304 "},
		{"GET", "/raw", "", "200 data: 1\n\ndata: 2\n\n"},
	}
	for _, c := range cases {
		t.Run(c.method+c.path, func(t *testing.T) {
			r, err := http.NewRequest(c.method, "http://"+address+"/", strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.URL.Opaque, r.Host = c.path, "h"
			r.Header["X-Some-Header"] = []string{"v", "w"}
			if got := fetch(t, r); got != c.want {
				t.Errorf("got %.200q, want %.200q", got, c.want)
			}
		})
	}
	w.code(t, "assert(closed)", "file")
}

// fetch is status and body of the answer to a request.
func fetch(t testing.TB, r *http.Request) string {
	t.Helper()
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(resp.StatusCode, " ", string(body))
}

// What is on the wire: status lines, headers, what happens to the connection.
func TestHTTPServerWire(t *testing.T) {
	address := httpWorld(t, newWorld(luaTree), routes)
	cases := []struct {
		name, send string
		want       []string // parts of what comes until the connection is closed
		not        string
	}{
		{"keep-alive", "GET /string HTTP/1.1\r\nHost: h\r\n\r\nGET /string HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", []string{"Connection: Keep-Alive\r\n", "\r\n\r\ntextHTTP/1.1 200 OK", "Connection: close"}, ""},
		{"old", "GET /string HTTP/1.0\r\nHost: h\r\n\r\n", []string{"200 OK", "\r\n\r\ntext"}, ""},
		{"unknown host", "GET /string HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n", []string{"404 Not Found", "Unknown host: other"}, ""},
		{"no host", "GET /string HTTP/1.1\r\nConnection: close\r\n\r\n", []string{"400 Bad Request"}, ""},
		{"nonsense", "nonsense\r\n\r\n", []string{"400 Bad Request"}, ""},
		{"header injection", "GET /headers HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", []string{"304 Not Modified", "Etag: \"1\"", "Location: a  Set-Cookie: b"}, "\nSet-Cookie"},
		{"name injection", "GET /names HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", []string{"HTTP/1.1 200 OK"}, "Cookie"},
		{"no content", "GET /nocontent HTTP/1.1\r\nHost: h\r\n\r\nGET /string HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", []string{"204 No Content", "\r\n\r\ntext"}, "something"},
		{"nothing guessed", "GET /string HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", []string{"Content-Length: 4"}, "Content-Type"},
		{"continue", "POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi", []string{"100 Continue", "\r\n\r\nhi"}, ""},
		{"chunked", "POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", []string{"200 OK", "\r\n\r\nhi"}, ""},
		{"smuggled", "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi", []string{"400 Bad Request"}, "200"},
		{"failed", "GET /fails HTTP/1.1\r\nHost: h\r\n\r\n", []string{"500 Internal", "Connection: close"}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := converse(t, address, c.send)
			for _, part := range c.want {
				if !strings.Contains(got, part) {
					t.Errorf("%q is missing in %q", part, got)
				}
			}
			if c.not != "" && strings.Contains(got, c.not) {
				t.Errorf("%q is in %q", c.not, got)
			}
		})
	}
}

// converse sends text and gives all that comes until the other side closes.
func converse(t testing.TB, address, text string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatalf("%v after %q", err, got)
	}
	return string(got)
}

// A body that is too large may be taken in pieces, or answered before it comes; else it is refused.
func TestHTTPServerUploads(t *testing.T) {
	w := newWorld(luaTree)
	address := httpWorld(t, w, `
		server.set_option("body_size_limit", 10)
		add("PUT h/sink", function (event)
			local r = event.request
			if not r.partial then return table.concat(r.parts) .. tostring(r.body) end
			r.parts = {}
			r.body_sink = { write = function (_, data) r.parts[#r.parts+1] = data return data ~= "refuse this" end }
			return true
		end)
		add("PUT h/early", function (event) if event.request.partial then return 403 end return "late" end)
		add("PUT h/whole", function (event) if event.request.body ~= false then return event.request.body end end)`)
	large := strings.Repeat("x", 200<<10)
	chunked := func(data string) io.Reader { return io.MultiReader(strings.NewReader(data)) }
	cases := []struct {
		name, path string
		body       io.Reader
		want       string
	}{
		{"sink", "/sink", strings.NewReader(large), "200 " + large + "false"},
		{"sink in chunks", "/sink", chunked(large), "200 " + large + "false"},
		{"sink refuses", "/sink", strings.NewReader("refuse this"), "500 Internal Server Error\n"},
		{"answered early", "/early", strings.NewReader("more than ten"), "403 Forbidden\n"},
		{"small", "/whole", strings.NewReader("ten or les"), "200 ten or les"},
		{"small in chunks", "/whole", chunked("few"), "200 few"},
		{"large", "/whole", strings.NewReader("more than ten"), "413 Request Entity Too Large\n"},
		{"large in chunks", "/whole", chunked("more than ten"), "413 Request Entity Too Large\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequest("PUT", "http://"+address+c.path, c.body)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = "h"
			if got := fetch(t, r); got != c.want {
				t.Errorf("got %.200q, want %.200q", got, c.want)
			}
		})
	}
}

// A response whose client goes away is told so.
func TestHTTPServerDisconnect(t *testing.T) {
	w := newWorld(luaTree)
	address := httpWorld(t, w, `
		add("GET h/poll", function (event)
			polled = event.response
			polled.on_destroy = function (response) gone = response == polled and response.finished end
			return true
		end)
		add("GET h/stream", function (event)
			event.response.on_destroy = function () ended = true end
			event.response:write_headers()
			event.response.conn:write("begin")
			return true
		end)`)
	for path, global := range map[string]string{"/poll": "gone", "/stream": "ended"} {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: h\r\n\r\n")
		if path == "/poll" {
			w.until(t, "polled")
		} else if _, err := bufio.NewReader(c).ReadString('b'); err != nil {
			t.Fatal(err)
		}
		c.Close()
		w.until(t, global)
	}
	w.code(t, `assert(polled:send("late") == nil and server.get_request_from_conn(polled.conn) == nil)`, "late")
}

// A connection that a handler gives another listener is that one's after the response, with what was sent meanwhile.
func TestHTTPServerUpgrade(t *testing.T) {
	w := newWorld(luaTree)
	address := httpWorld(t, w, `
		add("GET h/upgrade", function (event)
			local response = event.response
			response.status_code, response.headers.upgrade, response.headers.connection = 101, "echo", "Upgrade"
			response.conn:setlistener({
				onincoming = function (conn, data) conn:write("echo " .. data) if data == "bye" then conn:close() end end,
				ondisconnect = function () disconnected = true end,
			})
			response.conn:write("")
			return ""
		end)`)
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	io.WriteString(c, "GET /upgrade HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly")
	r := bufio.NewReader(c)
	resp, err := http.ReadResponse(r, nil)
	if err != nil || resp.StatusCode != 101 || resp.Header.Get("Upgrade") != "echo" {
		t.Fatalf("%v %v", resp, err)
	}
	early := make([]byte, len("echo early"))
	if _, err := io.ReadFull(r, early); err != nil || string(early) != "echo early" {
		t.Fatalf("%q %v", early, err)
	}
	io.WriteString(c, "bye")
	if rest, err := io.ReadAll(r); err != nil || string(rest) != "echo bye" {
		t.Errorf("%q %v", rest, err)
	}
	w.until(t, "disconnected")
}

// A connection that arrives when the server has ended is closed.
func TestHTTPServerEnded(t *testing.T) {
	w := newWorld(luaTree)
	address := httpWorld(t, w, routes)
	w.lib.shutdown()
	if got := converse(t, address, ""); got != "" {
		t.Errorf("got %q", got)
	}
}

// A handler that does not end is ended, and its client told.
func TestHTTPServerBudget(t *testing.T) {
	address := httpWorld(t, newWorldOn(compat.Options{Budget: 20 * time.Millisecond, Stdout: io.Discard}, luaTree), `add("GET h/spins", function () while true do end end)`)
	if got := converse(t, address, "GET /spins HTTP/1.1\r\nHost: h\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 500 ") {
		t.Errorf("%q", got)
	}
}
