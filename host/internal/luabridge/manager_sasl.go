package luabridge

import (
	"context"
	"errors"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// SASL is one attempt to log in, as the accounts of a host serve it. An error of Process that says SASLFailure() (condition, text) is for the peer.
type SASL interface {
	Mechanisms() []string
	Select(mechanism string) bool
	Process(ctx context.Context, message []byte) (reply []byte, done bool, err error)
	Username() string
}

// binder is a SASL that can bind an exchange to the TLS connection.
type binder interface {
	Bind(kind string, data []byte)
}

// getSASLHandler: host, session → what util.sasl's handlers are: mechanisms, select, process, add_cb_handler, clean_clone, profile, username.
func (b *Bridge) getSASLHandler(L *lua.LState) int {
	host, s := L.CheckString(1), b.origin(L, 2)
	if s == nil {
		L.ArgError(2, "session expected, got "+L.Get(2).Type().String())
	}
	h, err := b.srv.Users().SASL(b.in.Context(L), host, s)
	if err != nil {
		return pushFailure(L, err)
	}
	if own, ok := h.(*SASLHandler); ok && own.b == b {
		L.Push(own.t) // the module's own
		return 1
	}
	L.Push(b.saslValue(host, s, h))
	return 1
}

// saslKey is where a handler's table keeps the handler.
const saslKey = "_handler"

func (b *Bridge) saslValue(host string, s sdk.Session, h SASL) *lua.LTable {
	L := b.in.State()
	t, u := L.NewTable(), L.NewUserData()
	u.Value = h
	t.RawSetString(saslKey, u)
	t.RawSetString("realm", lua.LString(host))
	t.RawSetString("profile", L.NewTable())
	if b.saslClass == nil {
		b.saslClass = L.NewTable()
		b.saslClass.RawSetString("__index", b.table(map[string]lua.LGFunction{
			"mechanisms": b.saslMechanisms, "select": b.saslSelect, "process": b.saslProcess, "add_cb_handler": b.saslAddBinding,
		}))
	}
	t.Metatable = b.saslClass
	t.RawSetString("clean_clone", L.NewFunction(func(L *lua.LState) int {
		fresh, err := b.srv.Users().SASL(b.in.Context(L), host, s)
		if err != nil {
			return pushFailure(L, err)
		}
		copied := b.saslValue(host, s, fresh)
		copied.RawSetString("profile", t.RawGetString("profile"))
		copied.RawSetString("userdata", t.RawGetString("userdata"))
		L.Push(copied)
		return 1
	}))
	return t
}

func checkSASL(L *lua.LState) (*lua.LTable, SASL) {
	t := L.CheckTable(1)
	if u, ok := t.RawGetString(saslKey).(*lua.LUserData); ok {
		if h, ok := u.Value.(SASL); ok {
			return t, h
		}
	}
	L.ArgError(1, "SASL handler expected")
	return nil, nil
}

// saslAddBinding: type, function(handler) → the binding's data.
func (b *Bridge) saslAddBinding(L *lua.LState) int {
	t, _ := checkSASL(L)
	profile, ok := t.RawGetString("profile").(*lua.LTable)
	if !ok {
		L.ArgError(1, "SASL handler expected")
	}
	cb, ok := profile.RawGetString("cb").(*lua.LTable)
	if !ok {
		cb = L.NewTable()
		profile.RawSetString("cb", cb)
	}
	cb.RawSetString(L.CheckString(2), L.CheckFunction(3))
	L.SetTop(1)
	return 1
}

// bound binds a handler by tls-exporter, if a module has said how to get its data.
func (b *Bridge) bound(L *lua.LState) (*lua.LTable, SASL) {
	t, h := checkSASL(L)
	bindable, ok := h.(binder)
	if !ok {
		return t, h
	}
	cb := L.GetField(t.RawGetString("profile"), "cb")
	if cb == lua.LNil {
		return t, h
	}
	const kind = "tls-exporter"
	if fn, ok := L.GetField(cb, kind).(*lua.LFunction); ok {
		L.Push(fn)
		L.Push(t)
		L.Call(1, 1)
		if data, ok := L.Get(-1).(lua.LString); ok {
			bindable.Bind(kind, []byte(data))
		}
		L.Pop(1)
	}
	return t, h
}

// saslMechanisms gives the set of them.
func (b *Bridge) saslMechanisms(L *lua.LState) int {
	_, h := b.bound(L)
	set := L.NewTable()
	for _, name := range h.Mechanisms() {
		set.RawSetString(name, lua.LTrue)
	}
	L.Push(set)
	return 1
}

func (b *Bridge) saslSelect(L *lua.LState) int {
	t, h := b.bound(L)
	if t.RawGetString("selected") != lua.LNil || !h.Select(L.CheckString(2)) {
		return 0
	}
	t.RawSetString("selected", L.Get(2))
	L.Push(lua.LTrue)
	return 1
}

// saslProcess: message or nil → "success" or "challenge" and what to answer, or "failure", condition and text.
func (b *Bridge) saslProcess(L *lua.LState) int {
	t, h := checkSASL(L)
	var message []byte
	if s, ok := L.Get(2).(lua.LString); ok {
		message = []byte(s)
	}
	reply, done, err := h.Process(b.in.Context(L), message)
	status, answer := "challenge", lua.LValue(lua.LNil)
	if reply != nil {
		answer = lua.LString(reply)
	}
	switch {
	case err != nil:
		return b.pushSASLFailure(L, err)
	case done:
		status = "success"
		t.RawSetString("username", lua.LString(h.Username()))
	}
	L.Push(lua.LString(status))
	L.Push(answer)
	return 2
}

func (b *Bridge) pushSASLFailure(L *lua.LState, err error) int {
	condition, text := "temporary-auth-failure", ""
	var reported interface {
		error
		SASLFailure() (condition, text string)
	}
	if errors.As(err, &reported) {
		condition, text = reported.SASLFailure()
	} else {
		b.log.Warn("authentication failed", "err", err)
	}
	L.Push(lua.LString("failure"))
	L.Push(lua.LString(condition))
	if text == "" {
		return 2
	}
	L.Push(lua.LString(text))
	return 3
}
