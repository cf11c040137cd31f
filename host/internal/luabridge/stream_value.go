package luabridge

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// streamValue is what parses a connection (session.stream): set_session gives what is parsed from now on to another session, reset lets the
// client open its stream again.
func (o *connObject) streamValue() lua.LValue {
	if o.stream == lua.LNil {
		nothing := func(*lua.LState) int { return 0 }
		o.stream = o.b.table(map[string]lua.LGFunction{
			"set_session": func(L *lua.LState) int {
				s := o.b.sessionOf(L.Get(2))
				if s == nil {
					L.ArgError(2, "session expected, got "+L.Get(2).Type().String())
				}
				o.c.Serve(s)
				return 0
			},
			"reset": func(*lua.LState) int {
				o.c.Restart()
				return 0
			},
			"set_stanza_size_limit": nothing, // the core's options say it
		})
	}
	return o.stream
}

// connOf is the connection of a session, nil if it has none.
func (o *sessionObject) connOf() *connObject {
	v, _ := o.s.Field("conn")
	c, ok := v.(Conn)
	if !ok {
		return nil
	}
	o.b.connValue(c)
	return c.Face().(*connObject)
}

// stream is session.stream, nil without a connection.
func (o *sessionObject) stream() lua.LValue {
	if c := o.connOf(); c != nil {
		return c.streamValue()
	}
	return lua.LNil
}

// updateSession lets a session go on with another's connection, which that loses: the core's part of resuming a stream.
// It fires the global event c2s-session-updated {session, from_session, replaced_conn}.
func (b *Bridge) updateSession(L *lua.LState) int {
	to, from := b.clientSession(L, 1), b.clientSession(L, 2)
	c := from.connOf()
	if c == nil {
		L.ArgError(2, "a session with a connection expected")
	}
	ev := sdk.NewEvent("c2s-session-updated", "session", to.s, "from_session", from.s)
	if old := to.connOf(); old != nil && old != c {
		ev.Set("replaced_conn", old.c)
		old.c.Serve(nil)
		old.c.Shut()
	}
	for _, name := range []string{"ip", "secure", "conn"} {
		v, _ := from.s.Field(name)
		to.s.SetField(name, v)
	}
	to.NewIndex(L, lua.LString("send"), lua.LNil)
	to.NewIndex(L, lua.LString("close"), lua.LNil)
	c.c.Serve(to.s)
	from.s.SetField("conn", nil)
	b.srv.Bus("*").Fire(b.in.Context(L), ev) // the bus logs failures
	L.Push(lua.LTrue)
	return 1
}

// clientSession is an argument that has to be a session.
func (b *Bridge) clientSession(L *lua.LState, n int) *sessionObject {
	s := b.sessionOf(L.Get(n))
	if s == nil {
		L.ArgError(n, "session expected, got "+L.Get(n).Type().String())
	}
	return b.sessionObject(s)
}

// sessionOf is the session that a value stands for, nil if it does not.
func (b *Bridge) sessionOf(v lua.LValue) sdk.Session {
	if o, ok := compat.ObjectOf(v); ok {
		if s, ok := o.(*sessionObject); ok {
			return s.s
		}
	}
	return nil
}
