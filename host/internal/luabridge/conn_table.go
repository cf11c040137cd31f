package luabridge

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// connTable is the shared table of client connections: connection → the session it serves. Assigning gives the connection to another session,
// or with nil to none.
type connTable struct {
	b    *Bridge
	walk []Conn      // as the newest traversal found them
	own  *lua.LTable // sessions on connections that modules have, by the connection
}

func (t *connTable) TypeName() string      { return "sessions" }
func (t *connTable) Metatable() lua.LValue { return lua.LNil }
func (t *connTable) Len() int              { return 0 }

func (t *connTable) conn(key lua.LValue) Conn {
	if o, ok := compat.ObjectOf(key); ok {
		if c, ok := o.(*connObject); ok {
			return c.c
		}
	}
	return nil
}

func (t *connTable) Index(_ *lua.LState, key lua.LValue) lua.LValue {
	if c := t.conn(key); c != nil {
		return t.session(c)
	}
	return t.own.RawGet(key)
}

func (t *connTable) session(c Conn) lua.LValue {
	if s := c.Session(); s != nil {
		return t.b.sessionValue(s)
	}
	return lua.LNil
}

func (t *connTable) NewIndex(L *lua.LState, key, value lua.LValue) {
	c := t.conn(key)
	switch {
	case c == nil && key.Type() == lua.LTTable:
		before := t.own.RawGet(key)
		t.own.RawSet(key, value)
		t.b.replaced(L, before, value)
	case c == nil:
		L.RaiseError("the table of client sessions has connections for keys, not a %s", key.Type())
	case value == lua.LNil:
		c.Serve(nil)
	default:
		s := t.b.sessionOf(value)
		if s == nil {
			L.RaiseError("a client's connection serves sessions, not a %s", value.Type())
		}
		c.Serve(s)
	}
}

func (t *connTable) Next(_ *lua.LState, key lua.LValue) (k, v lua.LValue) {
	if key != lua.LNil && t.conn(key) == nil {
		return t.own.Next(key)
	}
	at := 0
	if key == lua.LNil {
		t.walk = slices.Collect(t.b.srv.Conns())
	} else {
		at = slices.Index(t.walk, t.conn(key)) + 1
	}
	for ; at < len(t.walk); at++ {
		if v := t.session(t.walk[at]); v != lua.LNil {
			return t.b.connValue(t.walk[at]), v
		}
	}
	return t.own.Next(lua.LNil)
}
