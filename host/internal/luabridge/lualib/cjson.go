package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// openCJSON makes cjson, or with safe cjson.safe, whose functions give nil and the error instead of raising it. null is json.null.
func (l *library) openCJSON(safe bool) opener {
	return func(L *lua.LState) lua.LValue {
		l.optionalLibrary(L, "util.json")
		lib := l.table(map[string]lua.LGFunction{
			"encode": func(L *lua.LState) int { return l.cjsonEncode(L, safe) },
			"decode": func(L *lua.LState) int { return l.cjsonDecode(L, safe) },
		})
		for _, name := range []string{"encode_sparse_array", "encode_max_depth", "encode_number_precision", "decode_max_depth", "encode_empty_table_as_object"} {
			lib.RawSetString(name, L.NewFunction(func(*lua.LState) int { return 0 }))
		}
		lib.RawSetString("new", L.NewFunction(func(L *lua.LState) int {
			L.Push(lib)
			return 1
		}))
		lib.RawSetString("null", l.json.null)
		lib.RawSetString("_VERSION", lua.LString("2.1.0"))
		return lib
	}
}

// cjsonEncode refuses what JSON cannot hold, unlike util.json.
func (l *library) cjsonEncode(L *lua.LState, safe bool) int {
	v := L.CheckAny(1)
	if v != lua.LNil && !jsonType(v) {
		return cjsonFail(L, safe, "Cannot serialise "+v.Type().String()+": type not supported")
	}
	e := jsonEncoder{L: L, l: l}
	e.value(v)
	return pushString(L, string(e.out))
}

func (l *library) cjsonDecode(L *lua.LState, safe bool) int {
	d := jsonDecoder{L: L, l: l, s: L.CheckString(1)}
	v, err := d.document()
	if err != "" {
		return cjsonFail(L, safe, err)
	}
	L.Push(v)
	return 1
}

func cjsonFail(L *lua.LState, safe bool, message string) int {
	if !safe {
		L.RaiseError("%s", message)
	}
	return pushFailure(L, message)
}
