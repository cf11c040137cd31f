package compat

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openDebug makes the debug library: Lua 5.1 §5.9. Hooks are accepted and never called; what belongs to Go is not shown.
func (it *Interp) openDebug() {
	it.lib.registry = it.base.NewTable()
	it.register("debug", map[string]lua.LGFunction{
		"getfenv":      baseGetFEnv,
		"gethook":      func(*lua.LState) int { return 0 },
		"getinfo":      debugGetInfo,
		"getlocal":     debugGetLocal,
		"getmetatable": debugGetMetatable,
		"getregistry":  debugGetRegistry,
		"getupvalue":   debugGetUpvalue,
		"setfenv":      baseSetFEnv,
		"sethook":      func(*lua.LState) int { return 0 },
		"setlocal":     debugSetLocal,
		"setmetatable": debugSetMetatable,
		"setupvalue":   debugSetUpvalue,
		"traceback":    debugTraceback,
		"upvalueid":    debugUpvalueID,
	})
}

// threadArg takes an optional thread from the front of the arguments: the state to look at, nil for a coroutine that has no stack,
// and what to add to the indices of the other arguments.
func threadArg(L *lua.LState) (at *lua.LState, shift int) {
	co, ok := coroutineOf(L.Get(1))
	switch {
	case !ok:
		return L, 0
	case co == nil || co == threadOf(L).line.co:
		return L, 1
	case co.status == suspended:
		return co.top, 1
	}
	return nil, 1
}

func debugTraceback(L *lua.LState) int {
	at, shift := threadArg(L)
	message := L.Get(1 + shift)
	if s, ok := message.(lua.LString); !ok && message != lua.LNil && message.Type() != lua.LTNumber {
		L.Push(message)
		return 1
	} else if ok {
		message = s
	}
	level := 0
	if at == L {
		level = 1
	}
	text := traceback(at, lua.LVAsString(message), optInt(L, 2+shift, level))
	if s, ok := message.(lua.LString); ok && s == "" {
		text = "\n" + text
	}
	L.Push(lua.LString(text))
	return 1
}

func debugGetInfo(L *lua.LState) int {
	at, shift := threadArg(L)
	what := optString(L, 2+shift, "flnSu")
	info := L.CreateTable(0, 16)
	if fn, ok := L.Get(1 + shift).(*lua.LFunction); ok {
		describe(info, fn, what)
		if strings.Contains(what, "l") {
			info.RawSetString("currentline", lua.LNumber(-1))
		}
		L.Push(info)
		return 1
	}
	l, dbg, ok := frameAt(at, checkInt(L, 1+shift))
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	v, _ := l.GetInfo("nSlf", dbg, nil)
	fn := v.(*lua.LFunction)
	describe(info, fn, what)
	if strings.Contains(what, "l") {
		info.RawSetString("currentline", lua.LNumber(dbg.CurrentLine))
	}
	if strings.Contains(what, "n") {
		name, nameWhat := lua.LNil, ""
		if plainName(dbg.Name) && !isMainChunk(fn) {
			name, nameWhat = lua.LString(dbg.Name), "local"
		}
		info.RawSetString("name", name)
		info.RawSetString("namewhat", lua.LString(nameWhat))
	}
	L.Push(info)
	return 1
}

// describe fills in what can be told from the function alone.
func describe(info *lua.LTable, fn *lua.LFunction, what string) {
	set := func(name string, v lua.LValue) { info.RawSetString(name, v) }
	if strings.Contains(what, "S") {
		source, first, last, kind := "=[C]", -1, -1, "C"
		if !fn.IsG {
			source, first, last, kind = sourceOf(fn.Proto.SourceName), fn.Proto.LineDefined, fn.Proto.LastLineDefined, "Lua"
		}
		if isMainChunk(fn) {
			kind = "main"
		}
		set("source", lua.LString(source))
		set("short_src", lua.LString(strings.TrimPrefix(strings.TrimPrefix(source, "@"), "=")))
		set("linedefined", lua.LNumber(first))
		set("lastlinedefined", lua.LNumber(last))
		set("what", lua.LString(kind))
	}
	if strings.Contains(what, "u") {
		set("nups", lua.LNumber(len(fn.Upvalues)))
		params, vararg := 0, true
		if !fn.IsG {
			params, vararg = int(fn.Proto.NumParameters), fn.Proto.IsVarArg != 0
		}
		set("nparams", lua.LNumber(params))
		set("isvararg", lua.LBool(vararg))
	}
	if strings.Contains(what, "f") {
		set("func", fn)
	}
	if strings.Contains(what, "L") && !fn.IsG {
		lines := &lua.LTable{Metatable: lua.LNil}
		for _, line := range fn.Proto.DbgSourcePositions {
			if line > 0 {
				lines.RawSet(lua.LNumber(line), lua.LTrue)
			}
		}
		set("activelines", lines)
	}
}

