package luabridge

import (
	"context"
	"iter"

	lua "github.com/yuin/gopher-lua"
)

// userManagerLibrary is core.usermanager.
func (b *Bridge) userManagerLibrary(*lua.LState) lua.LValue {
	t := b.table(b.accountFunctions())
	for _, group := range []map[string]lua.LGFunction{b.providerFunctions(), b.roleFunctions(), b.oldRoleFunctions()} {
		for name, f := range group {
			t.RawSetString(name, b.in.State().NewFunction(f))
		}
	}
	return t
}

// accountFunctions are those about accounts. Nil and why is their answer to what cannot be done.
func (b *Bridge) accountFunctions() map[string]lua.LGFunction {
	users := b.srv.Users()
	ask := func(f func(ctx context.Context, user, host string) (bool, error)) lua.LGFunction {
		return func(L *lua.LState) int {
			ok, err := f(b.in.Context(L), L.CheckString(1), L.CheckString(2))
			return pushBool(L, ok, err)
		}
	}
	setEnabled := func(on bool) lua.LGFunction {
		return func(L *lua.LState) int {
			return pushOutcome(L, users.SetEnabled(b.in.Context(L), L.CheckString(1), L.CheckString(2), on))
		}
	}
	return map[string]lua.LGFunction{
		"user_exists":     ask(users.Exists),
		"user_is_enabled": ask(users.Enabled),
		"enable_user":     setEnabled(true),
		"disable_user":    setEnabled(false),
		"set_user_enabled": func(L *lua.LState) int {
			return pushOutcome(L, users.SetEnabled(b.in.Context(L), L.CheckString(1), L.CheckString(2), L.ToBool(3)))
		},
		"test_password": func(L *lua.LState) int {
			ok, err := users.TestPassword(b.in.Context(L), L.CheckString(1), L.CheckString(2), L.CheckString(3))
			return pushBool(L, ok, err)
		},
		"get_password": func(L *lua.LState) int {
			return pushPassword(L)(users.Password(b.in.Context(L), L.CheckString(1), L.CheckString(2)))
		},
		"set_password": func(L *lua.LState) int {
			return pushOutcome(L, users.SetPassword(b.in.Context(L), L.CheckString(1), L.CheckString(3), L.CheckString(2), L.OptString(4, "")))
		},
		"create_user": func(L *lua.LState) int {
			return pushOutcome(L, users.Create(b.in.Context(L), L.CheckString(1), L.CheckString(3), L.OptString(2, "")))
		},
		"create_user_with_role": b.createWithRole,
		"delete_user": func(L *lua.LState) int {
			return pushOutcome(L, users.Delete(b.in.Context(L), L.CheckString(1), L.CheckString(2)))
		},
		"users": func(L *lua.LState) int { return b.pushNames(L, users.All(b.in.Context(L), L.CheckString(1))) },
		"get_account_info": func(L *lua.LState) int {
			info, err := users.Info(b.in.Context(L), L.CheckString(1), L.CheckString(2))
			return b.pushInfo(L, info, err)
		},
		"initialize_host": func(*lua.LState) int { return 0 }, // hosts are initialised as they are activated
	}
}

// createWithRole: user, password, host, role. Without the role there is no account.
func (b *Bridge) createWithRole(L *lua.LState) int {
	users, ctx, user, host := b.srv.Users(), b.in.Context(L), L.CheckString(1), L.CheckString(3)
	if err := users.Create(ctx, user, host, L.OptString(2, "")); err != nil {
		return pushFailure(L, err)
	}
	role := b.roleName(L, 4)
	if role == "" {
		L.Push(lua.LTrue)
		return 1
	}
	err := users.SetRole(ctx, user, host, role)
	if err != nil {
		users.Delete(ctx, user, host)
	}
	return pushOutcome(L, err)
}

// pushPassword returns a password, nil if there is none.
func pushPassword(L *lua.LState) func(password string, err error) int {
	return func(password string, err error) int {
		if err != nil {
			return pushFailure(L, err)
		}
		if password == "" {
			L.Push(lua.LNil)
			return 1
		}
		return pushString(L, password)
	}
}

// pushInfo returns {created, password_updated, enabled}, times in seconds.
func (b *Bridge) pushInfo(L *lua.LState, info AccountInfo, err error) int {
	if err != nil {
		return pushFailure(L, err)
	}
	t := L.NewTable()
	if !info.Created.IsZero() {
		t.RawSetString("created", lua.LNumber(info.Created.Unix()))
	}
	if !info.PasswordUpdated.IsZero() {
		t.RawSetString("password_updated", lua.LNumber(info.PasswordUpdated.Unix()))
	}
	t.RawSetString("enabled", lua.LBool(info.Enabled))
	L.Push(t)
	return 1
}

// pushNames returns an iterator over names, or nil and why not.
func (b *Bridge) pushNames(L *lua.LState, names iter.Seq2[string, error]) int {
	var list []any
	for name, err := range names {
		if err != nil {
			return pushFailure(L, err)
		}
		list = append(list, name)
	}
	return b.pushIterator(L, list)
}
