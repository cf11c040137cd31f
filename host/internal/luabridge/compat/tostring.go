package compat

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// ToString is Lua's tostring, with __tostring (and __name, as Lua 5.3). It may call Lua.
func ToString(L *lua.LState, v lua.LValue) string {
	switch v := v.(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return formatNumber(float64(v))
	case *lua.LTable, *lua.LUserData:
		if mt := metatableOf(L, v); mt != nil {
			return objectString(L, v, mt)
		}
	}
	return toStringNoCall(v)
}

func objectString(L *lua.LState, v lua.LValue, mt *lua.LTable) string {
	if h := mt.RawGetString("__tostring"); h != lua.LNil {
		switch s := call1(L, h, v).(type) {
		case lua.LString:
			return string(s)
		case lua.LNumber:
			return formatNumber(float64(s))
		default:
			raisef(L, "'__tostring' must return a string")
		}
	}
	if name, ok := mt.RawGetString("__name").(lua.LString); ok {
		return fmt.Sprintf("%s: %p", name, v)
	}
	return toStringNoCall(v)
}

// toStringNoCall is tostring without metamethods.
func toStringNoCall(v lua.LValue) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case lua.LNumber:
		return formatNumber(float64(v))
	case *lua.LFunction:
		if v.IsG {
			return fmt.Sprintf("function: builtin: %p", v)
		}
	}
	return v.String()
}
