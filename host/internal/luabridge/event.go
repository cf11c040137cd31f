package luabridge

import (
	"context"
	"errors"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// eventObject shows an event that Go fired to Lua: origin, stanza, to_self and the named values, live in both directions.
type eventObject struct {
	b  *Bridge
	ev *sdk.Event
}

func (o *eventObject) TypeName() string      { return "event" }
func (o *eventObject) Metatable() lua.LValue { return lua.LNil }
func (o *eventObject) Len() int              { return 0 }

func (o *eventObject) Index(L *lua.LState, key lua.LValue) lua.LValue {
	if name, ok := key.(lua.LString); ok {
		return o.IndexString(L, string(name))
	}
	return lua.LNil
}

func (o *eventObject) IndexString(_ *lua.LState, name string) lua.LValue {
	switch name {
	case "origin":
		if o.ev.Origin != nil {
			return o.b.sessionValue(o.ev.Origin)
		}
	case "stanza":
		if o.ev.Stanza != nil {
			return o.b.stanzas.Value(o.ev.Stanza)
		}
	case "to_self":
		if o.ev.ToSelf {
			return lua.LTrue
		}
	}
	return o.b.toLua(o.ev.Get(name))
}

func (o *eventObject) NewIndex(L *lua.LState, key, value lua.LValue) {
	name, ok := key.(lua.LString)
	if !ok {
		L.RaiseError("the fields of an event have names, not a %s", key.Type().String())
	}
	switch name {
	case "origin":
		o.ev.Origin = o.b.originOf(o.b.in.Context(L), value)
	case "stanza":
		o.ev.Stanza, _ = o.b.stanzas.Element(value)
	case "to_self":
		o.ev.ToSelf = lua.LVAsBool(value)
	default:
		o.ev.Set(string(name), o.b.toGo(value))
	}
}

func (o *eventObject) Next(L *lua.LState, key lua.LValue) (k, v lua.LValue) {
	names := o.names()
	at := 0
	for i, name := range names {
		if lua.LString(name) == key {
			at = i + 1
		}
	}
	if at >= len(names) {
		return lua.LNil, lua.LNil
	}
	return lua.LString(names[at]), o.IndexString(L, names[at])
}

func (o *eventObject) names() []string {
	var names []string
	if o.ev.Origin != nil {
		names = append(names, "origin")
	}
	if o.ev.Stanza != nil {
		names = append(names, "stanza")
	}
	if o.ev.ToSelf {
		names = append(names, "to_self")
	}
	var more []string
	if vs := o.ev.Values(); vs != nil {
		vs.Each(func(name string, v any) bool {
			if v != nil && !slices.Contains(names, name) {
				more = append(more, name)
			}
			return true
		})
	}
	return append(names, sorted(more)...)
}

func (o *eventObject) goValue() any { return o.ev }

// luaValues are the named values of an event that Lua fired: the table itself. v may be anything, since Lua fires with any one value.
type luaValues struct {
	b   *Bridge
	ctx context.Context
	v   lua.LValue
}

// Get reads a field. The chain holds the interpreter or takes it for the moment.
func (vs *luaValues) Get(name string) any {
	t := vs.b.in.Enter(vs.ctx)
	defer t.Leave()
	if tbl, ok := vs.v.(*lua.LTable); ok {
		v, err := vs.b.field(t, tbl, lua.LString(name))
		if err != nil {
			logFailure(vs.b.log, "reading an event", err, "field", name)
		}
		return vs.b.toGo(v)
	}
	return nil
}

func (vs *luaValues) Set(name string, value any) {
	t := vs.b.in.Enter(vs.ctx)
	defer t.Leave()
	if tbl, ok := vs.v.(*lua.LTable); ok {
		if err := vs.b.setField(t, tbl, lua.LString(name), vs.b.toLua(value)); err != nil {
			logFailure(vs.b.log, "writing an event", err, "field", name)
		}
	}
}

func (vs *luaValues) Each(f func(name string, value any) bool) {
	t := vs.b.in.Enter(vs.ctx)
	defer t.Leave()
	tbl, ok := vs.v.(*lua.LTable)
	if !ok {
		return
	}
	for k, v := range vs.b.fields(tbl) {
		name, ok := k.(lua.LString)
		if value := vs.b.toGo(v); ok && !isTyped(string(name), value) && !f(string(name), value) {
			return
		}
	}
}

// isTyped tells whether a value is one of the fields that an event has besides the named ones.
func isTyped(name string, v any) (is bool) {
	switch name {
	case "origin":
		is = sdk.OriginOf(context.Background(), v) != nil
	case "stanza":
		_, is = v.(*stanza.Element)
	case "to_self":
		_, is = v.(bool)
	}
	return is
}

// Further is the table if its metatable may have further values.
func (vs *luaValues) Further() sdk.Object {
	tbl, ok := vs.v.(*lua.LTable)
	if !ok || tbl.Metatable == lua.LNil || tbl.Metatable == nil {
		return nil
	}
	return vs.b.tableObject(tbl)
}

// luaEvent makes the event of a table that Lua fired.
func (b *Bridge) luaEvent(ctx context.Context, name string, data lua.LValue) *sdk.Event {
	if o, ok := compat.ObjectOf(data); ok {
		if e, ok := o.(*eventObject); ok { // passed on under another name
			return e.ev.As(name)
		}
	}
	both := &struct {
		event  sdk.Event
		values luaValues
	}{sdk.Event{Name: name}, luaValues{b, ctx, data}}
	both.event.Adopt(&both.values)
	both.values.refresh(&both.event)
	return &both.event
}

// refresh brings the typed fields up to what the table says now.
func (vs *luaValues) refresh(ev *sdk.Event) {
	tbl, ok := vs.v.(*lua.LTable)
	if !ok {
		return
	}
	ev.Stanza, _ = vs.b.stanzas.Element(tbl.RawGetString("stanza"))
	ev.Origin = vs.b.originOf(vs.ctx, tbl.RawGetString("origin"))
	ev.ToSelf = lua.LVAsBool(tbl.RawGetString("to_self"))
}

// eventValue is what a Lua handler is given.
func (b *Bridge) eventValue(ev *sdk.Event) lua.LValue {
	if vs, ok := ev.Values().(*luaValues); ok && vs.b == b {
		return vs.v
	}
	return b.in.NewProxy(&eventObject{b, ev})
}

// handler makes a Go handler of a Lua function.
func (b *Bridge) handler(fn *lua.LFunction) sdk.Handler {
	return func(ctx context.Context, ev *sdk.Event) (any, error) {
		t := b.in.Enter(ctx)
		defer t.Leave()
		L := t.L
		L.Push(fn)
		L.Push(b.eventValue(ev))
		if err := t.PCall(1, 1); err != nil {
			return nil, err
		}
		if vs, ok := ev.Values().(*luaValues); ok && vs.b == b {
			vs.refresh(ev)
		}
		return b.toGo(L.Get(-1)), nil
	}
}

// raise raises an error of Go code in Lua: one that Lua raised before as what it was.
func raise(L *lua.LState, err error) {
	var inner *compat.Error
	if errors.As(err, &inner) {
		compat.RaiseAs(L, inner.Value, err)
	}
	compat.Raise(L, err)
}

var _ compat.StringIndexer = (*eventObject)(nil)
