package luabridge

import (
	lua "github.com/yuin/gopher-lua"
)

// sessionFunction is one of the functions that a session has as fields. It works for the session that it was made for until a module says
// otherwise (f.session = other, see functionFields).
type sessionFunction struct {
	name string
	o    *sessionObject
}

// functionOf is what is behind such a function, nil for others.
func functionOf(v lua.LValue) *sessionFunction {
	fn, ok := v.(*lua.LFunction)
	if !ok || !fn.IsG || len(fn.Upvalues) != 1 {
		return nil
	}
	u, ok := fn.Upvalues[0].Value().(*lua.LUserData)
	if !ok {
		return nil
	}
	f, _ := u.Value.(*sessionFunction)
	return f
}

// newSessionFunction makes one of a name; f is called with what it works for now.
func (b *Bridge) newSessionFunction(o *sessionObject, name string, f func(L *lua.LState, o *sessionObject) int) *lua.LFunction {
	sf := &sessionFunction{name, o}
	u := b.in.State().NewUserData()
	u.Value = sf
	return b.in.State().NewClosure(func(L *lua.LState) int { return f(L, sf.o) }, u)
}

// openFunctionFields lets modules read and write the upvalues of functions by name, as fields of the function, which is how Prosody's modules
// tell a session's functions that they work for another session. Our own functions know "session"; what else a session's functions have to do with
// (connection, filters) comes with the session.
func (b *Bridge) openFunctionFields() {
	L := b.in.State()
	mt := b.table(map[string]lua.LGFunction{"__index": b.functionField, "__newindex": b.setFunctionField})
	L.SetMetatable(L.NewFunction(func(*lua.LState) int { return 0 }), mt)
}

// upvalue is a function's upvalue of a name, nil if it has none.
func upvalue(fn *lua.LFunction, name string) *lua.Upvalue {
	if fn.IsG {
		return nil
	}
	for i, n := range fn.Proto.DbgUpvalues {
		if n == name && i < len(fn.Upvalues) {
			return fn.Upvalues[i]
		}
	}
	return nil
}

func (b *Bridge) functionField(L *lua.LState) int {
	fn, name := L.CheckFunction(1), L.Get(2)
	key, ok := name.(lua.LString)
	if !ok {
		L.RaiseError("attempt to index a function with a %s", name.Type())
	}
	if sf := functionOf(fn); sf != nil && key == "session" {
		L.Push(sf.o.table)
		return 1
	}
	if u := upvalue(fn, string(key)); u != nil {
		L.Push(u.Value())
		return 1
	}
	L.Push(lua.LNil)
	return 1
}

func (b *Bridge) setFunctionField(L *lua.LState) int {
	fn, name, value := L.CheckFunction(1), L.CheckString(2), L.Get(3)
	if sf := functionOf(fn); sf != nil {
		if s := b.sessionOf(value); name == "session" && s != nil {
			sf.o = b.sessionObject(s)
			sf.o.overridden(L, fn)
		}
		return 0
	}
	u := upvalue(fn, name)
	if u == nil {
		L.RaiseError("the function has no upvalue %q to assign to", name)
	}
	u.SetValue(value)
	return 0
}
