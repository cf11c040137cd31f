package compat

import lua "github.com/yuin/gopher-lua"

func baseRawEqual(L *lua.LState) int {
	L.Push(lua.LBool(L.RawEqual(checkAny(L, 1), checkAny(L, 2))))
	return 1
}

func baseRawLen(L *lua.LState) int {
	switch v := L.Get(1).(type) {
	case *lua.LTable:
		L.Push(integer(rawLen(L, v)))
	case lua.LString:
		L.Push(integer(len(v)))
	default:
		argError(L, 1, "table or string expected")
	}
	return 1
}

func baseRawGet(L *lua.LState) int {
	tb := checkTable(L, 1)
	L.Push(RawGet(L, tb, checkAny(L, 2)))
	return 1
}

// RawGet is rawget for plain tables and proxies.
func RawGet(L *lua.LState, tb *lua.LTable, key lua.LValue) lua.LValue {
	o := objectOf(tb)
	if o == nil {
		return tb.RawGet(key)
	}
	if v := o.Index(L, key); v != nil {
		return v
	}
	return lua.LNil
}

func baseRawSet(L *lua.LState) int {
	tb := checkTable(L, 1)
	RawSet(L, tb, checkAny(L, 2), checkAny(L, 3))
	L.Push(tb)
	return 1
}

// RawSet is rawset for plain tables and proxies; a value of LNil forgets the key.
func RawSet(L *lua.LState, tb *lua.LTable, key, value lua.LValue) {
	switch o := objectOf(tb); {
	case o != nil:
		o.NewIndex(L, key, value)
	case value == lua.LNil:
		removeKey(L, tb, key)
	default:
		if key == lua.LNil {
			raisef(L, "table index is nil")
		}
		if n, ok := key.(lua.LNumber); ok && n != n {
			raisef(L, "table index is NaN")
		}
		tb.RawSet(key, value)
	}
}

func baseGetMetatable(L *lua.LState) int {
	mt := metatableOf(L, checkAny(L, 1))
	if mt == nil {
		L.Push(lua.LNil)
		return 1
	}
	if v := mt.RawGetString("__metatable"); v != lua.LNil {
		L.Push(v)
	} else {
		L.Push(mt)
	}
	return 1
}

// MetatableSetter is an Object that lets setmetatable replace its metatable.
type MetatableSetter interface {
	SetMetatable(L *lua.LState, mt lua.LValue)
}

func baseSetMetatable(L *lua.LState) int {
	tb := checkTable(L, 1)
	mt := L.Get(2)
	if _, ok := mt.(*lua.LTable); !ok && (mt != lua.LNil || isNone(L, 2)) {
		argError(L, 2, "nil or table expected")
	}
	if metamethod(L, tb, "__metatable") != lua.LNil {
		raisef(L, "cannot change a protected metatable")
	}
	setMetatable(L, tb, mt)
	L.Push(tb)
	return 1
}

func setMetatable(L *lua.LState, tb *lua.LTable, mt lua.LValue) {
	o := objectOf(tb)
	if o == nil {
		tb.Metatable = mt
		return
	}
	if s, ok := o.(MetatableSetter); ok {
		s.SetMetatable(L, mt)
		return
	}
	if current := o.Metatable(); current != mt && !(isNil(current) && mt == lua.LNil) {
		raisef(L, "cannot change the metatable of a %s", o.TypeName())
	}
}
