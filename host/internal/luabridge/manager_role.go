package luabridge

import (
	"context"
	"maps"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

const (
	adminRole    = "prosody:admin"
	operatorRole = "prosody:operator"
)

// roleFunctions are those of core.usermanager about roles, of which everybody has exactly one (13).
func (b *Bridge) roleFunctions() map[string]lua.LGFunction {
	users := b.srv.Users()
	return map[string]lua.LGFunction{
		"is_admin": func(L *lua.LState) int {
			role := users.Role(b.in.Context(L), L.CheckString(1), L.OptString(2, "*"))
			L.Push(lua.LBool(role == adminRole || role == operatorRole))
			return 1
		},
		"get_jid_role": func(L *lua.LState) int {
			return b.pushRole(L, L.CheckString(2), users.Role(b.in.Context(L), L.CheckString(1), L.CheckString(2)))
		},
		"set_jid_role": func(L *lua.LState) int { // roles of others come from the configuration
			L.Push(lua.LFalse)
			return 1
		},
		"get_user_role": func(L *lua.LState) int {
			return b.pushRole(L, L.CheckString(2), b.userRole(L))
		},
		"set_user_role": func(L *lua.LState) int {
			host, role := L.CheckString(2), b.roleName(L, 3)
			if err := users.SetRole(b.in.Context(L), L.CheckString(1), host, role); err != nil {
				return pushFailure(L, err)
			}
			return b.pushRole(L, host, role)
		},
		"user_can_assume_role": func(L *lua.LState) int {
			role := b.roleName(L, 3)
			more, err := users.SecondaryRoles(b.in.Context(L), L.CheckString(1), L.CheckString(2))
			return pushBool(L, b.userRole(L) == role || slices.Contains(more, role), err)
		},
		"get_user_secondary_roles":   b.secondaryRoles,
		"add_user_secondary_role":    b.setSecondaryRole(true),
		"remove_user_secondary_role": b.setSecondaryRole(false),
		"get_users_with_role":        func(L *lua.LState) int { return b.withRole(L, false) },
		"get_jids_with_role":         func(L *lua.LState) int { return b.withRole(L, true) },
		"get_role_by_name":           b.roleByName,
		"get_all_roles": func(L *lua.LState) int {
			t, host := L.NewTable(), L.CheckString(1)
			for i, name := range users.RoleNames(host) {
				t.RawSetString(name, b.roleValue(host, name, i))
			}
			L.Push(t)
			return 1
		},
	}
}

// userRole is the role of the user and host in the first two arguments.
func (b *Bridge) userRole(L *lua.LState) string {
	return b.srv.Users().Role(b.in.Context(L), L.CheckString(1)+"@"+L.CheckString(2), L.CheckString(2))
}

// roleName is a role in argument n: its name, or its table; "" for none.
func (b *Bridge) roleName(L *lua.LState, n int) string {
	if t, ok := L.Get(n).(*lua.LTable); ok {
		return lua.LVAsString(L.GetField(t, "name"))
	}
	return L.OptString(n, "")
}

func (b *Bridge) pushRole(L *lua.LState, host, name string) int {
	L.Push(b.roleOf(host, name))
	return 1
}

// roleOf is a role by its name, nil for "".
func (b *Bridge) roleOf(host, name string) lua.LValue {
	if name == "" {
		return lua.LNil
	}
	if t := b.roles[host+" "+name]; t != nil {
		return t
	}
	return b.roleValue(host, name, slices.Index(b.srv.Users().RoleNames(host), name))
}

// roleValue is a role as modules see it: {name, priority, default}, and may(role, action).
func (b *Bridge) roleValue(host, name string, rank int) *lua.LTable {
	key := host + " " + name
	if t := b.roles[key]; t != nil {
		return t
	}
	t := b.table(map[string]lua.LGFunction{"may": func(L *lua.LState) int {
		L.Push(lua.LBool(b.srv.Users().Permitted(host, name, L.CheckString(2))))
		return 1
	}})
	t.RawSetString("name", lua.LString(name))
	t.RawSetString("priority", lua.LNumber(rank))
	t.RawSetString("default", lua.LTrue)
	t.Metatable = b.roleClass
	b.roles[key] = t
	return t
}

func (b *Bridge) roleByName(L *lua.LState) int {
	name, host := L.CheckString(1), L.CheckString(2)
	if !slices.Contains(b.srv.Users().RoleNames(host), name) {
		L.Push(lua.LNil)
		return 1
	}
	return b.pushRole(L, host, name)
}

// secondaryRoles: user, host → name → role.
func (b *Bridge) secondaryRoles(L *lua.LState) int {
	host := L.CheckString(2)
	names, err := b.srv.Users().SecondaryRoles(b.in.Context(L), L.CheckString(1), host)
	if err != nil {
		return pushFailure(L, err)
	}
	t := L.NewTable()
	for _, name := range names {
		t.RawSetString(name, b.roleOf(host, name))
	}
	L.Push(t)
	return 1
}

func (b *Bridge) setSecondaryRole(has bool) lua.LGFunction {
	return func(L *lua.LState) int {
		return pushOutcome(L, b.srv.Users().SetSecondaryRole(b.in.Context(L), L.CheckString(1), L.CheckString(2), b.roleName(L, 3), has))
	}
}

// withRole: role, host → the list of those who were given it, or have it as configured administrators.
func (b *Bridge) withRole(L *lua.LState, jids bool) int {
	role, host := b.roleName(L, 1), L.OptString(2, "*")
	found := map[string]bool{}
	for _, jid := range b.configuredAdmins(b.in.Context(L), host, role) {
		found[jid] = true
	}
	if host != "*" {
		users, err := b.srv.Users().UsersWithRole(b.in.Context(L), host, role)
		if err != nil {
			return pushFailure(L, err)
		}
		for user := range users {
			found[user+"@"+host] = true
		}
	}
	t := L.NewTable()
	for _, jid := range slices.Sorted(maps.Keys(found)) {
		user, local := strings.CutSuffix(jid, "@"+host)
		switch {
		case jids:
			t.Append(lua.LString(jid))
		case local:
			t.Append(lua.LString(user))
		}
	}
	L.Push(t)
	return 1
}

// configuredAdmins are the administrators of a host in the configuration who have a role; operators are admins, too.
func (b *Bridge) configuredAdmins(ctx context.Context, host, role string) (jids []string) {
	admins, _ := b.srv.Option(host, "admins").([]any)
	for _, v := range admins {
		jid, ok := v.(string)
		if !ok {
			continue
		}
		if has := b.srv.Users().Role(ctx, jid, host); has == role || role == adminRole && has == operatorRole {
			jids = append(jids, jid)
		}
	}
	return jids
}

// oldRoleFunctions are those of 0.12, where users had sets of roles: role → true.
func (b *Bridge) oldRoleFunctions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"get_roles": func(L *lua.LState) int { return b.pushRoleSet(L, L.CheckString(1), L.OptString(2, "*")) },
		"get_user_roles": func(L *lua.LState) int {
			return b.pushRoleSet(L, L.CheckString(1)+"@"+L.CheckString(2), L.CheckString(2))
		},
		"set_roles": func(L *lua.LState) int {
			user, _, _ := strings.Cut(L.CheckString(1), "@")
			return pushOutcome(L, b.srv.Users().SetRole(b.in.Context(L), user, L.CheckString(2), b.highestRole(L, 3)))
		},
		"set_user_roles": func(L *lua.LState) int {
			return pushOutcome(L, b.srv.Users().SetRole(b.in.Context(L), L.CheckString(1), L.CheckString(2), b.highestRole(L, 3)))
		},
	}
}

