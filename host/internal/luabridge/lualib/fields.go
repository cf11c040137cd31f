package lualib

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// fields iterates over a table or a proxy as next does.
func fields(L *lua.LState, t *lua.LTable) func(yield func(k, v lua.LValue) bool) {
	next := t.Next
	if o, ok := compat.ObjectOf(t); ok {
		next = func(k lua.LValue) (lua.LValue, lua.LValue) { return o.Next(L, k) }
	}
	return func(yield func(k, v lua.LValue) bool) {
		for k, v := next(lua.LNil); k != nil && k != lua.LNil; k, v = next(k) {
			if !yield(k, v) {
				return
			}
		}
	}
}

// list iterates over a table's or proxy's values at 1, 2, 3 … as ipairs does.
func list(L *lua.LState, t *lua.LTable) func(yield func(i int, v lua.LValue) bool) {
	return func(yield func(i int, v lua.LValue) bool) {
		for i := 1; ; i++ {
			v := t.RawGetInt(i)
			if v == lua.LNil && t.Metatable != lua.LNil {
				v = L.GetTable(t, lua.LNumber(i))
			}
			if v == lua.LNil || !yield(i, v) {
				return
			}
		}
	}
}

// metatable is what Lua would see as a value's metatable, or nil.
func metatable(v lua.LValue) lua.LValue {
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil
	}
	if o, ok := compat.ObjectOf(t); ok {
		return o.Metatable()
	}
	return t.Metatable
}

// optionalLibrary is what require gives, or nil.
func (l *library) optionalLibrary(L *lua.LState, name string) lua.LValue {
	results, err := l.in.PCall(L, l.in.Globals().RawGetString("require"), 1, lua.LString(name))
	if err != nil {
		return lua.LNil
	}
	return results[0]
}