// sourceOf is the source as getinfo gives it: chunks loaded from strings keep their short form.
func sourceOf(name string) string {
	if strings.HasPrefix(name, "[string ") || name == "(load)" {
		return "=" + name
	}
	return "@" + name
}

func debugGetLocal(L *lua.LState) int {
	at, shift := threadArg(L)
	n := checkInt(L, 2+shift)
	if fn, ok := L.Get(1 + shift).(*lua.LFunction); ok {
		if name, ok := fn.LocalName(n, 1); ok && n <= int(fn.Proto.NumParameters) {
			L.Push(lua.LString(name))
		} else {
			L.Push(lua.LNil)
		}
		return 1
	}
	l, dbg, ok := frameAt(at, checkInt(L, 1+shift))
	if !ok {
		argError(L, 1+shift, "level out of range")
	}
	name, v := "", lua.LNil
	if n > 0 {
		name, v = l.GetLocal(dbg, n)
	}
	if name == "" {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LString(name))
	L.Push(v)
	return 2
}

func debugSetLocal(L *lua.LState) int {
	at, shift := threadArg(L)
	l, dbg, ok := frameAt(at, checkInt(L, 1+shift))
	if !ok {
		argError(L, 1+shift, "level out of range")
	}
	return pushName(L, l.SetLocal(dbg, checkInt(L, 2+shift), checkAny(L, 3+shift)))
}

func pushName(L *lua.LState, name string) int {
	if name == "" {
		L.Push(lua.LNil)
	} else {
		L.Push(lua.LString(name))
	}
	return 1
}

func debugGetUpvalue(L *lua.LState) int {
	name, v := L.GetUpvalue(checkFunction(L, 1), checkInt(L, 2))
	if name == "" {
		return 0
	}
	L.Push(lua.LString(name))
	L.Push(v)
	return 2
}

func debugSetUpvalue(L *lua.LState) int {
	name := L.SetUpvalue(checkFunction(L, 1), checkInt(L, 2), checkAny(L, 3))
	if name == "" {
		return 0
	}
	return pushName(L, name)
}

// debugUpvalueID gives variables shared by closures the same userdata value, as far as it is asked in one call after the other.
func debugUpvalueID(L *lua.LState) int {
	fn, n := checkFunction(L, 1), checkInt(L, 2)
	if fn.IsG || n < 1 || n > len(fn.Upvalues) {
		L.Push(lua.LNil)
		return 1
	}
	ids := Of(L).lib.upvalueIDs
	id, ok := ids[fn.Upvalues[n-1]]
	if !ok {
		if len(ids) > 1000 {
			clear(ids)
		}
		id = L.NewUserData()
		ids[fn.Upvalues[n-1]] = id
	}
	L.Push(id)
	return 1
}

func debugGetMetatable(L *lua.LState) int {
	if mt := metatableOf(L, checkAny(L, 1)); mt != nil {
		L.Push(mt)
	} else {
		L.Push(lua.LNil)
	}
	return 1
}

// debugSetMetatable sets the metatable of a table or userdata, protected or not; that of strings and other types is everybody's.
func debugSetMetatable(L *lua.LState) int {
	mt := L.Get(2)
	if _, ok := mt.(*lua.LTable); !ok && mt != lua.LNil {
		argError(L, 2, "nil or table expected")
	}
	switch v := L.Get(1).(type) {
	case *lua.LTable:
		setMetatable(L, v, mt)
	case *lua.LUserData:
		v.Metatable = mt
	default:
		raisef(L, "cannot change the metatable of a %s", v.Type())
	}
	L.SetTop(1)
	return 1
}

func debugGetRegistry(L *lua.LState) int {
	L.Push(Of(L).lib.registry)
	return 1
}
