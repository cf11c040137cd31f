package lualib

import (
	"net/http"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// answer sends what a handler returned: a body, a status, a table of the response's fields, an error, a promise of one of these. true means that the
// handler will answer.
func (x *exchange) answer(L *lua.LState, result lua.LValue) {
	switch v := result.(type) {
	case *lua.LNilType:
		x.answer(L, lua.LNumber(http.StatusNotFound))
	case lua.LBool:
		if !v {
			x.answer(L, lua.LNumber(http.StatusInternalServerError))
		}
	case lua.LNumber:
		x.answerStatus(L, v)
	case lua.LString:
		x.send(L, v)
	case *lua.LTable:
		x.answerTable(L, v)
	default:
		x.send(L, lua.LNil)
	}
}

func (x *exchange) send(L *lua.LState, body lua.LValue) {
	call1(L, x.response.RawGetString("send"), x.response, body)
}

func (x *exchange) answerStatus(L *lua.LState, code lua.LNumber) {
	x.response.RawSetString("status_code", code)
	body := lua.LValue(lua.LNil)
	if code >= 400 {
		body = x.page(L, "code", code)
	}
	x.send(L, body)
}

// page is what the handlers of "http-error" make of an error.
func (x *exchange) page(L *lua.LState, fields ...any) lua.LValue {
	t := L.CreateTable(0, 5)
	t.RawSetString("request", x.request)
	t.RawSetString("response", x.response)
	for i := 0; i < len(fields); i += 2 {
		t.RawSetString(fields[i].(string), fields[i+1].(lua.LValue))
	}
	return x.s.events.run(L, lua.LString("http-error"), t)
}

func (x *exchange) errorPage(L *lua.LState, code int, message string) {
	x.response.RawSetString("status_code", lua.LNumber(code))
	x.send(L, x.page(L, "code", lua.LNumber(code), "message", lua.LString(message)))
}

func (x *exchange) answerTable(L *lua.LState, t *lua.LTable) {
	if p := x.s.l.promiseOf(t); p != nil {
		x.s.l.react(p, func(L *lua.LState, state string, value lua.LValue) { x.answerLater(L, state, value) })
		return
	}
	if x.s.isError(L, t) {
		code, ok := L.GetField(t, "code").(lua.LNumber)
		if !ok {
			code = http.StatusInternalServerError
		}
		x.response.RawSetString("status_code", code)
		x.send(L, x.page(L, "code", code, "error", t))
		return
	}
	if x.answerThenable(L, t) {
		return
	}
	for k, v := range fields(L, t) {
		if k == lua.LString(hidden) {
			continue
		}
		headers, isTable := v.(*lua.LTable)
		if k != lua.LString("headers") || !isTable {
			L.SetTable(x.response, k, v)
			continue
		}
		for name, value := range fields(L, headers) {
			L.SetTable(x.response.RawGetString("headers"), name, value)
		}
	}
	x.send(L, lua.LNil)
}

// answerThenable waits for a promise that is not of this interpreter, but of a plugin in another process.
func (x *exchange) answerThenable(L *lua.LState, t *lua.LTable) bool {
	if _, foreign := compat.ObjectOf(t); !foreign {
		return false
	}
	then, ok := L.GetField(t, "next").(*lua.LFunction)
	if !ok {
		return false
	}
	settle := func(state string) lua.LValue {
		return L.NewFunction(func(L *lua.LState) int {
			x.answerLater(L, state, L.Get(1))
			return 0
		})
	}
	call1(L, then, t, settle(fulfilled), settle(rejected))
	return true
}

// answerLater answers with what became of a promise. It runs in a tick, whose errors are nobody's.
func (x *exchange) answerLater(L *lua.LState, state string, value lua.LValue) {
	f := L.NewFunction(func(L *lua.LState) int {
		if state == rejected {
			x.answerRejected(L, value)
		} else {
			x.answer(L, value)
		}
		return 0
	})
	if _, err := x.s.l.in.PCall(L, f, 0); err != nil {
		x.s.l.logError("HTTP request failed", err)
		x.fail(L, errorValue(err))
	}
}

// answerRejected: a text is what went wrong inside, and not for the client.
func (x *exchange) answerRejected(L *lua.LState, why lua.LValue) {
	x.response.RawSetString("status_code", lua.LNumber(http.StatusInternalServerError))
	if text, ok := why.(lua.LString); ok {
		x.s.l.log.Error("HTTP request failed", "err", string(text))
		x.send(L, x.page(L, "code", lua.LNumber(http.StatusInternalServerError), "private_message", text))
		return
	}
	if !lua.LVAsBool(why) {
		why = lua.LNumber(http.StatusInternalServerError)
	}
	x.answer(L, why)
}

// fail answers 500 and ends the connection, because of an error of a handler.
func (x *exchange) fail(L *lua.LState, why lua.LValue) {
	if x.answered || x.response == nil || lua.LVAsBool(x.response.RawGetString("finished")) {
		if x.conn.raw {
			x.conn.face.close(L)
		}
		x.out.add(nil, operation{kind: endAndClose})
		return
	}
	x.response.RawSetString("persistent", lua.LFalse)
	x.response.RawSetString("status_code", lua.LNumber(http.StatusInternalServerError))
	headers := L.NewTable()
	headers.RawSetString("connection", lua.LString("close"))
	x.response.RawSetString("headers", headers)
	x.send(L, x.page(L, "code", lua.LNumber(http.StatusInternalServerError), "private_message", why))
}

// isError is whether a table is an object of util.error, or one that came from another process.
func (s *httpServer) isError(L *lua.LState, t *lua.LTable) bool {
	if _, foreign := compat.ObjectOf(t); foreign {
		return L.GetField(t, "condition").Type() == lua.LTString && L.GetField(t, "type").Type() == lua.LTString
	}
	if t.Metatable == lua.LNil {
		return false
	}
	return lua.LVAsBool(call1(L, L.GetField(s.l.optionalLibrary(L, "util.error"), "is_error"), t))
}
