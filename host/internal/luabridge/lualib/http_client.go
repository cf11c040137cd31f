package lualib

import (
	"context"
	"net/http"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

const (
	clientConnectTimeout = 20 * time.Second
	clientAnswerTimeout  = 14 * time.Minute // as long as Prosody waits for something to read
	clientHeadLimit      = 256 << 10        // bytes of an answer's head
	userAgent            = "Quatrain XMPP server"
)

// httpClients is net.http.
type httpClients struct {
	l         *library
	alive     context.Context // of all requests; ends with the server
	transport *http.Transport // for everything that has no TLS settings of its own
	defaults  *lua.LTable     // the client behind the functions of the library
	parse     lua.LValue      // of socket.url
}

// openHTTP makes net.http: request(url, options, callback) and clients with options of their own (new).
func (l *library) openHTTP(L *lua.LState) lua.LValue {
	l.promiseClass()
	c := &httpClients{l: l, transport: newTransport(l.dialer(clientConnectTimeout), nil, true), parse: L.GetField(l.optionalLibrary(L, "socket.url"), "parse")}
	alive, end := context.WithCancel(context.Background())
	c.alive = alive
	l.atShutdown(func() {
		end()
		c.transport.CloseIdleConnections()
	})
	options := L.NewTable()
	options.RawSetString("suppress_errors", lua.LTrue)
	c.defaults = c.newClient(L, options)
	lib := l.table(map[string]lua.LGFunction{
		"request": func(L *lua.LState) int {
			L.Insert(c.defaults, 1)
			return c.request(L)
		},
		"new": func(L *lua.LState) int {
			L.Push(c.newClient(L, L.Get(1)))
			return 1
		},
		"destroy_request": destroyRequest,
	})
	lib.RawSetString("default", c.defaults)
	lib.RawSetString("events", c.defaults.RawGetString("events"))
	features := L.NewTable()
	features.RawSetString("sni", lua.LTrue)
	lib.RawSetString("features", features)
	if forms, ok := l.optionalLibrary(L, "util.http").(*lua.LTable); ok {
		for _, name := range []string{"formdecode", "formencode", "urldecode", "urlencode"} {
			lib.RawSetString(name, forms.RawGetString(name))
		}
	}
	return lib
}

// newClient: options or nil. new of a client that has options makes one with these and more.
func (c *httpClients) newClient(L *lua.LState, options lua.LValue) *lua.LTable {
	t := c.l.table(map[string]lua.LGFunction{
		"request": c.request,
		"new": func(L *lua.LState) int {
			all := L.NewTable()
			for _, more := range []lua.LValue{options, L.Get(1)} {
				if m, ok := more.(*lua.LTable); ok {
					for k, v := range fields(L, m) {
						all.RawSet(k, v)
					}
				}
			}
			L.Push(c.newClient(L, all))
			return 1
		},
	})
	t.RawSetString("options", options)
	t.RawSetString("events", c.l.eventsTable(newEvents()))
	return t
}

// request: client, URL, options, callback(body, code, response, request). Without a callback it is the promise of the response.
func (c *httpClients) request(L *lua.LState) int {
	client, url, options := L.CheckTable(1), L.CheckString(2), L.Get(3)
	if callback := L.Get(4); callback != lua.LNil {
		return c.start(L, client, url, options, callback)
	}
	p := c.l.newPromise()
	callback := L.NewFunction(func(L *lua.LState) int {
		body, code, response, request := L.Get(1), L.Get(2), L.Get(3), L.Get(4)
		if code == lua.LNumber(0) {
			context := L.NewTable()
			context.RawSetString("request", response)
			c.l.settle(p, rejected, call1(L, L.GetField(c.l.optionalLibrary(L, "net.http.errors"), "new"), code, body, context))
			return 0
		}
		L.SetField(response, "request", request)
		c.l.resolve(p, response)
		return 0
	})
	c.start(L, client, url, options, callback)
	return c.l.pushPromise(L, p)
}

// start makes the request's table, which has the parts of the URL, and sends the request. It gives the table.
func (c *httpClients) start(L *lua.LState, client *lua.LTable, url string, options, callback lua.LValue) int {
	t, ok := call1(L, c.parse, lua.LString(url)).(*lua.LTable)
	if !ok || t.RawGetString("host") == lua.LNil || c.scheme(t) == "" {
		L.Push(callback)
		L.Push(lua.LString("invalid-url"))
		L.Push(lua.LNumber(0))
		L.Call(2, 0)
		return pushFailure(L, "invalid-url")
	}
	c.complete(L, t, client, url, options)
	ev := c.event(L, client, t, "url", lua.LString(url), "options", options, "callback", callback)
	if instead := c.fire(L, client, "pre-request", ev); lua.LVAsBool(instead) {
		L.Push(instead)
		return 1
	}
	if t, ok = ev.RawGetString("request").(*lua.LTable); !ok {
		L.RaiseError("pre-request: the request is no table")
	}
	r := &clientRequest{c: c, client: client, table: t, url: ev.RawGetString("url"), callback: ev.RawGetString("callback")}
	r.prepare(L, ev.RawGetString("options"))
	r.send(L)
	c.fire(L, client, "request", c.event(L, client, t, "url", r.url))
	L.Push(t)
	return 1
}

// complete adds to the parts of an URL what else a request shows.
func (c *httpClients) complete(L *lua.LState, t, client *lua.LTable, url string, options lua.LValue) {
	t.RawSetString("url", lua.LString(url))
	t.RawSetString("http", client)
	t.RawSetString("time", lua.LNumber(time.Now().Unix()))
	if t.RawGetString("path") == lua.LNil {
		t.RawSetString("path", lua.LString("/"))
	}
	id := tableField(L, options, "id")
	if id == lua.LNil {
		id = lua.LString(randomID(6))
	}
	t.RawSetString("id", id)
}

// scheme is "http" or "https", else "".
func (c *httpClients) scheme(t *lua.LTable) string {
	switch s := strings.ToLower(lua.LVAsString(t.RawGetString("scheme"))); s {
	case "http", "https":
		return s
	}
	return ""
}

// event is the table that handlers of a client's events get.
func (c *httpClients) event(L *lua.LState, client, request *lua.LTable, more ...any) *lua.LTable {
	t := L.NewTable()
	t.RawSetString("http", client)
	t.RawSetString("request", request)
	for i := 0; i < len(more); i += 2 {
		t.RawSetString(more[i].(string), more[i+1].(lua.LValue))
	}
	return t
}

func (c *httpClients) fire(L *lua.LState, client *lua.LTable, name string, ev *lua.LTable) lua.LValue {
	return call1(L, L.GetField(client.RawGetString("events"), "fire_event"), lua.LString(name), ev)
}
