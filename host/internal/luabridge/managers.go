package luabridge

import (
	"cmp"
	"context"
	"errors"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// managers are the libraries core.* that modules call.
func (b *Bridge) managers() map[string]map[string]lua.LGFunction {
	return map[string]map[string]lua.LGFunction{
		"core.rostermanager":  b.rosterManager(),
		"core.storagemanager": b.storageManager(),
		"core.modulemanager":  b.moduleManager(),
		"core.configmanager":  b.configManager(),
		"core.hostmanager":    b.hostManager(),
		"core.loggingmanager": b.loggingManager(),
	}
}

// sessionManagerLibrary is core.sessionmanager: with new_session, which is Lua, and the table of sessions by connection for it.
func (b *Bridge) sessionManagerLibrary(L *lua.LState) lua.LValue {
	t := b.table(b.sessionManager())
	t.RawSetString("_connections", b.shared["/*/c2s/sessions"])
	t.RawSetString("new_session", L.NewFunction(func(L *lua.LState) int {
		n := L.GetTop()
		L.Insert(L.GetField(b.require(L, "core.clientstreams"), "new_session"), 1)
		L.Call(n, 1)
		return 1
	}))
	return t
}

func pushBool(L *lua.LState, v bool, err error) int {
	if err != nil {
		return pushFailure(L, err)
	}
	L.Push(lua.LBool(v))
	return 1
}

func (b *Bridge) sessionManager() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"bind_resource":  b.bindResource,
		"update_session": b.updateSession,
		"make_authenticated": func(L *lua.LState) int {
			return pushOutcome(L, b.srv.Authenticated(b.in.Context(L), b.origin(L, 1), L.CheckString(2), lua.LVAsString(L.Get(3))))
		},
		"destroy_session": func(L *lua.LState) int {
			return pushOutcome(L, b.destroySession(L, b.origin(L, 1), lua.LVAsString(L.Get(2))))
		},
		"retire_session": func(L *lua.LState) int {
			return pushOutcome(L, b.destroySession(L, b.origin(L, 1), ""))
		},
		"send_to_available_resources": b.sendTo(func(s sdk.Session) bool { p, _ := s.Field("presence"); return p != nil }),
		"send_to_interested_resources": b.sendTo(func(s sdk.Session) bool {
			interested, _ := s.Field("interested")
			return interested == true
		}),
	}
}

// bindResource: session, resource or nil → true, or nil, the type of the error, its condition and text.
func (b *Bridge) bindResource(L *lua.LState) int {
	err := b.srv.Bind(b.in.Context(L), b.origin(L, 1), L.OptString(2, ""))
	var refusal *stanza.Error
	if !errors.As(err, &refusal) {
		return pushOutcome(L, err)
	}
	L.Push(lua.LNil)
	for _, text := range []string{string(refusal.Type), string(refusal.Condition), refusal.Text} {
		L.Push(b.toLua(text))
	}
	return 4
}

// sendTo: user, host, stanza → how many of the user's sessions got it.
func (b *Bridge) sendTo(wants func(s sdk.Session) bool) lua.LGFunction {
	return func(L *lua.LState) int {
		st, n := b.checkStanza(L, 3), 0
		for _, s := range b.srv.UserSessions(L.CheckString(1) + "@" + L.CheckString(2)) {
			if wants(s) && s.Send(b.in.Context(L), st) == nil {
				n++
			}
		}
		L.Push(lua.LNumber(n))
		return 1
	}
}

func (b *Bridge) moduleManager() map[string]lua.LGFunction {
	change := func(f func(ctx context.Context, host, name string) error) lua.LGFunction {
		return func(L *lua.LState) int {
			return pushOutcome(L, f(b.in.Context(L), L.CheckString(1), L.CheckString(2)))
		}
	}
	get := func(L *lua.LState) int {
		L.Push(b.environmentOf(b.srv.Plugin(L.CheckString(1), L.CheckString(2)), L.CheckString(1)))
		return 1
	}
	return map[string]lua.LGFunction{
		"get_module": get,
		"is_loaded": func(L *lua.LState) int {
			L.Push(lua.LBool(b.srv.Plugin(L.CheckString(1), L.CheckString(2)) != nil))
			return 1
		},
		"get_modules": func(L *lua.LState) int {
			L.Push(b.modulesView(L.OptString(1, "*")))
			return 1
		},
		"get_items": func(L *lua.LState) int {
			t := L.NewTable()
			for _, item := range b.srv.HostItems(L.OptString(2, "*"), L.CheckString(1)) {
				t.Append(b.toLua(item))
			}
			L.Push(t)
			return 1
		},
		"get_modules_for_host": func(L *lua.LState) int {
			var names []lua.LValue
			for _, name := range b.srv.ModulesEnabled(L.CheckString(1)) {
				names = append(names, lua.LString(name))
			}
			L.Push(b.construct(L, "util.set", "new", names))
			return 1
		},
		"load": func(L *lua.LState) int {
			p, err := b.srv.LoadPlugin(b.in.Context(L), L.CheckString(1), L.CheckString(2))
			if err != nil {
				return pushFailure(L, err)
			}
			L.Push(b.environmentOf(p, L.CheckString(1)))
			return 1
		},
		"module_has_method":  b.hasModuleMethod,
		"call_module_method": b.callModuleMethod,
		"unload":             change(b.srv.UnloadPlugin),
		"reload":             change(b.srv.ReloadPlugin),
	}
}

