package compat

import (
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// proxyMeta is the metatable of all proxies of all interpreters. It is never changed and never shown to Lua.
var (
	proxyMeta = &lua.LTable{Metatable: lua.LNil}
	_         = fillProxyMeta()
)

func fillProxyMeta() bool {
	set := func(event string, fn lua.LGFunction) {
		proxyMeta.RawSetString(event, &lua.LFunction{IsG: true, GFunction: fn, Env: &lua.LTable{Metatable: lua.LNil}})
	}
	set("__index", proxyIndex)
	set("__newindex", proxyNewIndex)
	set("__len", proxyLen)
	set("__call", proxyCall)
	set("__eq", proxyEq)
	set("__lt", func(L *lua.LState) int { return proxyCompare(L, "__lt") })
	set("__le", func(L *lua.LState) int { return proxyCompare(L, "__le") })
	set("__concat", func(L *lua.LState) int { return proxyBinary(L, "__concat", "concatenate") })
	for _, event := range []string{"__add", "__sub", "__mul", "__div", "__mod", "__pow", "__unm"} {
		set(event, func(L *lua.LState) int { return proxyBinary(L, event, "perform arithmetic on") })
	}
	return true
}

func proxyIndex(L *lua.LState) int {
	tb := L.Get(1).(*lua.LTable)
	p := (*proxy)(unsafe.Pointer(tb))
	key := L.Get(2)
	var v lua.LValue
	if s, ok := key.(lua.LString); ok && p.strings != nil {
		v = p.strings.IndexString(L, string(s))
	} else {
		v = p.obj.Index(L, key)
	}
	if v == nil || v == lua.LNil {
		v = inherited(L, tb, p.obj, key)
	}
	L.Push(v)
	return 1
}

// inherited is what o's metatable says about a field that o has not.
func inherited(L *lua.LState, tb *lua.LTable, o Object, key lua.LValue) lua.LValue {
	mt, ok := o.Metatable().(*lua.LTable)
	if !ok {
		return lua.LNil
	}
	switch h := mt.RawGetString("__index").(type) {
	case *lua.LNilType:
		return lua.LNil
	case *lua.LFunction:
		return call1(L, h, tb, key)
	case *lua.LTable:
		if s, ok := key.(lua.LString); ok {
			if v := h.RawGetString(string(s)); v != lua.LNil {
				return v
			}
		}
		return L.GetTable(h, key)
	default:
		return L.GetTable(h, key)
	}
}

func proxyNewIndex(L *lua.LState) int {
	tb := L.Get(1).(*lua.LTable)
	setObject(L, tb, objectOf(tb), L.Get(2), L.Get(3))
	return 0
}

// setObject is o[key] = value with metamethods.
func setObject(L *lua.LState, tb *lua.LTable, o Object, key, value lua.LValue) {
	if mt, ok := o.Metatable().(*lua.LTable); ok {
		if h := mt.RawGetString("__newindex"); h != lua.LNil {
			if old := o.Index(L, key); old == nil || old == lua.LNil {
				if fn, ok := h.(*lua.LFunction); ok {
					L.Push(fn)
					L.Push(tb)
					L.Push(key)
					L.Push(value)
					L.Call(3, 0)
				} else {
					L.SetTable(h, key, value)
				}
				return
			}
		}
	}
	o.NewIndex(L, key, value)
}

func proxyLen(L *lua.LState) int {
	tb := L.Get(1).(*lua.LTable)
	o := objectOf(tb)
	if mt, ok := o.Metatable().(*lua.LTable); ok {
		if h := mt.RawGetString("__len"); h != lua.LNil {
			L.Push(call1(L, h, tb))
			return 1
		}
	}
	L.Push(integer(objectLen(L, o)))
	return 1
}

func proxyCall(L *lua.LState) int {
	h := metamethod(L, L.Get(1), "__call")
	if h == lua.LNil {
		raisef(L, "attempt to call a table value")
	}
	n := L.GetTop()
	L.Insert(h, 1)
	L.Call(n, lua.MultRet)
	return L.GetTop()
}

func proxyEq(L *lua.LState) int {
	a, b := L.Get(1), L.Get(2)
	h := metamethod(L, a, "__eq")
	if h == lua.LNil || h != metamethod(L, b, "__eq") {
		L.Push(lua.LFalse)
		return 1
	}
	L.Push(lua.LBool(lua.LVAsBool(call1(L, h, a, b))))
	return 1
}

func proxyCompare(L *lua.LState, event string) int {
	a, b := L.Get(1), L.Get(2)
	h := metamethod(L, a, event)
	swapped := event == "__le" && h == lua.LNil
	if swapped {
		h = metamethod(L, a, "__lt")
		a, b = b, a
	}
	if h == lua.LNil {
		raisef(L, "attempt to compare two table values")
	}
	L.Push(lua.LBool(lua.LVAsBool(call1(L, h, a, b)) != swapped))
	return 1
}

func proxyBinary(L *lua.LState, event, what string) int {
	a, b := L.Get(1), L.Get(2)
	h := metamethod(L, a, event)
	if h == lua.LNil {
		h = metamethod(L, b, event)
	}
	if h == lua.LNil {
		if _, ok := ObjectOf(a); !ok {
			a = b
		}
		raisef(L, "attempt to %s a %s value", what, a.Type())
	}
	L.Push(call1(L, h, a, b))
	return 1
}

// call1 calls fn, which may be anything callable, for one result.
func call1(L *lua.LState, fn lua.LValue, args ...lua.LValue) lua.LValue {
	L.Push(fn)
	for _, a := range args {
		L.Push(a)
	}
	L.Call(len(args), 1)
	v := L.Get(-1)
	L.Pop(1)
	return v
}
