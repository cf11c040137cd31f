package lualib

import (
	"strings"

	"github.com/google/uuid"
	lua "github.com/yuin/gopher-lua"

	"quatrain/xmpp/jid"
)

func pushSASL(L *lua.LState, words ...string) int {
	for _, w := range words {
		L.Push(lua.LString(w))
	}
	return len(words)
}

// callBackend calls a function of the profile with the handler in front, for two results.
func callBackend(L *lua.LState, name string, args ...lua.LValue) (first, second lua.LValue) {
	L.Push(saslProfile(L).RawGetString(name))
	for _, a := range args {
		L.Push(a)
	}
	L.Call(len(args), 2)
	first, second = L.Get(-2), L.Get(-1)
	L.Pop(2)
	return first, second
}

// saslPlain is RFC 4616. The profile has plain(self, user, realm) for the password, or plain_test(self, user, password, realm); both add
// whether the account is enabled (nil: there is none).
func (l *library) saslPlain(L *lua.LState) int {
	handler := L.CheckTable(1)
	parts := strings.Split(L.OptString(2, ""), "\x00")
	if len(parts) != 3 {
		return pushSASL(L, "failure", "malformed-request")
	}
	user, ok := jid.Saslprep(parts[1], false)
	password, ok2 := jid.Saslprep(parts[2], false)
	if !ok || !ok2 || user == "" || password == "" {
		return pushSASL(L, "failure", "malformed-request", "Invalid username or password.")
	}
	realm, name := handler.RawGetString("realm"), lua.LString(user)
	var correct bool
	var state lua.LValue = lua.LFalse
	if saslProfile(L).RawGetString("plain") != lua.LNil {
		var known lua.LValue
		known, state = callBackend(L, "plain", handler, name, realm)
		correct = known == lua.LString(password)
	} else {
		var answer lua.LValue
		answer, state = callBackend(L, "plain_test", handler, name, lua.LString(password), realm)
		correct = lua.LVAsBool(answer)
	}
	handler.RawSetString("username", name)
	switch {
	case state == lua.LFalse:
		return pushSASL(L, "failure", "account-disabled")
	case state == lua.LNil || !correct:
		return pushSASL(L, "failure", "not-authorized", "The user name or the password is wrong.")
	}
	return pushSASL(L, "success")
}

// saslAnonymous is RFC 4505. The profile's anonymous(self, user, realm) is asked for a name of ours until it likes one.
func saslAnonymous(L *lua.LState) int {
	handler := L.CheckTable(1)
	for range 100 {
		name := lua.LString(uuid.NewString())
		if ok, _ := callBackend(L, "anonymous", handler, name, handler.RawGetString("realm")); lua.LVAsBool(ok) {
			handler.RawSetString("username", name)
			return pushSASL(L, "success")
		}
	}
	return pushSASL(L, "failure", "temporary-auth-failure")
}

// saslExternal is RFC 4422 appendix A. The profile's external(name) gives the user and whether the account is enabled (nil: there is none).
func saslExternal(L *lua.LState) int {
	handler := L.CheckTable(1)
	name, ok := jid.Saslprep(L.OptString(2, ""), false)
	if !ok {
		return pushSASL(L, "failure", "malformed-request")
	}
	user, state := callBackend(L, "external", lua.LString(name))
	handler.RawSetString("username", user)
	switch state {
	case lua.LFalse:
		return pushSASL(L, "failure", "account-disabled")
	case lua.LNil:
		return pushSASL(L, "failure", "not-authorized")
	case lua.LString("expired"):
		return pushSASL(L, "failure", "credentials-expired")
	}
	return pushSASL(L, "success")
}
