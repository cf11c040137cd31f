package luastanza

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/xmpp/stanza"
)

// attrObject is the attribute table of an element.
type attrObject struct{ e *stanza.Element }

func (a *attrObject) TypeName() string      { return "attributes" }
func (a *attrObject) Metatable() lua.LValue { return lua.LNil }
func (a *attrObject) Len() int              { return 0 }

func (a *attrObject) Index(L *lua.LState, key lua.LValue) lua.LValue {
	if name, ok := key.(lua.LString); ok {
		return a.IndexString(L, string(name))
	}
	return lua.LNil
}

// IndexString is Index for a constant name.
func (a *attrObject) IndexString(_ *lua.LState, name string) lua.LValue {
	for i := range a.e.Attrs {
		if a.e.Attrs[i].Name == name {
			return lua.LString(a.e.Attrs[i].Value)
		}
	}
	return lua.LNil
}

func (a *attrObject) NewIndex(L *lua.LState, key, value lua.LValue) {
	name, ok := key.(lua.LString)
	if !ok {
		L.RaiseError("the name of an attribute is a string, not a %s", key.Type())
	}
	switch {
	case value == lua.LNil:
		a.e.DelAttr(string(name))
	case lua.LVCanConvToString(value):
		setAttr(L, a.e, string(name), lua.LVAsString(value))
	default:
		L.RaiseError("attribute %q: want a string, got a %s", string(name), value.Type().String())
	}
}

func setAttr(L *lua.LState, e *stanza.Element, name, value string) {
	checkName(L, "an attribute", name)
	if !isText(value) {
		checkText(L, "the attribute "+name, value)
	}
	e.SetAttr(name, value)
}

func (a *attrObject) Next(L *lua.LState, key lua.LValue) (k, v lua.LValue) {
	at := 0
	if key != lua.LNil {
		at = a.after(lua.LVAsString(key))
	}
	if at >= len(a.e.Attrs) {
		return lua.LNil, lua.LNil
	}
	return lua.LString(a.e.Attrs[at].Name), lua.LString(a.e.Attrs[at].Value)
}

// after is the index behind the named attribute; one that was removed meanwhile ends the traversal.
func (a *attrObject) after(name string) int {
	for i := range a.e.Attrs {
		if a.e.Attrs[i].Name == name {
			return i + 1
		}
	}
	return len(a.e.Attrs)
}

var _ compat.Object = (*attrObject)(nil)
