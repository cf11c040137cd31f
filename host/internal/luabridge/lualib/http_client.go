package lualib

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

const (
	clientConnectTimeout = 20 * time.Second
	clientAnswerTimeout  = 14 * time.Minute // as long as Prosody waits for something to read
	userAgent            = "Quatrain XMPP server"
)

// httpClients is net.http.
type httpClients struct {
	l         *library
	transport *http.Transport // for everything that has no TLS settings of its own
	defaults  *lua.LTable     // the client behind the functions of the library
	parse     lua.LValue      // of socket.url
}

// openHTTP makes net.http: request(url, options, callback) and clients with options of their own (new).
func (l *library) openHTTP(L *lua.LState) lua.LValue {
	l.promiseClass()
	c := &httpClients{l: l, transport: l.newTransport(nil, true), parse: L.GetField(l.optionalLibrary(L, "socket.url"), "parse")}
	l.atShutdown(c.transport.CloseIdleConnections)
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
		if ok {
			L.Push(t)
		} else {
			L.Push(lua.LNil)
		}
		L.Call(3, 0)
		return pushFailure(L, "invalid-url")
	}
	t.RawSetString("url", lua.LString(url))
	t.RawSetString("http", client)
	t.RawSetString("time", lua.LNumber(time.Now().Unix()))
	if t.RawGetString("path") == lua.LNil {
		t.RawSetString("path", lua.LString("/"))
	}
	t.RawSetString("id", lua.LString(randomID(6)))
	if o, isTable := options.(*lua.LTable); isTable && L.GetField(o, "id") != lua.LNil {
		t.RawSetString("id", L.GetField(o, "id"))
	}
	ev := c.event(L, client, t, "url", lua.LString(url), "options", options, "callback", callback)
	if instead := c.fire(L, client, "pre-request", ev); lua.LVAsBool(instead) {
		L.Push(instead)
		return 1
	}
	t, ok = ev.RawGetString("request").(*lua.LTable)
	if !ok {
		L.RaiseError("pre-request: the request is no table")
	}
	r := &clientRequest{c: c, client: client, table: t, url: ev.RawGetString("url"), callback: ev.RawGetString("callback")}
	r.prepare(L, ev.RawGetString("options"))
	r.send(L)
	c.fire(L, client, "request", c.event(L, client, t, "url", r.url))
	L.Push(t)
	return 1
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

// clientRequest is a request on its way. Its fields are set before it is sent, and touched under the interpreter's lock.
type clientRequest struct {
	c        *httpClients
	client   *lua.LTable
	table    *lua.LTable
	url      lua.LValue
	callback lua.LValue // nil when it was called
	stream   lua.LValue // streaming_handler

	method string
	header http.Header
	host   string
	body   string
	tls    *tls.Config // nil for the usual
	limit  int64       // bytes of the answer's body
	cancel context.CancelFunc
}

// prepare reads the options: method, headers, body, sslctx, insecure, suppress_errors, streaming_handler.
func (r *clientRequest) prepare(L *lua.LState, options lua.LValue) {
	t := r.table
	o, ok := options.(*lua.LTable)
	if !ok {
		o = L.NewTable()
	}
	r.method, r.limit, r.stream = http.MethodGet, defaultBodyLimit, L.GetField(o, "streaming_handler")
	headers := L.NewTable()
	headers.RawSetString("Host", lua.LString(r.hostHeader()))
	headers.RawSetString("User-Agent", lua.LString(userAgent))
	if user, ok := t.RawGetString("userinfo").(lua.LString); ok {
		headers.RawSetString("Authorization", lua.LString("Basic "+base64.StdEncoding.EncodeToString([]byte(user))))
	}
	if body := L.GetField(o, "body"); lua.LVAsBool(body) {
		r.method, r.body = http.MethodPost, compat.ToString(L, body)
		headers.RawSetString("Content-Type", lua.LString("application/x-www-form-urlencoded"))
		t.RawSetString("body", body)
	}
	if m := L.GetField(o, "method"); lua.LVAsBool(m) {
		r.method = lua.LVAsString(m)
	}
	if more, ok := L.GetField(o, "headers").(*lua.LTable); ok {
		for k, v := range fields(L, more) {
			headers.RawSet(k, v)
		}
	}
	if n, ok := L.GetField(o, "body_size_limit").(lua.LNumber); ok {
		r.limit = int64(n)
	}
	for _, name := range []string{"insecure", "suppress_errors", "streaming_handler"} {
		t.RawSetString(name, L.GetField(o, name))
	}
	t.RawSetString("method", lua.LString(r.method))
	t.RawSetString("headers", headers)
	r.setHeader(L, headers)
	config, err := r.c.tlsConfig(L, o, r.client.RawGetString("options"))
	if err != nil {
		L.RaiseError("sslctx of an HTTP request: %s", err.Error())
	}
	r.tls = config
}

