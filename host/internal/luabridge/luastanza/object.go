package luastanza

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/xmpp/stanza"
)

// object is an element: name, attr, tags, the children as array, and the methods.
type object struct {
	lib *Lib
	e   *stanza.Element
}

func (o *object) TypeName() string      { return "stanza" }
func (o *object) Metatable() lua.LValue { return o.lib.mt }
func (o *object) Len() int              { return len(o.e.Nodes) }

func (o *object) Index(L *lua.LState, key lua.LValue) lua.LValue {
	switch k := key.(type) {
	case lua.LString:
		return o.IndexString(L, string(k))
	case lua.LNumber:
		return o.node(int(k), float64(k))
	}
	return o.extra(key)
}

// IndexString is Index for a constant name.
func (o *object) IndexString(_ *lua.LState, name string) lua.LValue {
	switch name {
	case "name":
		return lua.LString(o.e.Name)
	case "attr":
		return o.attr()
	case "tags":
		return o.tags()
	}
	if f, _ := o.e.Face().(*faces); f != nil && f.extra != nil {
		return f.extra.RawGetString(name)
	}
	return lua.LNil
}

func (o *object) attr() lua.LValue {
	f := facesOf(o.e)
	if f.attributes.e == nil {
		f.attributes.e = o.e
	}
	return o.lib.in.Show(&f.attr, &f.attributes)
}

func (o *object) tags() lua.LValue {
	f := facesOf(o.e)
	if f.tags == nil {
		f.tags = o.lib.in.NewProxy(&tagsObject{o.lib, o.e})
	}
	return f.tags
}

func (o *object) node(i int, exact float64) lua.LValue {
	if i < 1 || i > len(o.e.Nodes) || float64(i) != exact {
		return o.extra(lua.LNumber(exact))
	}
	n := o.e.Nodes[i-1]
	if n.Element != nil {
		return o.lib.Value(n.Element)
	}
	return lua.LString(n.Text)
}

func (o *object) extra(key lua.LValue) lua.LValue {
	if f, _ := o.e.Face().(*faces); f != nil && f.extra != nil {
		return f.extra.RawGet(key)
	}
	return lua.LNil
}

func (o *object) NewIndex(L *lua.LState, key, value lua.LValue) {
	switch key {
	case lua.LString("name"):
		name := lua.LVAsString(value)
		checkName(L, "an element", name)
		o.e.Name = name
	case lua.LString("attr"):
		if t, ok := value.(*lua.LTable); ok {
			setAttrs(L, o.e, t, nil)
		} else {
			o.e.Attrs = nil
		}
	case lua.LString("tags"):
		o.replaceTags(L, value)
	default:
		if n, ok := key.(lua.LNumber); ok && float64(n) == float64(int(n)) && o.setNode(L, int(n), value) {
			return
		}
		f := facesOf(o.e)
		if f.extra == nil {
			f.extra = L.CreateTable(0, 2)
		}
		f.extra.RawSet(key, value)
	}
}

// replaceTags takes the child elements from a list; the child array keeps what it has, as in a table of two lists.
func (o *object) replaceTags(L *lua.LState, value lua.LValue) {
	t, ok := value.(*lua.LTable)
	if !ok {
		o.e.Tags = nil
		return
	}
	list := make([]*stanza.Element, 0, L.ObjLen(t))
	for i := 1; i <= L.ObjLen(t); i++ {
		if e, ok := o.lib.Element(L.GetTable(t, lua.LNumber(i))); ok {
			list = append(list, e)
		}
	}
	o.e.Tags = list
}

// setNode writes the child array: an element or text at i, nil to end it there. It is false for an index that is no place of the array.
func (o *object) setNode(L *lua.LState, i int, value lua.LValue) bool {
	nodes := o.e.Nodes
	switch {
	case i < 1 || i > len(nodes)+1:
		return false
	case value == lua.LNil:
		if i <= len(nodes) {
			o.e.Nodes = nodes[:i-1]
		}
	case i <= len(nodes):
		nodes[i-1] = o.toNode(L, value)
	default:
		o.e.Nodes = append(nodes, o.toNode(L, value))
	}
	return true
}

func (o *object) toNode(L *lua.LState, value lua.LValue) stanza.Node {
	if e, ok := o.lib.Element(value); ok {
		return stanza.Node{Element: e}
	}
	if !lua.LVCanConvToString(value) {
		L.RaiseError("a child of a stanza is a stanza or a string, not a %s", value.Type())
	}
	checkText(L, "text", lua.LVAsString(value))
	return stanza.Node{Text: lua.LVAsString(value)}
}

// Next runs through the array, then name, attr, tags and whatever modules added.
func (o *object) Next(L *lua.LState, key lua.LValue) (k, v lua.LValue) {
	if key == lua.LNil {
		key = lua.LNumber(0)
	}
	if n, ok := key.(lua.LNumber); ok && int(n) >= 0 && int(n) <= len(o.e.Nodes) {
		if i := int(n) + 1; i <= len(o.e.Nodes) {
			return lua.LNumber(i), o.node(i, float64(i))
		}
		return lua.LString("name"), lua.LString(o.e.Name)
	}
	switch key {
	case lua.LString("name"):
		return lua.LString("attr"), o.attr()
	case lua.LString("attr"):
		return lua.LString("tags"), o.tags()
	case lua.LString("tags"):
		key = lua.LNil
	}
	if f, _ := o.e.Face().(*faces); f != nil && f.extra != nil {
		return f.extra.Next(key)
	}
	return lua.LNil, lua.LNil
}

var _ compat.StringIndexer = (*object)(nil)
