package lualib

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// Promises have JavaScript's semantics (ECMA-262 §27.2): the function given to new runs at once, callbacks in a later tick.
const (
	pending   = "pending"
	fulfilled = "fulfilled"
	rejected  = "rejected"
)

// promise is the Go side of a promise; its table shows the state as fields _state, value and reason.
type promise struct {
	table     *lua.LTable
	state     string
	resolved  bool       // its fate is sealed, though perhaps by another promise that is pending
	value     lua.LValue // or the reason of the rejection
	reactions []reaction
}

// reaction is what waits for a promise. It runs in a tick of its own.
type reaction func(L *lua.LState, state string, value lua.LValue)

// newPromise makes a pending promise.
func (l *library) newPromise() *promise {
	p := &promise{state: pending, value: lua.LNil}
	p.table = l.object(l.promise.class, p)
	p.table.RawSetString("_state", lua.LString(pending))
	return p
}

// isPromise is the promise behind v, or nil.
func (l *library) promiseOf(v lua.LValue) *promise {
	t, ok := v.(*lua.LTable)
	if !ok || t.Metatable != l.promise.class {
		return nil
	}
	p, _ := valueOf[*promise](t)
	return p
}

// resolve settles p with v, or lets it follow v if that is a promise.
func (l *library) resolve(p *promise, v lua.LValue) {
	other := l.promiseOf(v)
	switch {
	case other == nil:
		l.settle(p, fulfilled, v)
	case other == p:
		l.settle(p, rejected, lua.LString("promise resolved with itself"))
	default:
		l.react(other, func(_ *lua.LState, state string, value lua.LValue) { l.settle(p, state, value) })
	}
}

func (l *library) settle(p *promise, state string, v lua.LValue) {
	if p.state != pending {
		return
	}
	p.state, p.value, p.resolved = state, v, true
	p.table.RawSetString("_state", lua.LString(state))
	if state == fulfilled {
		p.table.RawSetString("value", v)
	} else {
		p.table.RawSetString("reason", v)
	}
	for _, r := range p.reactions {
		l.later(func(L *lua.LState) { r(L, p.state, p.value) })
	}
	p.reactions = nil
}

// react calls r once p is settled.
func (l *library) react(p *promise, r reaction) {
	if p.state == pending {
		p.reactions = append(p.reactions, r)
		return
	}
	l.later(func(L *lua.LState) { r(L, p.state, p.value) })
}

// then is the promise of what the callbacks make of p; a callback that is nil or false hands on what it gets.
func (l *library) then(p *promise, onFulfilled, onRejected lua.LValue) *promise {
	result := l.newPromise()
	l.react(p, func(L *lua.LState, state string, value lua.LValue) {
		callback := onFulfilled
		if state == rejected {
			callback = onRejected
		}
		if !lua.LVAsBool(callback) {
			l.settle(result, state, value)
			return
		}
		l.fulfil(L, result, callback, value)
	})
	return result
}

// fulfil resolves p with what a function returns, or rejects it with the error.
func (l *library) fulfil(L *lua.LState, p *promise, fn lua.LValue, args ...lua.LValue) {
	results, err := l.in.PCall(L, fn, 1, args...)
	if err != nil {
		l.settle(p, rejected, errorValue(err))
		return
	}
	l.resolve(p, results[0])
}

// construct runs the function given to new, which gets the functions that settle the promise.
func (l *library) construct(L *lua.LState, p *promise, fn lua.LValue) {
	_, err := l.in.PCall(L, fn, 0, l.settler(L, p, l.resolve), l.settler(L, p, func(p *promise, v lua.LValue) { l.settle(p, rejected, v) }))
	if err != nil && !p.resolved {
		l.settle(p, rejected, errorValue(err))
	}
}

// settler is a function for Lua that decides p's fate once.
func (l *library) settler(L *lua.LState, p *promise, decide func(*promise, lua.LValue)) lua.LValue {
	return L.NewFunction(func(L *lua.LState) int {
		if !p.resolved {
			p.resolved = true
			decide(p, L.Get(1))
		}
		return 0
	})
}

func promiseString(L *lua.LState) int {
	return pushString(L, fmt.Sprintf("promise (%s)", self[*promise](L, "promise").state))
}
