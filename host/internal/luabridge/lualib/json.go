package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// jsonValues are values that encoder and decoder share.
type jsonValues struct {
	null  *lua.LTable
	array lua.LValue // metatable of lists: that of util.array
}

const maxJSONDepth = 500

// openJSON makes util.json. decode gives nil and a message for what is not JSON; lists get the metatable of util.array, and null is
// json.null. A table with both a list and other keys is encoded as an object with the members "__array" and "__hash".
func (l *library) openJSON(L *lua.LState) lua.LValue {
	l.json.null = L.NewTable()
	l.json.null.Metatable = l.table(map[string]lua.LGFunction{"__tostring": func(L *lua.LState) int { return pushString(L, "null") }})
	l.json.array = L.NewTable()
	if array := l.optionalLibrary(L, "util.array"); array != lua.LNil {
		l.json.array = metatable(call1(L, array))
	}
	lib := l.table(map[string]lua.LGFunction{
		"encode":         func(L *lua.LState) int { return l.jsonEncode(L, false) },
		"encode_ordered": func(L *lua.LState) int { return l.jsonEncode(L, true) },
		"encode_array":   l.jsonEncodeArray,
		"decode":         l.jsonDecode,
		"test":           l.jsonTest,
	})
	lib.RawSetString("null", l.json.null)
	return lib
}

func (l *library) jsonEncode(L *lua.LState, ordered bool) int {
	e := jsonEncoder{L: L, l: l, ordered: ordered}
	e.value(L.Get(1))
	return pushString(L, string(e.out))
}

func (l *library) jsonEncodeArray(L *lua.LState) int {
	e := jsonEncoder{L: L, l: l}
	e.array(L.CheckTable(1))
	return pushString(L, string(e.out))
}

func (l *library) jsonDecode(L *lua.LState) int {
	d := jsonDecoder{L: L, l: l, s: L.CheckString(1)}
	v, err := d.document()
	if err != "" {
		return pushFailure(L, err)
	}
	L.Push(v)
	return 1
}

// jsonTest is whether a value comes back from JSON as it was.
func (l *library) jsonTest(L *lua.LState) int {
	e := jsonEncoder{L: L, l: l, ordered: true}
	e.value(L.Get(1))
	d := jsonDecoder{L: L, l: l, s: string(e.out)}
	v, err := d.document()
	again := jsonEncoder{L: L, l: l, ordered: true}
	if err == "" {
		again.value(v)
	}
	L.Push(lua.LBool(string(again.out) == string(e.out)))
	return 1
}
