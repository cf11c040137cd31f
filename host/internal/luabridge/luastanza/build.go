package luastanza

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/xmpp/stanza"
)

// builders are the methods that add to a stanza and return it.
func (lib *Lib) builders() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"tag":              lib.tag,
		"up":               lib.chain(func(_ *lua.LState, e *stanza.Element) { e.Up() }),
		"reset":            lib.chain(func(_ *lua.LState, e *stanza.Element) { e.Reset() }),
		"at_top":           lib.ask(func(e *stanza.Element) lua.LValue { return lua.LBool(e.AtTop()) }),
		"text":             lib.chain(func(L *lua.LState, e *stanza.Element) { e.PutText(text(L, 2)) }),
		"text_tag":         lib.textTag,
		"body":             lib.body,
		"query":            lib.query,
		"add_child":        lib.addChild,
		"add_direct_child": lib.addDirectChild,
	}
}

// chain makes a method that returns the stanza it was called on.
func (lib *Lib) chain(f func(L *lua.LState, e *stanza.Element)) lua.LGFunction {
	return func(L *lua.LState) int {
		f(L, lib.check(L, 1))
		L.SetTop(1)
		return 1
	}
}

// ask makes a method of one result.
func (lib *Lib) ask(f func(e *stanza.Element) lua.LValue) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(f(lib.check(L, 1)))
		return 1
	}
}

// text is argument n as text, "" if it is nil.
func text(L *lua.LState, n int) string {
	v := L.Get(n)
	if v == lua.LNil {
		return ""
	}
	if !lua.LVCanConvToString(v) {
		L.ArgError(n, "string expected, got "+v.Type().String())
	}
	s := lua.LVAsString(v)
	checkText(L, "text", s)
	return s
}

// element makes an element of the name in argument n and the attribute table in the one behind it.
func (lib *Lib) element(L *lua.LState, n int) *stanza.Element {
	name, ok := L.Get(n).(lua.LString)
	if !ok || name == "" {
		L.ArgError(n, "name of an element expected, got "+L.Get(n).Type().String())
	}
	checkName(L, "an element", string(name))
	e := stanza.New(string(name), "")
	lib.attrsFrom(L, n+1, e)
	return e
}

func (lib *Lib) attrsFrom(L *lua.LState, n int, e *stanza.Element) {
	switch attrs := L.Get(n).(type) {
	case *lua.LNilType:
	case *lua.LTable:
		setAttrs(L, e, attrs, func(k, v lua.LValue) {
			L.ArgError(n, "attributes are strings, got "+k.Type().String()+" = "+v.Type().String())
		})
	default:
		L.ArgError(n, "table of attributes expected, got "+attrs.Type().String())
	}
}

func (lib *Lib) tag(L *lua.LState) int {
	lib.check(L, 1).Open(lib.element(L, 2))
	L.SetTop(1)
	return 1
}

func (lib *Lib) textTag(L *lua.LState) int {
	e := lib.check(L, 1)
	name := L.CheckString(2)
	checkName(L, "an element", name)
	c := stanza.New(name, "")
	lib.attrsFrom(L, 4, c)
	e.Put(c.AddText(text(L, 3)))
	L.SetTop(1)
	return 1
}

func (lib *Lib) body(L *lua.LState) int {
	e := lib.check(L, 1)
	c := stanza.New("body", "")
	lib.attrsFrom(L, 3, c)
	e.Put(c.AddText(text(L, 2)))
	L.SetTop(1)
	return 1
}

func (lib *Lib) query(L *lua.LState) int {
	lib.check(L, 1).Open(stanza.New("query", text(L, 2)))
	L.SetTop(1)
	return 1
}

// addChild takes an element, or text.
func (lib *Lib) addChild(L *lua.LState) int {
	e := lib.check(L, 1)
	if c, ok := lib.Element(L.Get(2)); ok {
		e.Put(c)
	} else {
		e.PutText(text(L, 2))
	}
	L.SetTop(1)
	return 1
}

func (lib *Lib) addDirectChild(L *lua.LState) int {
	e := lib.check(L, 1)
	if c, ok := lib.Element(L.Get(2)); ok {
		e.AddChild(c)
	} else {
		e.AddText(text(L, 2))
	}
	L.SetTop(1)
	return 1
}
