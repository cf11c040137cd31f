package luabridge

import (
	"errors"

	lua "github.com/yuin/gopher-lua"
)

// providerFunctions are those of core.usermanager about providers of accounts.
func (b *Bridge) providerFunctions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"get_provider": func(L *lua.LState) int {
			L.Push(b.usersProvider(L.CheckString(1)))
			return 1
		},
		"get_sasl_handler": b.getSASLHandler,
		"new_null_provider": func(L *lua.LState) int {
			t := L.NewTable()
			t.RawSetString("name", lua.LString("null"))
			b.completeProvider(t)
			L.Push(t)
			return 1
		},
	}
}

// usersProvider is hosts[h].users: the table that a Lua module provides, or the functions of the host's own accounts.
func (b *Bridge) usersProvider(host string) lua.LValue {
	if o, ok := b.srv.Users().Provider(host).(*tableObject); ok && o.b == b {
		return o.t
	}
	if t := b.providers[host]; t != nil {
		return t
	}
	t := b.ownProvider(host)
	b.providers[host] = t
	return t
}

// completeProvider gives a provider the functions that it lacks: they say that they are not there.
func (b *Bridge) completeProvider(t *lua.LTable) {
	if b.nullProvider == nil {
		b.nullProvider = b.in.State().NewTable()
		b.notImplemented = b.in.State().NewFunction(func(L *lua.LState) int { return pushFailure(L, errors.New("method not implemented")) })
		b.nullProvider.RawSetString("__index", b.in.State().NewFunction(func(L *lua.LState) int {
			L.Push(b.notImplemented)
			return 1
		}))
	}
	if t.Metatable == lua.LNil {
		t.Metatable = b.nullProvider
	}
}

// ownProvider has the functions of core.usermanager for one host, with the usernames in front.
func (b *Bridge) ownProvider(host string) *lua.LTable {
	users := b.srv.Users()
	setEnabled := func(on bool) lua.LGFunction {
		return func(L *lua.LState) int {
			return pushOutcome(L, users.SetEnabled(b.in.Context(L), L.CheckString(1), host, on))
		}
	}
	t := b.table(map[string]lua.LGFunction{
		"user_exists": func(L *lua.LState) int {
			ok, err := users.Exists(b.in.Context(L), L.CheckString(1), host)
			return pushBool(L, ok, err)
		},
		"is_enabled": func(L *lua.LState) int {
			ok, err := users.Enabled(b.in.Context(L), L.CheckString(1), host)
			return pushBool(L, ok, err)
		},
		"enable":  setEnabled(true),
		"disable": setEnabled(false),
		"test_password": func(L *lua.LState) int {
			ok, err := users.TestPassword(b.in.Context(L), L.CheckString(1), host, L.CheckString(2))
			return pushBool(L, ok, err)
		},
		"get_password": func(L *lua.LState) int {
			return pushPassword(L)(users.Password(b.in.Context(L), L.CheckString(1), host))
		},
		"set_password": func(L *lua.LState) int {
			return pushOutcome(L, users.SetPassword(b.in.Context(L), L.CheckString(1), host, L.CheckString(2), ""))
		},
		"create_user": func(L *lua.LState) int {
			return pushOutcome(L, users.Create(b.in.Context(L), L.CheckString(1), host, L.OptString(2, "")))
		},
		"delete_user": func(L *lua.LState) int {
			return pushOutcome(L, users.Delete(b.in.Context(L), L.CheckString(1), host))
		},
		"get_account_info": func(L *lua.LState) int {
			info, err := users.Info(b.in.Context(L), L.CheckString(1), host)
			return b.pushInfo(L, info, err)
		},
		"users": func(L *lua.LState) int { return b.pushNames(L, users.All(b.in.Context(L), host)) },
		"get_sasl_handler": func(L *lua.LState) int {
			L.Insert(lua.LString(host), 1)
			return b.getSASLHandler(L)
		},
	})
	name, _ := b.srv.Option(host, "authentication").(string)
	t.RawSetString("name", lua.LString(name))
	return t
}