func (r *clientRequest) hostHeader() string {
	host, port := lua.LVAsString(r.table.RawGetString("host")), lua.LVAsString(r.table.RawGetString("port"))
	usual := map[string]string{"http": "80", "https": "443"}[r.c.scheme(r.table)]
	if port == "" || port == usual {
		return host
	}
	return host + ":" + port
}

func (r *clientRequest) setHeader(L *lua.LState, headers *lua.LTable) {
	r.header, r.host = http.Header{}, r.hostHeader()
	for k, v := range fields(L, headers) {
		name, value := lua.LVAsString(k), compat.ToString(L, v)
		switch strings.ToLower(name) {
		case "host":
			r.host = value
		case "content-length", "transfer-encoding": // net/http's own
		default:
			r.header[http.CanonicalHeaderKey(name)] = []string{value}
		}
	}
}

// destroyRequest: request. Its callback is not called any more.
func destroyRequest(L *lua.LState) int {
	if r, ok := valueOf[*clientRequest](L.Get(1)); ok {
		r.callback = lua.LNil
		r.cancel()
	}
	return 0
}

// cancelRequest is request:cancel(reason).
func cancelRequest(L *lua.LState) int {
	r := self[*clientRequest](L, "request")
	reason := L.OptString(2, "cancelled")
	r.cancel()
	r.finish(L, lua.LString(reason), 0, r.table)
	return 0
}

// finish calls the callback, once. Handlers of "response" may change what it gets.
func (r *clientRequest) finish(L *lua.LState, body lua.LValue, code int, response *lua.LTable) {
	callback := r.callback
	if callback == lua.LNil {
		return
	}
	r.callback = lua.LNil
	ev := r.c.event(L, r.client, r.table, "url", r.url, "response", response, "content", body, "code", lua.LNumber(code), "callback", callback)
	r.c.fire(L, r.client, "response", ev)
	L.Push(callback)
	for _, name := range []string{"content", "code", "response"} {
		L.Push(ev.RawGetString(name))
	}
	L.Push(r.table)
	L.Call(4, 0)
}

// answerTable: code, httpversion, headers (lower case), body.
func answerTable(L *lua.LState, resp *http.Response) *lua.LTable {
	t, headers := L.NewTable(), L.NewTable()
	for name := range maps.Keys(resp.Header) {
		headers.RawSetString(strings.ToLower(name), lua.LString(strings.Join(resp.Header[name], ",")))
	}
	version := lua.LString(strings.TrimPrefix(resp.Proto, "HTTP/"))
	t.RawSetString("code", lua.LNumber(resp.StatusCode))
	t.RawSetString("headers", headers)
	t.RawSetString("responseheaders", headers)
	t.RawSetString("httpversion", version)
	t.RawSetString("responseversion", version)
	t.RawSetString("body", lua.LFalse)
	t.RawSetString("partial", lua.LTrue)
	if resp.ContentLength >= 0 {
		t.RawSetString("body_length", lua.LNumber(resp.ContentLength))
	}
	t.RawSetString("chunked", lua.LBool(len(resp.TransferEncoding) > 0))
	return t
}
