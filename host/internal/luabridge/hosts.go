package luabridge

import (
	"cmp"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

func sorted(names []string) []string {
	slices.SortFunc(names, cmp.Compare[string])
	return names
}

// view is a compat.Object of computed fields: a table whose keys are listed and whose values are looked up. What modules set themselves
// is kept beside, unless set says otherwise.
type view struct {
	b     *Bridge
	name  string
	keys  func() []string
	get   func(L *lua.LState, key string) lua.LValue
	set   func(L *lua.LState, key string, value lua.LValue) bool
	value any
	extra *lua.LTable

	walk, before []string // keys, sorted, as the newest traversal found them, and the one before that
}

func (b *Bridge) newView(v view) *lua.LTable {
	v.b = b
	v.extra = b.in.State().NewTable()
	return b.in.NewProxy(&v)
}

func (v *view) TypeName() string      { return v.name }
func (v *view) Metatable() lua.LValue { return lua.LNil }
func (v *view) Len() int              { return 0 }

func (v *view) goValue() any {
	if v.value != nil {
		return v.value
	}
	return nil
}

func (v *view) Index(L *lua.LState, key lua.LValue) lua.LValue {
	if name, ok := key.(lua.LString); ok {
		return v.IndexString(L, string(name))
	}
	return v.extra.RawGet(key)
}

func (v *view) IndexString(L *lua.LState, key string) lua.LValue {
	if own := v.extra.RawGetString(key); own != lua.LNil {
		return own
	}
	return v.get(L, key)
}

func (v *view) NewIndex(L *lua.LState, key, value lua.LValue) {
	if name, ok := key.(lua.LString); ok && v.set != nil && v.set(L, string(name), value) {
		return
	}
	v.extra.RawSet(key, value)
}

func (v *view) Next(L *lua.LState, key lua.LValue) (k, value lua.LValue) {
	at, listed := v.place(key)
	if listed {
		for ; at < len(v.walk); at++ {
			if value := v.IndexString(L, v.walk[at]); value != lua.LNil {
				return lua.LString(v.walk[at]), value
			}
		}
		key = lua.LNil
	}
	for k, value = v.extra.Next(key); k != lua.LNil; k, value = v.extra.Next(k) {
		name, ok := k.(lua.LString)
		if _, listed := slices.BinarySearch(v.walk, string(name)); !ok || !listed {
			break
		}
	}
	return k, value
}

// place is where in v.walk a traversal goes on after key; listed is false if key is none of the listed ones. LNil begins: only then the
// keys are listed anew, or a traversal of all sessions would take as many lists. In between another traversal may have begun and not
// have found the key any more.
func (v *view) place(key lua.LValue) (at int, listed bool) {
	if key == lua.LNil {
		v.before, v.walk = v.walk, sorted(slices.Clone(v.keys()))
		return 0, true
	}
	name, ok := key.(lua.LString)
	if !ok {
		return 0, false
	}
	at, listed = slices.BinarySearch(v.walk, string(name))
	if listed {
		return at + 1, true
	}
	_, listed = slices.BinarySearch(v.before, string(name))
	return at, listed
}

// hostsTable is prosody.hosts: name → host.
func (b *Bridge) hostsTable() *lua.LTable {
	return b.newView(view{name: "hosts", keys: b.srv.Hosts, get: func(_ *lua.LState, host string) lua.LValue { return b.hostValue(host) }})
}

// hostFields are what a host shows in a traversal.
var hostFields = []string{"host", "type", "events", "modules", "sessions", "users", "authz", "s2sout", "send"}

// hostValue is the table of a host, nil for one that is not ours.
func (b *Bridge) hostValue(host string) lua.LValue {
	if _, ok := b.srv.HostType(host); !ok {
		delete(b.hosts, host)
		return lua.LNil
	}
	if t := b.hosts[host]; t != nil {
		return t
	}
	t := b.newView(view{name: "host", value: b.srv.HostSession(host), keys: func() []string { return hostFields },
		get: func(_ *lua.LState, key string) lua.LValue { return b.hostField(host, key) }})
	b.hosts[host] = t
	return t
}

func (b *Bridge) hostField(host, key string) lua.LValue {
	switch key {
	case "host":
		return lua.LString(host)
	case "type":
		t, _ := b.srv.HostType(host)
		return lua.LString(t)
	case "events":
		return b.busValue(b.srv.Bus(host))
	case "modules":
		return b.keep(host, key, b.modulesView(host))
	case "sessions":
		return b.keep(host, key, b.hostSessionsView(host))
	case "s2sout":
		return b.keep(host, key, b.in.State().NewTable())
	case "users":
		return b.usersProvider(host)
	case "authz":
		if name, _ := b.srv.Option(host, "authorization").(string); name != "" && name != "internal" {
			if env, ok := b.environmentOf(b.srv.Plugin(host, "authz_"+name), host).(*lua.LTable); ok {
				return env
			}
		}
		return b.keep(host, key, b.authzValue(host))
	case "send":
		return b.keep(host, key, b.hostSend(host))
	}
	return lua.LNil
}

// keep remembers a host's sub-table, so that it is the same table each time.
func (b *Bridge) keep(host, key string, v lua.LValue) lua.LValue {
	if t := b.hosts[host]; t != nil {
		o, _ := compat.ObjectOf(t)
		o.(*view).extra.RawSetString(key, v)
	}
	return v
}

// hostSend sends to a host's modules what is sent to the host.
func (b *Bridge) hostSend(host string) lua.LValue {
	return b.in.State().NewFunction(func(L *lua.LState) int {
		st, ok := b.stanzas.Element(L.Get(1))
		if !ok {
			L.ArgError(1, "stanza expected, got "+L.Get(1).Type().String())
		}
		return pushOutcome(L, b.srv.HostSession(host).Send(b.in.Context(L), st))
	})
}

// modulesView is hosts[h].modules: name → environment of the module.
func (b *Bridge) modulesView(host string) *lua.LTable {
	return b.newView(view{name: "modules", keys: func() []string { return b.srv.PluginNames(host) },
		get: func(_ *lua.LState, name string) lua.LValue { return b.environmentOf(b.srv.Plugin(host, name), host) }})
}

// hostSessionsView is hosts[h].sessions: username → {sessions, top_resources}.
func (b *Bridge) hostSessionsView(host string) *lua.LTable {
	return b.newView(view{name: "sessions", keys: func() []string { return b.srv.OnlineUsers(host) },
		get: func(_ *lua.LState, user string) lua.LValue { return b.userValue(user + "@" + host) }})
}

// bareSessions is prosody.bare_sessions: bare JID → {sessions, top_resources}.
func (b *Bridge) bareSessions() *lua.LTable {
	keys := func() []string {
		var jids []string
		for _, host := range b.srv.Hosts() {
			for _, user := range b.srv.OnlineUsers(host) {
				jids = append(jids, user+"@"+host)
			}
		}
		return jids
	}
	return b.newView(view{name: "bare_sessions", keys: keys, get: func(_ *lua.LState, jid string) lua.LValue { return b.userValue(jid) }})
}

// fullSessions is prosody.full_sessions: full JID → session.
func (b *Bridge) fullSessions() *lua.LTable {
	keys := func() []string {
		var jids []string
		for s := range b.srv.Sessions() {
			jids = append(jids, s.JID())
		}
		return jids
	}
	return b.newView(view{name: "full_sessions", keys: keys, get: func(_ *lua.LState, jid string) lua.LValue {
		if s := b.srv.Session(jid); s != nil {
			return b.sessionValue(s)
		}
		return lua.LNil
	}})
}

func (b *Bridge) sessionList(list []sdk.Session) *lua.LTable {
	t := b.in.State().CreateTable(len(list), 0)
	for _, s := range list {
		t.Append(b.sessionValue(s))
	}
	return t
}

var _ compat.StringIndexer = (*view)(nil)