func (b *Bridge) configManager() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"get": func(L *lua.LState) int {
			host, name, _ := optionOf(L)
			if host == "" {
				host = "*"
			}
			L.Push(b.toLua(b.srv.Option(host, name)))
			return 1
		},
		"rawget": func(L *lua.LState) int {
			host, name, _ := optionOf(L)
			L.Push(b.toLua(b.srv.OptionAt(host, name)))
			return 1
		},
		"set": func(L *lua.LState) int {
			host, name, value := optionOf(L)
			v, err := b.toData(value)
			if err != nil {
				return pushFailure(L, err)
			}
			b.srv.SetOption(host, name, toConfig(v))
			L.Push(lua.LTrue)
			return 1
		},
		"getconfig": func(L *lua.LState) int {
			L.Push(b.newView(view{name: "config", keys: b.srv.Hosts, get: func(_ *lua.LState, host string) lua.LValue {
				return b.newView(view{name: "section", keys: func() []string { return nil },
					get: func(_ *lua.LState, name string) lua.LValue { return b.toLua(b.srv.OptionAt(host, name)) }})
			}}))
			return 1
		},
		"load": func(L *lua.LState) int {
			L.Push(lua.LNil)
			L.Push(lua.LString("this server has one configuration, which it reads at its start and when it is told to reload"))
			return 2
		},
		"resolve_relative_path": func(L *lua.LState) int {
			return pushString(L, resolvePath(L.CheckString(1), L.CheckString(2)))
		},
	}
}

// optionOf are the arguments of the configuration manager: host (nil or "" is none), name, value. Older modules have "core" before the name.
func optionOf(L *lua.LState) (host, name string, value lua.LValue) {
	at := 2
	if L.Get(2) == lua.LString("core") && L.Get(3).Type() == lua.LTString {
		at = 3
	}
	return L.OptString(1, ""), L.CheckString(at), L.Get(at + 1)
}

func (b *Bridge) hostManager() map[string]lua.LGFunction {
	change := func(f func(ctx context.Context, host string) error) lua.LGFunction {
		return func(L *lua.LState) int { return pushOutcome(L, f(b.in.Context(L), L.CheckString(1))) }
	}
	return map[string]lua.LGFunction{
		"activate":   change(b.srv.ActivateHost),
		"deactivate": change(b.srv.DeactivateHost),
		"get_children": func(L *lua.LState) int {
			t := L.NewTable()
			for _, host := range b.srv.Hosts() {
				if _, parent, _ := strings.Cut(host, "."); parent == L.CheckString(1) && b.srv.OptionAt(host, "disco_hidden") != true {
					t.RawSetString(host, b.toLua(cmp.Or(b.srv.OptionAt(host, "name"), any(true))))
				}
			}
			L.Push(t)
			return 1
		},
	}
}

// moduleMethod is what a module, given as its globals, has set as a function of its module object (load, save, command …); nil if it has not.
func moduleMethod(L *lua.LState) *lua.LFunction {
	o, ok := compat.ObjectOf(L.GetField(L.CheckTable(1), "module"))
	if !ok {
		return nil
	}
	m, ok := o.(*moduleObject)
	if !ok {
		return nil
	}
	fn, _ := m.extra.RawGetString(L.CheckString(2)).(*lua.LFunction)
	return fn
}

func (b *Bridge) hasModuleMethod(L *lua.LState) int {
	L.Push(lua.LBool(moduleMethod(L) != nil))
	return 1
}

// callModuleMethod: globals of a module, name, arguments → true and the results, or false and what was raised.
func (b *Bridge) callModuleMethod(L *lua.LState) int {
	fn := moduleMethod(L)
	if fn == nil {
		L.Push(lua.LFalse)
		L.Push(lua.LString("no-such-method"))
		return 2
	}
	L.Replace(2, fn)
	L.Remove(1)
	L.Insert(L.GetGlobal("pcall"), 1)
	L.Call(L.GetTop()-1, lua.MultRet)
	return L.GetTop()
}
