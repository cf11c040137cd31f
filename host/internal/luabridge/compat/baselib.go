package compat

import (
	"io"

	lua "github.com/yuin/gopher-lua"
)

// openBase makes the global functions: Lua 5.1 §5.1 with rawlen, and load as in Lua 5.2-5.4.
func (it *Interp) openBase() {
	g := it.Globals()
	for name, fn := range map[string]lua.LGFunction{
		"assert":         baseAssert,
		"collectgarbage": baseCollectGarbage,
		"dofile":         baseDoFile,
		"error":          baseError,
		"getfenv":        baseGetFEnv,
		"getmetatable":   baseGetMetatable,
		"ipairs":         baseIPairs,
		"load":           baseLoad,
		"loadfile":       baseLoadFile,
		"loadstring":     baseLoad,
		"next":           baseNext,
		"pairs":          basePairs,
		"pcall":          basePCall,
		"print":          basePrint,
		"rawequal":       baseRawEqual,
		"rawget":         baseRawGet,
		"rawlen":         baseRawLen,
		"rawset":         baseRawSet,
		"select":         baseSelect,
		"setfenv":        baseSetFEnv,
		"setmetatable":   baseSetMetatable,
		"tonumber":       baseToNumber,
		"tostring":       baseToString,
		"type":           baseType,
		"unpack":         tableUnpack,
		"xpcall":         baseXPCall,
	} {
		g.RawSetString(name, it.base.NewFunction(fn))
	}
	it.lib.next = g.RawGetString("next")
	it.lib.inext = it.base.NewFunction(ipairsNext)
	g.RawSetString("_G", g)
	g.RawSetString("_VERSION", lua.LString("Lua 5.1"))
}

func baseAssert(L *lua.LState) int {
	if lua.LVAsBool(checkAny(L, 1)) {
		return L.GetTop()
	}
	if isNone(L, 2) {
		L.Error(lua.LString("assertion failed!"), 0)
	}
	L.Error(L.Get(2), 0)
	return 0
}

func baseError(L *lua.LState) int {
	v := L.Get(1)
	level := optInt(L, 2, 1)
	if s, ok := v.(lua.LString); ok && level > 0 {
		v = lua.LString(where(L, level)) + s
	}
	L.Error(v, 0)
	return 0
}

func basePrint(L *lua.LState) int {
	w := Of(L).opts.Stdout
	for i := 1; i <= L.GetTop(); i++ {
		if i > 1 {
			io.WriteString(w, "\t")
		}
		io.WriteString(w, ToString(L, L.Get(i)))
	}
	io.WriteString(w, "\n")
	return 0
}

// typeNames are the names of types as Lua values, so that type() allocates nothing.
var typeNames = func() (names [lua.LTChannel + 1]lua.LValue) {
	for i := range names {
		names[i] = lua.LString(lua.LValueType(i).String())
	}
	return names
}()

func baseType(L *lua.LState) int {
	L.Push(typeNames[checkAny(L, 1).Type()])
	return 1
}

func baseToString(L *lua.LState) int {
	v := checkAny(L, 1)
	if _, ok := v.(lua.LString); !ok {
		v = lua.LString(ToString(L, v))
	}
	L.Push(v)
	return 1
}

func baseSelect(L *lua.LState) int {
	n := L.GetTop()
	if s, ok := L.Get(1).(lua.LString); ok && s == "#" {
		L.Push(integer(n - 1))
		return 1
	}
	i := checkInt(L, 1)
	switch {
	case i < 0:
		i += n
	case i > n:
		i = n
	}
	if i < 1 {
		argError(L, 1, "index out of range")
	}
	return n - i
}

func baseToNumber(L *lua.LState) int {
	v := checkAny(L, 1)
	if !isNoneOrNil(L, 2) {
		base := checkInt(L, 2)
		if base < 2 || base > 36 {
			argError(L, 2, "base out of range")
		}
		if base != 10 {
			f, ok := parseBase(checkString(L, 1), base)
			return pushNumberOrNil(L, f, ok)
		}
	}
	if n, ok := v.(lua.LNumber); ok {
		L.Push(n)
		return 1
	}
	f, ok := toNumber(v)
	return pushNumberOrNil(L, f, ok)
}

func pushNumberOrNil(L *lua.LState, f float64, ok bool) int {
	if ok {
		L.Push(lua.LNumber(f))
	} else {
		L.Push(lua.LNil)
	}
	return 1
}
