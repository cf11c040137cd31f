package luabridge

import (
	lua "github.com/yuin/gopher-lua"
)

// absentConn stands for a connection where there is none: in a process of its own a module can see that a client has a connection, and
// nothing else of it.
type absentConn struct{}

// connAbsent is what a module is told that reaches for it.
const connAbsent = "session.conn cannot be used by a module in a process of its own (isolate)"

func (absentConn) TypeName() string      { return "connection" }
func (absentConn) Metatable() lua.LValue { return lua.LNil }
func (absentConn) Len() int              { return 0 }

func (absentConn) Index(L *lua.LState, _ lua.LValue) lua.LValue {
	L.RaiseError(connAbsent)
	return lua.LNil
}

func (absentConn) NewIndex(L *lua.LState, _, _ lua.LValue) { L.RaiseError(connAbsent) }

func (absentConn) Next(*lua.LState, lua.LValue) (k, v lua.LValue) { return lua.LNil, lua.LNil }

// connField is session.conn of a value that the session gave for it.
func (b *Bridge) connField(v any) lua.LValue {
	if _, here := v.(Conn); v == nil || here {
		return b.toLua(v)
	}
	if b.absent == nil {
		b.absent = b.in.NewProxy(absentConn{})
	}
	return b.absent
}
