package luastanza

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/xmpp/stanza"
)

// tagsObject is the list of an element's child elements.
type tagsObject struct {
	lib *Lib
	e   *stanza.Element
}

func (t *tagsObject) TypeName() string      { return "tags" }
func (t *tagsObject) Metatable() lua.LValue { return lua.LNil }
func (t *tagsObject) Len() int              { return len(t.e.Tags) }

func (t *tagsObject) Index(_ *lua.LState, key lua.LValue) lua.LValue {
	n, ok := key.(lua.LNumber)
	if i := int(n); ok && i >= 1 && i <= len(t.e.Tags) {
		return t.lib.Value(t.e.Tags[i-1])
	}
	return lua.LNil
}

func (t *tagsObject) NewIndex(L *lua.LState, key, value lua.LValue) {
	n, ok := key.(lua.LNumber)
	i := int(n)
	if !ok || i < 1 || i > len(t.e.Tags)+1 {
		L.RaiseError("tags is a list of %d elements, it has no place %s", len(t.e.Tags), lua.LVAsString(key))
	}
	if value == lua.LNil {
		t.e.Tags = t.e.Tags[:i-1]
		return
	}
	e, ok := t.lib.Element(value)
	if !ok {
		L.RaiseError("tags[%d]: want a stanza, got a %s", i, value.Type().String())
	}
	if i > len(t.e.Tags) {
		t.e.Tags = append(t.e.Tags, e)
		return
	}
	t.e.Tags[i-1] = e
}

func (t *tagsObject) Next(_ *lua.LState, key lua.LValue) (k, v lua.LValue) {
	i := 1
	if n, ok := key.(lua.LNumber); ok {
		i = int(n) + 1
	}
	if i < 1 || i > len(t.e.Tags) {
		return lua.LNil, lua.LNil
	}
	return lua.LNumber(i), t.lib.Value(t.e.Tags[i-1])
}

var _ compat.Object = (*tagsObject)(nil)
