package lualib

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"maps"
	"net/http"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

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

// prepare reads the options: method, headers, body, sslctx, insecure, suppress_errors, streaming_handler, body_size_limit.
func (r *clientRequest) prepare(L *lua.LState, options lua.LValue) {
	option := func(name string) lua.LValue { return tableField(L, options, name) }
	r.method, r.limit, r.stream = http.MethodGet, defaultBodyLimit, option("streaming_handler")
	if body := option("body"); lua.LVAsBool(body) {
		r.method, r.body = http.MethodPost, compat.ToString(L, body)
		r.table.RawSetString("body", body)
	}
	if m := option("method"); lua.LVAsBool(m) {
		r.method = lua.LVAsString(m)
	}
	if n, ok := option("body_size_limit").(lua.LNumber); ok {
		r.limit = int64(min(n, maxHTTPBody)) // no string is longer
	}
	for _, name := range []string{"insecure", "suppress_errors", "streaming_handler"} {
		r.table.RawSetString(name, option(name))
	}
	headers := r.headers(L, option("headers"))
	r.table.RawSetString("method", lua.LString(r.method))
	r.table.RawSetString("headers", headers)
	r.setHeader(L, headers)
	config, err := r.c.tlsConfig(L, options, r.client.RawGetString("options"))
	if err != nil {
		L.RaiseError("sslctx of an HTTP request: %s", err.Error())
	}
	r.tls = config
}

// headers are those of every request, and more.
func (r *clientRequest) headers(L *lua.LState, more lua.LValue) *lua.LTable {
	t := L.NewTable()
	t.RawSetString("Host", lua.LString(r.hostHeader()))
	t.RawSetString("User-Agent", lua.LString(userAgent))
	if user, ok := r.table.RawGetString("userinfo").(lua.LString); ok {
		t.RawSetString("Authorization", lua.LString("Basic "+base64.StdEncoding.EncodeToString([]byte(user))))
	}
	if r.body != "" {
		t.RawSetString("Content-Type", lua.LString("application/x-www-form-urlencoded"))
	}
	if own, ok := more.(*lua.LTable); ok {
		for k, v := range fields(L, own) {
			t.RawSet(k, v)
		}
	}
	return t
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
