package compat

import (
	"os"
	"runtime"
	"runtime/metrics"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// baseLoad is load(chunk, name, mode, env) of Lua 5.2 and later, which takes strings and functions; loadstring is the same.
func baseLoad(L *lua.LState) int {
	it := Of(L)
	src, name := "", "=(load)"
	switch v := L.Get(1).(type) {
	case lua.LString:
		src, name = string(v), string(v)
	case *lua.LFunction:
		src = readChunk(L, v)
	default:
		typeError(L, 1, "function")
	}
	name = optString(L, 2, name)
	if name == "" {
		name = "="
	}
	return it.loadText(L, src, name, optString(L, 3, "bt"), L.Get(4))
}

// readChunk calls a function for the pieces of a chunk.
func readChunk(L *lua.LState, fn *lua.LFunction) string {
	var b strings.Builder
	for {
		switch piece := call1(L, fn).(type) {
		case *lua.LNilType:
			return b.String()
		case lua.LString:
			if piece == "" {
				return b.String()
			}
			b.WriteString(string(piece))
			checkSize(L, b.Len())
		default:
			raisef(L, "reader function must return a string")
		}
	}
}

func (it *Interp) loadText(L *lua.LState, src, name, mode string, env lua.LValue) int {
	message := ""
	switch {
	case strings.HasPrefix(src, "\x1b"):
		message = "attempt to load a binary chunk"
	case !strings.Contains(mode, "t"):
		message = "attempt to load a text chunk (mode is '" + mode + "')"
	}
	if message != "" {
		L.Push(lua.LNil)
		L.Push(lua.LString(message))
		return 2
	}
	tb, _ := env.(*lua.LTable)
	fn, err := it.Load([]byte(src), name, tb)
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	L.Push(fn)
	return 1
}

func baseLoadFile(L *lua.LState) int {
	name := checkString(L, 1)
	src, err := os.ReadFile(name)
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString("cannot open " + errorText(name, err)))
		return 2
	}
	return Of(L).loadText(L, string(src), "@"+name, optString(L, 2, "bt"), L.Get(3))
}

func baseDoFile(L *lua.LState) int {
	name := checkString(L, 1)
	src, err := os.ReadFile(name)
	if err != nil {
		raisef(L, "cannot open %s", errorText(name, err))
	}
	fn, err := Of(L).Load(src, "@"+name, nil)
	if err != nil {
		L.Error(lua.LString(err.Error()), 0)
	}
	L.SetTop(0)
	L.Push(fn)
	L.Call(0, lua.MultRet)
	return L.GetTop()
}

// baseCollectGarbage answers as if there was a collector to command; only "collect" and "count" do something.
func baseCollectGarbage(L *lua.LState) int {
	switch what := optString(L, 1, "collect"); what {
	case "collect":
		runtime.GC()
		L.Push(lua.LNumber(0))
	case "count":
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(sample)
		L.Push(lua.LNumber(float64(sample[0].Value.Uint64()) / 1024))
	case "step", "isrunning":
		L.Push(lua.LTrue)
	case "stop", "restart":
		L.Push(lua.LNumber(0))
	case "setpause", "setstepmul":
		L.Push(lua.LNumber(200))
	case "incremental", "generational":
		L.Push(lua.LString("incremental"))
	default:
		argError(L, 1, "invalid option '"+what+"'")
	}
	return 1
}

func baseGetFEnv(L *lua.LState) int {
	if fn := functionArg(L); fn != nil && !fn.IsG {
		L.Push(fn.Env)
	} else {
		L.Push(Of(L).Globals())
	}
	return 1
}

func baseSetFEnv(L *lua.LState) int {
	env := checkTable(L, 2)
	fn := functionArg(L)
	if fn == nil || fn.IsG {
		raisef(L, "'setfenv' cannot change environment of given object")
	}
	fn.Env = env
	L.Push(fn)
	return 1
}

// functionArg is the function given as the first argument, or that at the given level of the stack (default 1); nil for level 0.
func functionArg(L *lua.LState) *lua.LFunction {
	if fn, ok := L.Get(1).(*lua.LFunction); ok {
		return fn
	}
	level := optInt(L, 1, 1)
	if level < 0 {
		argError(L, 1, "level must be non-negative")
	}
	if level == 0 {
		return nil
	}
	l, dbg, ok := frameAt(L, level)
	if !ok {
		argError(L, 1, "invalid level")
	}
	fn, _ := l.GetInfo("f", dbg, nil)
	return fn.(*lua.LFunction)
}
