package compat

import (
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// openCoroutine makes the coroutine library: Lua 5.1 §5.2 with isyieldable and close (Lua 5.4 §6.2).
func (it *Interp) openCoroutine() {
	it.lib.main = newToken(nil)
	it.register("coroutine", map[string]lua.LGFunction{
		"create":      coCreate,
		"resume":      coResume,
		"yield":       coYield,
		"wrap":        coWrap,
		"status":      coStatus,
		"running":     coRunning,
		"isyieldable": coIsYieldable,
		"close":       coClose,
	})
}

func coCreate(L *lua.LState) int {
	checkFunction(L, 1)
	L.Push(&Of(L).newCoroutine(L.Get(1)).LState)
	return 1
}

func checkCoroutine(L *lua.LState, n int) (*coroutine, *token) {
	v := L.Get(n)
	co, ok := coroutineOf(v)
	if !ok {
		typeError(L, n, "coroutine")
	}
	if co == nil {
		return nil, nil
	}
	return co, (*token)(unsafe.Pointer(v.(*lua.LState)))
}

func coResume(L *lua.LState) int {
	co, tok := checkCoroutine(L, 1)
	if co == nil {
		L.Push(lua.LFalse)
		L.Push(lua.LString("cannot resume non-suspended coroutine"))
		return 2
	}
	if fail := co.resume(L, tok, 2); fail != nil {
		L.Push(lua.LFalse)
		L.Push(fail.Value)
		return 2
	}
	L.Push(lua.LTrue)
	return 1 + co.deliver(L)
}

// deliver pushes what the coroutine handed over.
func (co *coroutine) deliver(L *lua.LState) int {
	n := len(co.values)
	for _, v := range co.values {
		L.Push(v)
	}
	clear(co.values)
	co.values = co.values[:0]
	return n
}

func coYield(L *lua.LState) int {
	co := threadOf(L).line.co
	if co == nil {
		raisef(L, "attempt to yield from outside a coroutine")
	}
	co.suspend(L)
	return L.GetTop()
}

func coWrap(L *lua.LState) int {
	checkFunction(L, 1)
	tok := Of(L).newCoroutine(L.Get(1))
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if fail := tok.co.resume(L, tok, 1); fail != nil {
			rethrow(L, tok.co, fail)
		}
		return tok.co.deliver(L)
	}))
	return 1
}

// rethrow raises in the caller what ended a wrapped coroutine, with the caller's position in front.
func rethrow(L *lua.LState, co *coroutine, fail *Error) {
	if s, ok := fail.Value.(lua.LString); ok {
		fail.Value = lua.LString(where(L, 1)) + s
	}
	reraise(L, fail)
}

func coStatus(L *lua.LState) int {
	co, _ := checkCoroutine(L, 1)
	switch {
	case co != nil:
		L.Push(lua.LString(co.status))
	case threadOf(L).line.co == nil:
		L.Push(lua.LString(running))
	default:
		L.Push(lua.LString(normal))
	}
	return 1
}

func coRunning(L *lua.LState) int {
	t := threadOf(L)
	if t.line.co == nil {
		L.Push(&t.it.lib.main.LState)
		L.Push(lua.LTrue)
		return 2
	}
	L.Push(&t.line.co.token.Value().LState)
	L.Push(lua.LFalse)
	return 2
}

func coIsYieldable(L *lua.LState) int {
	L.Push(lua.LBool(threadOf(L).line.co != nil))
	return 1
}

func coClose(L *lua.LState) int {
	co, _ := checkCoroutine(L, 1)
	if co == nil || co.status != suspended && co.status != dead {
		status := running
		if co != nil {
			status = co.status
		}
		raisef(L, "cannot close a %s coroutine", status)
	}
	fail := co.fail
	co.fail = nil
	if co.status == suspended {
		co.line.chain = threadOf(L).line.chain
		co.close()
	} else if fail != nil {
		L.Push(lua.LFalse)
		L.Push(fail.Value)
		return 2
	}
	L.Push(lua.LTrue)
	return 1
}
