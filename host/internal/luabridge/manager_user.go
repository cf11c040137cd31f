package luabridge

import (
	"context"
	"iter"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func (b *Bridge) userManager() map[string]lua.LGFunction {
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
		"test_password": func(L *lua.LState) int {
			ok, err := users.TestPassword(b.in.Context(L), L.CheckString(1), L.CheckString(2), L.CheckString(3))
			return pushBool(L, ok, err)
		},
		"set_password": func(L *lua.LState) int {
			return pushOutcome(L, users.SetPassword(b.in.Context(L), L.CheckString(1), L.CheckString(3), L.CheckString(2), L.OptString(4, "")))
		},
		"create_user": func(L *lua.LState) int {
			return pushOutcome(L, users.Create(b.in.Context(L), L.CheckString(1), L.CheckString(3), L.OptString(2, "")))
		},
		"delete_user": func(L *lua.LState) int {
			return pushOutcome(L, users.Delete(b.in.Context(L), L.CheckString(1), L.CheckString(2)))
		},
		"users": func(L *lua.LState) int { return b.pushNames(L, users.All(b.in.Context(L), L.CheckString(1))) },
		"is_admin": func(L *lua.LState) int {
			return b.hasRole(L, L.CheckString(1), L.OptString(2, "*"), "prosody:admin", "prosody:operator")
		},
		"get_jid_role": func(L *lua.LState) int { return b.pushRole(L, users.Role(L.CheckString(1), L.CheckString(2))) },
		"get_user_role": func(L *lua.LState) int {
			return b.pushRole(L, users.Role(L.CheckString(1)+"@"+L.CheckString(2), L.CheckString(2)))
		},
		"set_user_role": func(L *lua.LState) int {
			return pushOutcome(L, users.SetRole(b.in.Context(L), L.CheckString(1), L.CheckString(2), L.CheckString(3)))
		},
		"initialize_host":    func(*lua.LState) int { return 0 }, // hosts have their accounts as they start
		"get_sasl_handler":   b.getSASLHandler,
		"get_roles":          b.getRoles,
		"get_jids_with_role": b.jidsWithRole,
		"get_provider": func(L *lua.LState) int {
			L.Push(b.usersProvider(L.CheckString(1)))
			return 1
		},
	}
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

func (b *Bridge) hasRole(L *lua.LState, address, host string, roles ...string) int {
	role := b.srv.Users().Role(address, host)
	for _, r := range roles {
		if role == r {
			L.Push(lua.LTrue)
			return 1
		}
	}
	L.Push(lua.LFalse)
	return 1
}

// pushRole is a role as modules see it: a table with its name.
func (b *Bridge) pushRole(L *lua.LState, name string) int {
	t := L.NewTable()
	t.RawSetString("name", lua.LString(name))
	L.Push(t)
	return 1
}

// getRoles: address or username, host → the set of roles, as modules knew them before users had exactly one.
func (b *Bridge) getRoles(L *lua.LState) int {
	address, host := L.CheckString(1), L.OptString(2, "*")
	if !strings.Contains(address, "@") && host != "*" {
		address += "@" + host
	}
	t := L.NewTable()
	t.RawSetString(b.srv.Users().Role(address, host), lua.LTrue)
	L.Push(t)
	return 1
}

// jidsWithRole: role, host → the list of the configured administrators who have it; ordinary roles are nobody's in particular.
func (b *Bridge) jidsWithRole(L *lua.LState) int {
	role, host, t := L.CheckString(1), L.OptString(2, "*"), L.NewTable()
	admins, _ := b.srv.Option(host, "admins").([]any)
	for _, v := range admins {
		jid, ok := v.(string)
		if !ok {
			continue
		}
		if has := b.srv.Users().Role(jid, host); has == role || role == "prosody:admin" && has == "prosody:operator" {
			t.Append(lua.LString(jid))
		}
	}
	L.Push(t)
	return 1
}

// usersProvider is hosts[h].users: the user manager's functions of one host.
func (b *Bridge) usersProvider(host string) lua.LValue {
	users := b.srv.Users()
	return b.table(map[string]lua.LGFunction{
		"user_exists": func(L *lua.LState) int {
			ok, err := users.Exists(b.in.Context(L), L.CheckString(1), host)
			return pushBool(L, ok, err)
		},
		"is_enabled": func(L *lua.LState) int {
			ok, err := users.Enabled(b.in.Context(L), L.CheckString(1), host)
			return pushBool(L, ok, err)
		},
		"test_password": func(L *lua.LState) int {
			ok, err := users.TestPassword(b.in.Context(L), L.CheckString(1), host, L.CheckString(2))
			return pushBool(L, ok, err)
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
		"users": func(L *lua.LState) int { return b.pushNames(L, users.All(b.in.Context(L), host)) },
	})
}
