package luabridge

import (
	"cmp"
	"context"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Adoption is a client whose stream a module reads and writes itself.
type Adoption struct {
	Host, IP string
	Secure   bool
	Send     func(ctx context.Context, st *stanza.Element) bool
	Close    func(ctx context.Context, reason *stanza.StreamError)
	Restart  func(ctx context.Context)
}

// adopted are the tables of modules that are sessions of clients. Such a table stays what it is for the module, with its own functions and
// fields; those that belong to the core are looked up there, and written there.
type adopted struct {
	of    map[*lua.LTable]*adoptedSession
	class *lua.LTable // metatable of such tables
}

// adoptedSession is what is behind such a table.
type adoptedSession struct {
	b     *Bridge
	s     sdk.Session
	table *lua.LTable
	own   *lua.LTable // the module's fields
	user  *lua.LTable // of all sessions of the bare JID; nil until asked for
}

// coreFields are those whose values the core has.
var coreFields = map[string]bool{
	"type": true, "username": true, "host": true, "resource": true, "full_jid": true, "presence": true, "priority": true, "interested": true,
	"roster": true, "secure": true, "directed": true, "role": true, "destroyed": true,
}

func (b *Bridge) openAdopted() {
	b.adopted.of = map[*lua.LTable]*adoptedSession{}
	b.adopted.class = b.table(map[string]lua.LGFunction{
		"__index": func(L *lua.LState) int {
			L.Push(b.adopted.of[L.CheckTable(1)].get(L.Get(2)))
			return 1
		},
		"__newindex": func(L *lua.LState) int {
			a := b.adopted.of[L.CheckTable(1)]
			if L.Get(2) == lua.LString("conn") && b.connOfCore(L.Get(3)) {
				b.otherKind(L, a.s)
			}
			a.set(L.Get(2), L.Get(3))
			return 0
		},
		"__pairs": func(L *lua.LState) int {
			a := b.adopted.of[L.CheckTable(1)]
			L.Push(L.NewFunction(func(L *lua.LState) int {
				k, v := a.own.Next(L.Get(2))
				L.Push(k)
				L.Push(v)
				return 2
			}))
			L.Push(a.table)
			L.Push(lua.LNil)
			return 3
		},
	})
}

func (a *adoptedSession) get(key lua.LValue) lua.LValue {
	if name, ok := key.(lua.LString); ok && coreFields[string(name)] {
		v, _ := a.s.Field(string(name))
		return a.b.toLua(v)
	}
	return a.own.RawGet(key)
}

func (a *adoptedSession) set(key, value lua.LValue) {
	if name, ok := key.(lua.LString); ok && coreFields[string(name)] {
		a.s.SetField(string(name), a.b.toGo(value))
		return
	}
	a.own.RawSet(key, value)
}

// originOf is a Lua value as the origin of stanzas, nil for nil. A table that says it is a client who has still to authenticate becomes a
// session of the core: from then on it is found like those of other clients.
func (b *Bridge) originOf(ctx context.Context, v lua.LValue) sdk.Session {
	if t, ok := v.(*lua.LTable); ok && b.isClient(t) {
		a, err := b.adopt(t)
		if err == nil {
			return a.s
		}
		b.log.Warn("a module's session cannot be one of the server's", "err", err)
	}
	return sdk.OriginOf(ctx, b.toGo(v))
}

func (b *Bridge) isClient(t *lua.LTable) bool {
	if _, proxy := compat.ObjectOf(t); proxy || b.adopted.of[t] != nil {
		return false
	}
	return t.RawGetString("type") == lua.LString(sdk.TypeUnauthed) && t.RawGetString("host").Type() == lua.LTString
}

// adopt makes a session of a module's table.
func (b *Bridge) adopt(t *lua.LTable) (*adoptedSession, error) {
	a := &adoptedSession{b: b, table: t, own: b.in.State().NewTable()}
	s, err := b.srv.Adopt(Adoption{
		Host: lua.LVAsString(t.RawGetString("host")), IP: lua.LVAsString(t.RawGetString("ip")), Secure: lua.LVAsBool(t.RawGetString("secure")),
		Send: a.send, Close: a.close, Restart: a.restart,
	})
	if err != nil {
		return nil, err
	}
	a.s = s
	var keys []lua.LValue
	t.ForEach(func(k, v lua.LValue) {
		keys = append(keys, k)
		if name, ok := k.(lua.LString); !ok || !coreFields[string(name)] {
			a.own.RawSet(k, v)
		}
	})
	for _, k := range keys {
		t.RawSet(k, lua.LNil)
	}
	t.Metatable = b.adopted.class
	b.adopted.of[t] = a
	s.SetFace(a)
	return a, nil
}

// call calls one of the session's own functions, whatever it is now.
func (a *adoptedSession) call(ctx context.Context, name string, args func() []lua.LValue) lua.LValue {
	t := a.b.in.Enter(ctx)
	defer t.Leave()
	fn := a.own.RawGetString(name)
	if fn == lua.LNil {
		return lua.LNil
	}
	results, err := a.b.in.PCall(t.L, fn, 1, args()...)
	if err != nil {
		logFailure(a.b.log, "session."+name+" failed", err, "session", a.s.ID())
		return lua.LFalse
	}
	return results[0]
}

func (a *adoptedSession) send(ctx context.Context, st *stanza.Element) bool {
	return lua.LVAsBool(a.call(ctx, "send", func() []lua.LValue { return []lua.LValue{a.b.stanzas.Value(st)} }))
}

func (a *adoptedSession) close(ctx context.Context, reason *stanza.StreamError) {
	a.call(ctx, "close", func() []lua.LValue { return []lua.LValue{a.table, a.b.closeReason(reason)} })
	t := a.b.in.Enter(ctx)
	defer t.Leave()
	if destroyed, _ := a.s.Field("destroyed"); destroyed == true || a.own.RawGetString("conn") != lua.LNil {
		return
	}
	// A session that waits for its client: the module's function has nothing to close.
	text := ""
	if reason != nil {
		text = cmp.Or(reason.Text, reason.Condition)
	}
	if err := a.b.destroySession(t.L, a.s, text); err != nil {
		a.b.log.Debug("ending a session without a connection", "session", a.s.ID(), "err", err)
	}
}

func (a *adoptedSession) restart(ctx context.Context) {
	a.call(ctx, "reset_stream", func() []lua.LValue { return []lua.LValue{a.table} })
}

// destroySession ends a session, which is the first argument.
func (b *Bridge) destroySession(L *lua.LState, s sdk.Session, reason string) error {
	if t, ok := L.Get(1).(*lua.LTable); ok && s != nil && b.adopted.of[t] == nil && b.ownSession(t) { // it has opened no stream
		t.RawSetString("type", lua.LString("c2s_destroyed"))
		t.RawSetString("destroyed", lua.LTrue)
		return nil
	}
	if err := b.srv.DestroySession(b.in.Context(L), s, reason); err != nil {
		return err
	}
	if a, ok := s.Face().(*adoptedSession); ok {
		if destroyed, _ := s.Field("destroyed"); destroyed == true {
			a.retire()
		}
	}
	return nil
}

// retire makes the table one of the module's own again, that discards what it is still sent.
func (a *adoptedSession) retire() {
	delete(a.b.adopted.of, a.table)
	a.table.Metatable = lua.LNil
	a.own.ForEach(func(k, v lua.LValue) { a.table.RawSet(k, v) })
	a.table.RawSetString("type", lua.LString("c2s_destroyed"))
	a.table.RawSetString("destroyed", lua.LTrue)
	discard := a.b.in.State().NewFunction(func(L *lua.LState) int {
		L.Push(lua.LFalse)
		return 1
	})
	for _, name := range []string{"send", "rawsend", "close"} {
		a.own.RawSetString(name, discard)
		a.table.RawSetString(name, discard)
	}
}

// replaced is told that a connection which a module has serves another session now. One that never had a resource is over by that: what is
// left of it is the module's table.
func (b *Bridge) replaced(L *lua.LState, before, now lua.LValue) {
	t, ok := before.(*lua.LTable)
	a := b.adopted.of[t]
	if !ok || a == nil || now == lua.LNil || now == before || a.s.JID() != "" {
		return
	}
	delete(b.adopted.of, t)
	t.Metatable = lua.LNil
	a.own.ForEach(func(k, v lua.LValue) { t.RawSet(k, v) })
	for name := range coreFields {
		v, _ := a.s.Field(name)
		t.RawSetString(name, b.toLua(v))
	}
	if err := b.srv.DestroySession(b.in.Context(L), a.s, ""); err != nil {
		b.log.Debug("ending a session that has been replaced", "session", a.s.ID(), "err", err)
	}
}

// connOfCore is whether a value is a connection that the core has.
func (b *Bridge) connOfCore(v lua.LValue) bool {
	o, ok := compat.ObjectOf(v)
	if !ok {
		return false
	}
	_, ok = o.(*connObject)
	return ok
}

// otherKind refuses to let a session go on with a connection of another kind: what is sent and filtered here goes another way there. The
// session ends, so that its client begins a new one.
func (b *Bridge) otherKind(L *lua.LState, s sdk.Session) {
	s.Close(b.in.Context(L), &stanza.StreamError{Condition: "reset", Text: "the session cannot go on over another kind of connection"})
	L.RaiseError("a session cannot go on with a connection of another kind")
}
