package lualib

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// open makes the tables of request and response, once.
func (x *exchange) open(L *lua.LState) {
	if x.request != nil {
		return
	}
	s := x.s
	x.request = s.requestTable(L, x)
	x.response = s.responseTable(L, x)
	x.conn.now = x
	x.conn.show().RawSetString(openResponse, x.response)
}

// responseTable: status_code, headers, and the methods, which modules may have replaced in the library.
func (s *httpServer) responseTable(L *lua.LState, x *exchange) *lua.LTable {
	t, headers := L.CreateTable(0, 16), L.CreateTable(0, 8)
	headers.RawSetString("date", lua.LString(time.Now().UTC().Format(http.TimeFormat)))
	persistent := !x.r.Close
	switch {
	case persistent:
		headers.RawSetString("connection", lua.LString("Keep-Alive"))
	case x.r.ProtoMinor == 1:
		headers.RawSetString("connection", lua.LString("close"))
	}
	t.RawSetString(hidden, &lua.LUserData{Value: x, Metatable: lua.LNil})
	t.RawSetString("request", x.request)
	t.RawSetString("is_head_request", lua.LBool(x.r.Method == http.MethodHead))
	t.RawSetString("status_code", lua.LNumber(200))
	t.RawSetString("headers", headers)
	t.RawSetString("persistent", lua.LBool(persistent))
	t.RawSetString("conn", x.conn.show())
	for field, name := range responseMethods {
		t.RawSetString(field, s.lib.RawGetString(name))
	}
	t.RawSetString("finish_cb", s.finish)
	return t
}

var responseMethods = map[string]string{
	"send": "send_response", "write_headers": "write_headers", "send_file": "send_file", "done": "finish_response",
}

// handle has the request handled and its result sent.
func (x *exchange) handle(L *lua.LState) int {
	if result, ok := x.fire(L); ok {
		x.answer(L, result)
	}
	return 0
}

// handleEarly is handle for a request whose body has not been read. That nobody answers is no answer yet.
func (x *exchange) handleEarly(L *lua.LState) int {
	x.result = lua.LTrue
	result, ok := x.fire(L)
	if !ok {
		return 0
	}
	if result == lua.LNil || result == lua.LTrue {
		x.result = result
		return 0
	}
	x.answer(L, result)
	return 0
}

var portAtEnd = regexp.MustCompile(`:\d+$`)

// fire asks the handlers of "METHOD /path", and then those of "METHOD host/path"; HEAD may be handled by who handles GET. ok is false if the
// request was answered because no host can be asked.
func (x *exchange) fire(L *lua.LState) (result lua.LValue, ok bool) {
	path, isPath := x.request.RawGetString("path").(lua.LString)
	if !isPath {
		x.errorPage(L, http.StatusBadRequest, "Invalid path")
		return nil, false
	}
	target, _, _ := strings.Cut(string(path), "?")
	if result = x.fireMethods(L, target); result != lua.LNil {
		return result, true
	}
	host := portAtEnd.ReplaceAllString(lua.LVAsString(L.GetField(x.request.RawGetString("headers"), "host")), "")
	if !x.s.hosts[host] {
		switch {
		case x.s.hosts[x.s.defaultHost]:
			host = x.s.defaultHost
		case host != "":
			x.errorPage(L, http.StatusNotFound, "Unknown host: "+host)
			return nil, false
		default:
			x.errorPage(L, http.StatusBadRequest, "Missing or invalid 'Host' header")
			return nil, false
		}
	}
	return x.fireMethods(L, host+target), true
}

func (x *exchange) fireMethods(L *lua.LState, target string) lua.LValue {
	payload := L.CreateTable(0, 2)
	payload.RawSetString("request", x.request)
	payload.RawSetString("response", x.response)
	method := lua.LVAsString(x.request.RawGetString("method"))
	result := x.s.events.run(L, lua.LString(method+" "+target), payload)
	if result == lua.LNil && x.r.Method == http.MethodHead {
		result = x.s.events.run(L, lua.LString("GET "+target), payload)
	}
	return result
}
