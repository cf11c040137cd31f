package luastanza

import (
	"iter"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"quatrain/xmpp/stanza"
)

// accessors are the methods that look into a stanza.
func (lib *Lib) accessors() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"get_attr":                 lib.getAttr,
		"get_child":                lib.getChild,
		"get_child_text":           lib.getChildText,
		"get_child_attr":           lib.getChildAttr,
		"get_child_with_attr":      lib.getChildWithAttr,
		"get_child_with_namespace": lib.childWithNS,
		"child_with_ns":            lib.childWithNS,
		"child_with_name":          lib.childWithName,
		"has_namespace":            lib.hasNamespace,
		"childtags":                lib.childTags,
		"matching_tags":            lib.childTags,
		"children":                 lib.children,
		"find":                     lib.find,
		"get_text":                 lib.ask(textOf),
		"get_error":                lib.getError,
		"top_tag":                  lib.ask(topTag),
		"pretty_top_tag":           lib.ask(topTag),
		"pretty_print":             lib.ask(func(e *stanza.Element) lua.LValue { return lua.LString(e.String()) }),
	}
}

// optional is argument n as a string, "" when it is nil.
func optional(L *lua.LState, n int) string {
	if L.Get(n) == lua.LNil {
		return ""
	}
	return L.CheckString(n)
}

func (lib *Lib) getAttr(L *lua.LState) int {
	L.Push(attr(lib.check(L, 1), L.CheckString(2)))
	return 1
}

func (lib *Lib) getChild(L *lua.LState) int {
	e := lib.check(L, 1)
	L.Push(lib.Value(e.Child(optional(L, 2), optional(L, 3))))
	return 1
}

func (lib *Lib) getChildText(L *lua.LState) int {
	c := lib.check(L, 1).Child(optional(L, 2), optional(L, 3))
	if c == nil {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(textOf(c))
	return 1
}

// textOf is the text of an element, nil for one that has none.
func textOf(e *stanza.Element) lua.LValue {
	if len(e.Nodes) == 0 || len(e.Tags) > 0 {
		return lua.LNil
	}
	return lua.LString(e.Text())
}

func (lib *Lib) getChildAttr(L *lua.LState) int {
	c := lib.check(L, 1).Child(optional(L, 2), optional(L, 3))
	if c == nil {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(attr(c, L.CheckString(4)))
	return 1
}

func attr(e *stanza.Element, name string) lua.LValue {
	if v, ok := e.LookupAttr(name); ok {
		return lua.LString(v)
	}
	return lua.LNil
}

// getChildWithAttr: name, xmlns, attribute, value, normalize function.
func (lib *Lib) getChildWithAttr(L *lua.LState) int {
	e := lib.check(L, 1)
	normalize, _ := L.Get(6).(*lua.LFunction)
	want := lua.LVAsString(L.Get(5))
	for c := range e.ChildTags(optional(L, 2), optional(L, 3)) {
		got := attr(c, L.CheckString(4))
		if normalize != nil && got != lua.LNil {
			L.Push(normalize)
			L.Push(got)
			L.Call(1, 1)
			got = L.Get(-1)
			L.Pop(1)
		}
		if got != lua.LNil && lua.LVAsString(got) == want {
			L.Push(lib.Value(c))
			return 1
		}
	}
	L.Push(lua.LNil)
	return 1
}

func (lib *Lib) childWithNS(L *lua.LState) int {
	L.Push(lib.Value(lib.check(L, 1).ChildWithNS(L.CheckString(2))))
	return 1
}

func (lib *Lib) childWithName(L *lua.LState) int {
	L.Push(lib.Value(lib.check(L, 1).ChildWithName(L.CheckString(2))))
	return 1
}

// hasNamespace tells whether a child element has one of the namespaces that are keys of a table.
func (lib *Lib) hasNamespace(L *lua.LState) int {
	e, namespaces := lib.check(L, 1), L.CheckTable(2)
	has := slices.ContainsFunc(e.Tags, func(c *stanza.Element) bool {
		ns, ok := c.LookupAttr("xmlns")
		return ok && lua.LVAsBool(namespaces.RawGetString(ns))
	})
	L.Push(lua.LBool(has))
	return 1
}

// childTags is an iterator over the matching child elements; the list may change while it runs.
func (lib *Lib) childTags(L *lua.LState) int {
	e, name, ns := lib.check(L, 1), optional(L, 2), optional(L, 3)
	return iterate(L, lib, e.ChildTags(name, ns))
}

func iterate(L *lua.LState, lib *Lib, seq iter.Seq[*stanza.Element]) int {
	var list []*stanza.Element
	for c := range seq {
		list = append(list, c)
	}
	i := 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if i >= len(list) {
			L.Push(lua.LNil)
			return 1
		}
		i++
		L.Push(lib.Value(list[i-1]))
		return 1
	}))
	return 1
}

// children is an iterator over texts and elements.
func (lib *Lib) children(L *lua.LState) int {
	o := &object{lib, lib.check(L, 1)}
	i := 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		i++
		if i > o.Len() {
			L.Push(lua.LNil)
		} else {
			L.Push(o.node(i, float64(i)))
		}
		return 1
	}))
	return 1
}

func (lib *Lib) find(L *lua.LState) int {
	found := lib.check(L, 1).Find(L.CheckString(2))
	switch {
	case found.Element != nil:
		L.Push(lib.Value(found.Element))
	case found.OK:
		L.Push(lua.LString(found.Text))
	default:
		L.Push(lua.LNil)
	}
	return 1
}

// getError: type, condition, text, application specific element; all of them nil if there is no <error/>.
func (lib *Lib) getError(L *lua.LState) int {
	e := stanza.ParseError(lib.check(L, 1))
	if e == nil {
		for range 4 {
			L.Push(lua.LNil)
		}
		return 4
	}
	L.Push(lua.LString(e.Type))
	L.Push(lua.LString(e.Condition))
	if e.Text == "" {
		L.Push(lua.LNil)
	} else {
		L.Push(lua.LString(e.Text))
	}
	L.Push(lib.Value(e.App))
	return 4
}

func topTag(e *stanza.Element) lua.LValue { return lua.LString(e.TopTag()) }

// toString is tostring(stanza).
func (lib *Lib) toString(L *lua.LState) int {
	L.Push(lua.LString(lib.check(L, 1).String()))
	return 1
}
