package luabridge

import (
	"context"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// sessionFields are the names that a traversal of a session shows, of those the core knows.
var sessionFields = []string{"type", "username", "host", "resource", "full_jid", "presence", "priority", "interested", "roster",
	"secure", "encrypted", "ip", "id", "base_type", "conn", "directed", "hibernating", "destroyed", "role"}

// sessionObject is a session: the core's fields, functions made for it, and whatever modules hang on it.
type sessionObject struct {
	b     *Bridge
	s     sdk.Session
	extra *lua.LTable // set by modules, or functions made here; shadows nothing the core knows
	table *lua.LTable
	user  *lua.LTable // of all sessions of the bare JID; nil until asked for

}

// fewFields is room for what modules usually hang on a value. Without a number gopher-lua makes room for 32 fields, which is 2.8 KB.
const fewFields = 4

// sessionValue is the one table of a session; that of a host, as the origin of what it sends, is the one in prosody.hosts.
func (b *Bridge) sessionValue(s sdk.Session) lua.LValue {
	if o, ok := s.(*sdk.ObjectSession); ok {
		return b.objectValue(o.Object())
	}
	if host := s.Host(); host != "" && s.JID() == host && b.srv.HostSession(host) == s {
		return b.hostValue(host)
	}
	if a, ok := s.Face().(*adoptedSession); ok {
		return a.table
	}
	return b.sessionObject(s).table
}

func (b *Bridge) sessionObject(s sdk.Session) *sessionObject {
	if o, ok := s.Face().(*sessionObject); ok {
		return o
	}
	o := &sessionObject{b: b, s: s, extra: b.in.State().CreateTable(0, fewFields)}
	o.table = b.in.NewProxy(o)
	s.SetFace(o)
	return o
}

func (o *sessionObject) TypeName() string      { return "session" }
func (o *sessionObject) Metatable() lua.LValue { return lua.LNil }
func (o *sessionObject) Len() int              { return 0 }
func (o *sessionObject) goValue() any          { return o.s }

func (o *sessionObject) Index(L *lua.LState, key lua.LValue) lua.LValue {
	if name, ok := key.(lua.LString); ok {
		return o.IndexString(L, string(name))
	}
	return o.extra.RawGet(key)
}

func (o *sessionObject) IndexString(L *lua.LState, name string) lua.LValue {
	if name == "roster" {
		return o.rosterTable(o.b.in.Context(L))
	}
	if v, known := o.s.Field(name); known && v != nil {
		if role, ok := v.(string); ok && name == "role" {
			return o.b.roleOf(o.s.Host(), role)
		}
		if name == "conn" {
			return o.b.connField(v)
		}
		return o.b.toLua(v)
	}
	if v := o.extra.RawGetString(name); v != lua.LNil {
		return v
	}
	if f := o.b.sessions.make(o, name); f != nil {
		o.extra.RawSetString(name, f)
		return f
	}
	switch name {
	case "stream":
		return o.stream()
	case "filters":
		return o.filterLists()
	}
	return lua.LNil
}

func (o *sessionObject) NewIndex(L *lua.LState, key, value lua.LValue) {
	name, ok := key.(lua.LString)
	if name == "conn" && value.Type() == lua.LTTable && !o.b.connOfCore(value) {
		o.b.otherKind(L, o.s)
	}
	if role, isTable := value.(*lua.LTable); isTable && name == "role" {
		value = role.RawGetString("name")
	}
	if ok && o.s.SetField(string(name), o.b.toGo(value)) {
		return
	}
	switch string(name) {
	case "send":
		o.overrideSend(L, value)
	case "close":
		o.overrideClose(L, value)
	case "stream", "filters":
		return // they come with the connection
	}
	o.extra.RawSet(key, value)
}

// sendOverrider is a session whose way out a module may replace.
type sendOverrider interface {
	// OverrideSend lets f send instead of the session, nil undoes it.
	OverrideSend(f func(ctx context.Context, st *stanza.Element) bool)
}

// overrideSend makes the core's own sends go through the function that a module put in place of session.send.
func (o *sessionObject) overrideSend(L *lua.LState, value lua.LValue) {
	s, ok := o.s.(sendOverrider)
	if !ok {
		o.refuseOverride(L, "send", value)
		return
	}
	fn, ok := value.(*lua.LFunction)
	if sf := functionOf(value); !ok || sf != nil && sf.o == o {
		s.OverrideSend(nil)
		return
	}
	s.OverrideSend(func(ctx context.Context, st *stanza.Element) bool {
		results, err := o.b.in.Call(ctx, fn, 1, o.b.stanzas.Value(st))
		if err != nil {
			logFailure(o.b.log, "session.send failed", err, "session", o.s.ID())
			return false
		}
		return len(results) > 0 && lua.LVAsBool(results[0])
	})
}

// refuseOverride says that nobody would call a function in the place of the session's own.
func (o *sessionObject) refuseOverride(L *lua.LState, name string, value lua.LValue) {
	if value.Type() == lua.LTFunction && functionOf(value) == nil {
		L.RaiseError("session.%s: a module in a process of its own cannot replace it", name)
	}
}

// overridden is told that one of the core's own functions works for this session now: it overrides nothing any more.
func (o *sessionObject) overridden(L *lua.LState, fn *lua.LFunction) {
	for _, name := range []string{"send", "close"} {
		if o.extra.RawGetString(name) == fn {
			o.NewIndex(L, lua.LString(name), fn)
		}
	}
}

// closeOverrider is a session whose end a module may take over.
type closeOverrider interface {
	// OverrideClose lets f end the session instead of Close, nil undoes it.
	OverrideClose(f func(ctx context.Context, reason *stanza.StreamError))
	// CloseOwn is Close without what was put in its place.
	CloseOwn(ctx context.Context, reason *stanza.StreamError)
}

// overrideClose makes the core end a session through the function that a module put in place of session.close. If that fails, it ends anyway.
func (o *sessionObject) overrideClose(L *lua.LState, value lua.LValue) {
	s, ok := o.s.(closeOverrider)
	if !ok {
		o.refuseOverride(L, "close", value)
		return
	}
	fn, ok := value.(*lua.LFunction)
	if !ok || functionOf(value) != nil { // the core's own works for the session that it is called with
		s.OverrideClose(nil)
		return
	}
	s.OverrideClose(func(ctx context.Context, reason *stanza.StreamError) {
		if _, err := o.b.in.Call(ctx, fn, 0, o.table, o.b.closeReason(reason)); err != nil {
			logFailure(o.b.log, "session.close failed", err, "session", o.s.ID())
			s.CloseOwn(ctx, reason)
		}
	})
}

// closeReason is what session.close is given, nil for an end without an error.
func (b *Bridge) closeReason(reason *stanza.StreamError) lua.LValue {
	if reason == nil {
		return lua.LNil
	}
	t := b.in.State().NewTable()
	t.RawSetString("condition", lua.LString(reason.Condition))
	t.RawSetString("text", lua.LString(reason.Text))
	return t
}

func (o *sessionObject) Next(L *lua.LState, key lua.LValue) (k, v lua.LValue) {
	at := 0
	if name, ok := key.(lua.LString); ok {
		at = slices.Index(sessionFields, string(name)) + 1
	}
	if key == lua.LNil || at > 0 {
		for ; at < len(sessionFields); at++ {
			if v := o.IndexString(L, sessionFields[at]); v != lua.LNil {
				return lua.LString(sessionFields[at]), v
			}
		}
		key = lua.LNil
	}
	return o.extra.Next(key)
}

// sessionMethods makes the functions that a session has as fields.
type sessionMethods struct {
	b *Bridge
}

func newSessionMethods(b *Bridge) *sessionMethods { return &sessionMethods{b} }

// make is a fresh function of a session's field, nil if there is none of the name.
func (m *sessionMethods) make(o *sessionObject, name string) *lua.LFunction {
	var f func(L *lua.LState, o *sessionObject) int
	switch name {
	case "send":
		f = m.send
	case "rawsend":
		f = m.rawsend
	case "close":
		f = m.close
	case "log":
		f = m.log
	case "dispatch_stanza":
		f = m.dispatch
	case "filter":
		f = m.filter
	case "reset_stream":
		f = m.resetStream
	default:
		return nil
	}
	return m.b.newSessionFunction(o, name, f)
}

// send takes a stanza, or text as it is.
func (m *sessionMethods) send(L *lua.LState, o *sessionObject) int {
	if s, ok := L.Get(1).(lua.LString); ok {
		return raw(L, o.s, string(s))
	}
	st, ok := m.b.stanzas.Element(L.Get(1))
	if !ok {
		L.ArgError(1, "stanza expected, got "+L.Get(1).Type().String())
	}
	if own, ok := o.s.(ownSender); ok {
		return pushOutcome(L, own.SendOwn(m.b.in.Context(L), st))
	}
	return pushOutcome(L, o.s.Send(m.b.in.Context(L), st))
}

// ownSender is a session whose way out may have been replaced: its own function must not lead to the replacement, which calls it.
type ownSender interface {
	SendOwn(ctx context.Context, st *stanza.Element) error
}

func (m *sessionMethods) rawsend(L *lua.LState, o *sessionObject) int {
	return raw(L, o.s, L.CheckString(1))
}

// rawSender is a session that takes bytes.
type rawSender interface{ WriteRaw(b []byte) }

func raw(L *lua.LState, s sdk.Session, data string) int {
	r, ok := s.(rawSender)
	if ok {
		r.WriteRaw([]byte(data))
	}
	L.Push(lua.LBool(ok))
	return 1
}

// pushOutcome returns true, or nil and what failed.
func pushOutcome(L *lua.LState, err error) int {
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	L.Push(lua.LTrue)
	return 1
}

// argument is the first one after the session itself, which callers with a colon give.
func (m *sessionMethods) argument(L *lua.LState) lua.LValue {
	if _, isSession := m.b.toGo(L.Get(1)).(sdk.Session); isSession {
		return L.Get(2)
	}
	return L.Get(1)
}

// close takes nothing, a condition, a table {condition, text} or a stream error stanza.
func (m *sessionMethods) close(L *lua.LState, o *sessionObject) int {
	s := m.subject(L, o)
	ctx, reason := m.b.in.Context(L), m.b.streamError(L, m.argument(L))
	if own, ok := s.(closeOverrider); ok {
		own.CloseOwn(ctx, reason)
	} else {
		s.Close(ctx, reason)
	}
	return 0
}

func (b *Bridge) streamError(L *lua.LState, v lua.LValue) *stanza.StreamError {
	switch v := v.(type) {
	case lua.LString:
		return &stanza.StreamError{Condition: string(v)}
	case *lua.LTable:
		if e, ok := b.stanzas.Element(v); ok {
			if len(e.Tags) > 0 {
				return &stanza.StreamError{Condition: e.Tags[0].Name}
			}
			return nil
		}
		condition, ok := L.GetField(v, "condition").(lua.LString)
		if !ok {
			condition = "undefined-condition"
		}
		return &stanza.StreamError{Condition: string(condition), Text: lua.LVAsString(L.GetField(v, "text"))}
	}
	return nil
}

func (m *sessionMethods) log(L *lua.LState, o *sessionObject) int {
	m.b.writeLog(L, m.b.log.With("session", o.s.ID()), 1)
	return 0
}

func (m *sessionMethods) dispatch(L *lua.LState, o *sessionObject) int {
	st, ok := m.b.stanzas.Element(m.argument(L))
	if !ok {
		L.ArgError(1, "stanza expected, got "+m.argument(L).Type().String())
	}
	return pushOutcome(L, m.b.srv.Process(m.b.in.Context(L), o.s, st))
}

// subject is the session that a function is called with, as a method; without one it is that which the function works for.
func (m *sessionMethods) subject(L *lua.LState, o *sessionObject) sdk.Session {
	if s := m.b.sessionOf(L.Get(1)); s != nil {
		return s
	}
	return o.s
}

// filter: kind, data → the data after the filters, nil if they drop it.
func (m *sessionMethods) filter(L *lua.LState, o *sessionObject) int {
	data := m.b.toGo(L.Get(2))
	if text, ok := data.(string); ok {
		data = []byte(text)
	}
	if f, ok := o.s.(filterer); ok {
		data = f.Filter(m.b.in.Context(L), L.CheckString(1), data)
	}
	if raw, ok := data.([]byte); ok {
		data = string(raw)
	}
	L.Push(m.b.toLua(data))
	return 1
}

// filterer is a session whose filters can be asked.
type filterer interface {
	Filter(ctx context.Context, kind string, data any) any
}

// resetStream lets the client open its stream again.
func (m *sessionMethods) resetStream(_ *lua.LState, o *sessionObject) int {
	if c := o.connOf(); c != nil {
		c.c.Restart()
	}
	return 0
}

var _ compat.StringIndexer = (*sessionObject)(nil)