func (b *Bridge) pushRoleSet(L *lua.LState, address, host string) int {
	if !strings.Contains(address, "@") && host != "*" {
		address += "@" + host
	}
	t, role := L.NewTable(), b.srv.Users().Role(b.in.Context(L), address, host)
	t.RawSetString(role, lua.LTrue)
	if role == operatorRole {
		t.RawSetString(adminRole, lua.LTrue)
	}
	L.Push(t)
	return 1
}

// highestRole is the highest of the roles in argument n, a set; "" if it has none.
func (b *Bridge) highestRole(L *lua.LState, n int) (role string) {
	t, ok := L.Get(n).(*lua.LTable)
	if !ok {
		return ""
	}
	for _, name := range b.srv.Users().RoleNames("*") {
		if lua.LVAsBool(t.RawGetString(name)) {
			role = name
		}
	}
	return role
}

// authzValue is hosts[h].authz: the functions about roles of one host, as both versions know them.
func (b *Bridge) authzValue(host string) *lua.LTable {
	functions := map[string]lua.LGFunction{}
	for _, group := range []map[string]lua.LGFunction{b.roleFunctions(), b.oldRoleFunctions()} {
		for name, f := range group {
			at := 2
			if name == "get_all_roles" {
				at = 1
			}
			functions[name] = func(L *lua.LState) int {
				for L.GetTop() < at-1 {
					L.Push(lua.LNil)
				}
				L.Insert(lua.LString(host), at)
				return f(L)
			}
		}
	}
	functions["get_jid_roles"], functions["set_jid_roles"] = functions["get_roles"], functions["set_jid_role"]
	return b.table(functions)
}
