package luabridge

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

func (b *Bridge) permissionMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"default_permission": func(L *lua.LState) int {
			b.module(L).m.DefaultPermission(L.CheckString(2), L.CheckString(3))
			return 0
		},
		"default_permissions": func(L *lua.LState) int {
			o, role := b.module(L), L.CheckString(2)
			for _, action := range b.fields(L.CheckTable(3)) {
				o.m.DefaultPermission(role, lua.LVAsString(action))
			}
			return 0
		},
		"may":   func(L *lua.LState) int { return b.may(L, false) },
		"could": func(L *lua.LState) int { return b.may(L, true) },
	}
}

// may: action, actor: an event, a JID, a session, or a table with actor_jid or session.
func (b *Bridge) may(L *lua.LState, quiet bool) int {
	o := b.module(L)
	actor, ok := b.actor(L, L.Get(3))
	if !ok {
		L.ArgError(3, "want an event, a JID, or a table with actor_jid or session")
	}
	L.Push(lua.LBool(o.m.May(b.in.Context(L), L.CheckString(2), actor, quiet)))
	return 1
}

func (b *Bridge) actor(L *lua.LState, v lua.LValue) (actor sdk.Actor, ok bool) {
	switch v := v.(type) {
	case lua.LString:
		return sdk.Actor{JID: string(v)}, true
	case *lua.LTable:
		if s, ok := b.toGo(v).(sdk.Session); ok {
			return sdk.Actor{Session: s}, true
		}
		if jid, ok := L.GetField(v, "actor_jid").(lua.LString); ok {
			return sdk.Actor{JID: string(jid)}, true
		}
		if s, ok := b.toGo(L.GetField(v, "session")).(sdk.Session); ok {
			return sdk.Actor{Session: s}, true
		}
		return b.eventActor(L, v)
	}
	return actor, false
}

// eventActor is the origin of an event, and who its stanza says it is from.
func (b *Bridge) eventActor(L *lua.LState, ev *lua.LTable) (actor sdk.Actor, ok bool) {
	actor.Session, _ = b.toGo(L.GetField(ev, "origin")).(sdk.Session)
	if st, ok := b.stanzas.Element(L.GetField(ev, "stanza")); ok {
		actor.JID = st.Attr("from")
	}
	return actor, actor.Session != nil || actor.JID != ""
}

var statusRanks = map[sdk.Status]int{sdk.StatusCore: 1, sdk.StatusInfo: 2, sdk.StatusWarn: 3, sdk.StatusError: 4}

func (b *Bridge) statusMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"set_status": func(L *lua.LState) int {
			o, kind := b.module(L), sdk.Status(L.CheckString(2))
			rank, known := statusRanks[kind]
			if !known {
				L.ArgError(2, "want core, info, warn or error, got "+string(kind))
			}
			now, _, _ := o.m.Status()
			if keepHigher := L.Get(4) == lua.LFalse; keepHigher && rank < statusRanks[now] {
				return 0
			}
			o.m.SetStatus(b.in.Context(L), kind, L.OptString(3, ""), L.Get(4) == lua.LTrue)
			return 0
		},
		"get_status": func(L *lua.LState) int {
			o := b.module(L)
			for _, name := range []string{"status_type", "status_message", "status_time"} {
				L.Push(o.statusField(name))
			}
			return 3
		},
		"log_status": func(L *lua.LState) int {
			o := b.module(L)
			b.writeLog(L, o.m.Logger(), 2)
			o.m.SetStatus(b.in.Context(L), sdk.Status(L.CheckString(2)), b.format(L, 3), false)
			return 0
		},
	}
}
