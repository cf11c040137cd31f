package compat

import lua "github.com/yuin/gopher-lua"

func basePCall(L *lua.LState) int {
	checkAny(L, 1)
	return protectedCall(L, nil, 1)
}

func baseXPCall(L *lua.LState) int {
	handler := checkFunction(L, 2)
	fn := L.Get(1)
	L.Remove(1)
	L.Replace(1, fn)
	return protectedCall(L, handler, 1)
}

// protectedCall calls the function at index i with the arguments after it.
func protectedCall(L *lua.LState, handler lua.LValue, i int) int {
	it := Of(L)
	if fn := L.Get(i); fn.Type() != lua.LTFunction && metamethod(L, fn, "__call") == lua.LNil && handler == nil {
		L.Push(lua.LFalse)
		L.Push(lua.LString("attempt to call a " + fn.Type().String() + " value"))
		return 2
	}
	t := it.sub(L)
	t.handler = handler
	n := L.GetTop()
	for ; i <= n; i++ {
		t.L.Push(L.Get(i))
	}
	fail := t.protect(t.L.GetTop()-1, lua.MultRet)
	if fail != nil {
		line := t.line
		it.endSub(t)
		if it.budget.done != nil || line.killed() {
			reraise(L, fail)
		}
		L.Push(lua.LFalse)
		L.Push(fail.Value)
		return 2
	}
	L.Push(lua.LTrue)
	results := t.L.GetTop()
	for i := 1; i <= results; i++ {
		L.Push(t.L.Get(i))
	}
	it.endSub(t)
	return 1 + results
}

// runHandler calls the handler of xpcall on top of the functions that failed.
func (t *Thread) runHandler(L *lua.LState, value lua.LValue) lua.LValue {
	if t.it.depth >= maxNesting {
		return lua.LString("error in error handling")
	}
	sub := t.it.sub(L)
	defer t.it.endSub(sub)
	sub.callerLevel = 1
	sub.L.Push(t.handler)
	sub.L.Push(value)
	if fail := sub.protect(1, 1); fail != nil {
		return fail.Value
	}
	return sub.L.Get(1)
}
