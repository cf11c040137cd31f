package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// openLTN12 makes ltn12: sources and sinks of strings and tables, and pumps between them.
func (l *library) openLTN12(L *lua.LState) lua.LValue {
	lib := L.NewTable()
	lib.RawSetString("source", l.table(map[string]lua.LGFunction{
		"empty":  func(L *lua.LState) int { return pushFunction(L, func(*lua.LState) int { return 0 }) },
		"string": ltn12String,
		"table":  ltn12Table,
	}))
	lib.RawSetString("sink", l.table(map[string]lua.LGFunction{
		"table": ltn12Collect,
		"null":  func(L *lua.LState) int { return pushFunction(L, pushOne) },
	}))
	lib.RawSetString("pump", l.table(map[string]lua.LGFunction{
		"all":  l.ltn12All,
		"step": func(L *lua.LState) int { return ltn12Step(L, L.Get(1), L.Get(2)) },
	}))
	lib.RawSetString("BLOCKSIZE", lua.LNumber(2048))
	return lib
}

func pushFunction(L *lua.LState, f lua.LGFunction) int {
	L.Push(L.NewFunction(f))
	return 1
}

func pushOne(L *lua.LState) int {
	L.Push(lua.LNumber(1))
	return 1
}

// ltn12String gives a string in blocks.
func ltn12String(L *lua.LState) int {
	s := L.OptString(1, "")
	return pushFunction(L, func(L *lua.LState) int {
		if s == "" {
			L.Push(lua.LNil)
			return 1
		}
		block := s[:min(len(s), 2048)]
		s = s[len(block):]
		return pushString(L, block)
	})
}

func ltn12Table(L *lua.LState) int {
	t, i := L.CheckTable(1), 0
	return pushFunction(L, func(L *lua.LState) int {
		i++
		L.Push(t.RawGetInt(i))
		return 1
	})
}

// ltn12Collect gives a sink that collects into a table, and the table.
func ltn12Collect(L *lua.LState) int {
	t := L.OptTable(1, L.NewTable())
	pushFunction(L, func(L *lua.LState) int {
		if chunk := L.Get(1); chunk != lua.LNil {
			t.Append(chunk)
		}
		return pushOne(L)
	})
	L.Push(t)
	return 2
}

// ltn12Step moves one chunk; it gives 1 if there may be more, else nil and the error if there was one.
func ltn12Step(L *lua.LState, source, sink lua.LValue) int {
	L.Push(source)
	L.Call(0, 2)
	chunk, sourceErr := L.Get(-2), L.Get(-1)
	L.Push(sink)
	L.Push(chunk)
	L.Push(sourceErr)
	L.Call(2, 2)
	ok, sinkErr := L.Get(-2), L.Get(-1)
	if chunk != lua.LNil && lua.LVAsBool(ok) {
		return pushOne(L)
	}
	if sourceErr == lua.LNil {
		sourceErr = sinkErr
	}
	L.Push(lua.LNil)
	L.Push(sourceErr)
	return 2
}

// ltn12All: source, sink, step. It gives 1; or nil and the error.
func (l *library) ltn12All(L *lua.LState) int {
	source, sink := L.Get(1), L.Get(2)
	step := L.Get(3)
	for {
		L.SetTop(0)
		n := 0
		if step == lua.LNil {
			n = ltn12Step(L, source, sink)
		} else {
			L.Push(step)
			L.Push(source)
			L.Push(sink)
			L.Call(2, 2)
			n = 2
		}
		if lua.LVAsBool(L.Get(-n)) {
			continue
		}
		if err := L.Get(-1); err != lua.LNil {
			return 2
		}
		return pushOne(L)
	}
}
