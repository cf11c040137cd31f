package luastanza

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/xmpp/stanza"
)

// functions are those of the library itself.
func (lib *Lib) functions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"stanza":      lib.newStanza,
		"message":     lib.newMessage,
		"iq":          lib.newIQ,
		"presence":    lib.newPresence,
		"reply":       lib.reply,
		"error_reply": lib.errorReply,
		"clone":       lib.clone,
		"is_stanza":   lib.isStanza,
		"preserialize": func(L *lua.LState) int {
			L.Push(lib.Preserialized(lib.check(L, 1)))
			return 1
		},
		"deserialize": lib.deserialize,
		"xml_escape":  xmlEscape,
	}
}

func (lib *Lib) newStanza(L *lua.LState) int {
	L.Push(lib.Value(lib.element(L, 1)))
	return 1
}

// newMessage: attributes, body.
func (lib *Lib) newMessage(L *lua.LState) int {
	e := stanza.New("message", "")
	lib.attrsFrom(L, 1, e)
	if L.Get(2) != lua.LNil {
		e.AddChild(stanza.New("body", "").AddText(text(L, 2)))
	}
	L.Push(lib.Value(e))
	return 1
}

func (lib *Lib) newIQ(L *lua.LState) int {
	e := stanza.New("iq", "")
	lib.attrsFrom(L, 1, e)
	if e.Attr("id") == "" || e.Attr("type") == "" {
		L.RaiseError("an iq stanza needs an id and a type")
	}
	L.Push(lib.Value(e))
	return 1
}

func (lib *Lib) newPresence(L *lua.LState) int {
	e := stanza.New("presence", "")
	lib.attrsFrom(L, 1, e)
	L.Push(lib.Value(e))
	return 1
}

func (lib *Lib) reply(L *lua.LState) int {
	L.Push(lib.Value(stanza.Reply(lib.check(L, 1))))
	return 1
}

// errorReply: stanza, then as errorFrom. What is added to the reply belongs to the error, until the builder leaves it.
func (lib *Lib) errorReply(L *lua.LState) int {
	st := lib.check(L, 1)
	if st.Attr("type") == "error" {
		L.RaiseError("an error is not answered: %s", st.TopTag())
	}
	reply := stanza.ErrorReply(st, lib.errorFrom(L, 2))
	reply.SetPath([]int{len(reply.Tags) - 1})
	L.Push(lib.Value(reply))
	return 1
}

// errorFrom reads an error from argument n on: type, condition, text, by; or an error object (a table with these fields and "extra").
func (lib *Lib) errorFrom(L *lua.LState, n int) *stanza.Error {
	if t, ok := L.Get(n).(*lua.LTable); ok {
		return lib.errorObject(L, t)
	}
	e := &stanza.Error{
		Type:      stanza.ErrorType(optional(L, n)),
		Condition: stanza.Condition(optional(L, n+1)),
		Text:      text(L, n+2),
		By:        text(L, n+3),
	}
	if e.Condition == "" {
		e.Condition = "undefined-condition"
	}
	return e
}

func (lib *Lib) errorObject(L *lua.LState, t *lua.LTable) *stanza.Error {
	field := func(name string) string { return lua.LVAsString(L.GetTable(t, lua.LString(name))) }
	e := &stanza.Error{Type: stanza.ErrorType(field("type")), Condition: stanza.Condition(field("condition")), Text: field("text"), By: field("by")}
	if c, ok := L.GetTable(t, lua.LString("context")).(*lua.LTable); ok && e.By == "" {
		e.By = lua.LVAsString(L.GetTable(c, lua.LString("by")))
	}
	if e.Condition == "" {
		e.Condition = "undefined-condition"
	}
	extra, ok := L.GetTable(t, lua.LString("extra")).(*lua.LTable)
	if !ok {
		return e
	}
	if tag, ok := lib.Element(L.GetTable(extra, lua.LString("tag"))); ok {
		e.App = tag
	} else if ns, ok := L.GetTable(extra, lua.LString("namespace")).(lua.LString); ok {
		if condition, ok := L.GetTable(extra, lua.LString("condition")).(lua.LString); ok {
			e.App = stanza.New(string(condition), string(ns))
		}
	}
	if uri, ok := L.GetTable(extra, lua.LString("uri")).(lua.LString); ok && (e.Condition == "gone" || e.Condition == "redirect") {
		e.URI = string(uri)
	}
	return e
}

// clone: stanza, only its top.
func (lib *Lib) clone(L *lua.LState) int {
	e := lib.check(L, 1)
	if lua.LVAsBool(L.Get(2)) {
		L.Push(lib.Value(e.ShallowClone()))
	} else {
		L.Push(lib.Value(e.Clone()))
	}
	return 1
}

func (lib *Lib) isStanza(L *lua.LState) int {
	t, ok := L.Get(1).(*lua.LTable)
	if ok {
		if o, proxy := compat.ObjectOf(t); proxy {
			_, ok = o.(*object)
		} else {
			ok = t.Metatable == lib.mt
		}
	}
	L.Push(lua.LBool(ok))
	return 1
}

// Preserialized is the stanza as plain tables that any serialiser can write.
func (lib *Lib) Preserialized(e *stanza.Element) *lua.LTable {
	L := lib.in.State()
	t, attrs := L.CreateTable(len(e.Nodes), 2), L.CreateTable(0, len(e.Attrs))
	t.RawSetString("name", lua.LString(e.Name))
	for _, a := range e.Attrs {
		attrs.RawSetString(a.Name, lua.LString(a.Value))
	}
	t.RawSetString("attr", attrs)
	for _, n := range e.Nodes {
		if n.Element != nil {
			t.Append(lib.Preserialized(n.Element))
		} else {
			t.Append(lua.LString(n.Text))
		}
	}
	return t
}

// deserialize is the inverse; nil for nil.
func (lib *Lib) deserialize(L *lua.LState) int {
	t, ok := L.Get(1).(*lua.LTable)
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	if e, ok := lib.Element(t); ok {
		L.Push(lib.Value(e))
		return 1
	}
	L.Push(lib.Value(lib.fromPlain(t)))
	return 1
}

// fromPlain copies a table of a stanza's shape.
func (lib *Lib) fromPlain(t *lua.LTable) *stanza.Element {
	L, name := lib.in.State(), lua.LVAsString(t.RawGetString("name"))
	checkName(L, "an element", name)
	e := stanza.New(name, "")
	if attrs, ok := t.RawGetString("attr").(*lua.LTable); ok {
		setAttrs(L, e, attrs, nil)
	}
	for i := 1; i <= t.Len(); i++ {
		if c, ok := t.RawGetInt(i).(*lua.LTable); ok {
			child, isStanza := lib.Element(c)
			if !isStanza {
				child = lib.fromPlain(c)
			}
			e.AddChild(child)
		} else {
			text := lua.LVAsString(t.RawGetInt(i))
			checkText(L, "text", text)
			e.AddText(text)
		}
	}
	return e
}

func xmlEscape(L *lua.LState) int {
	L.Push(lua.LString(stanza.AppendAttrValue(nil, L.CheckString(1))))
	return 1
}
