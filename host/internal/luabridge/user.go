package luabridge

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// userFields are what the table of a user with sessions shows in a traversal.
var userFields = []string{"sessions", "top_resources", "roster"}

// userValue is the table of a bare JID with sessions: sessions, top_resources, roster, and what modules hang on it. It is nil for one
// without. The table lives as long as the user has a session: the sessions hold it.
func (b *Bridge) userValue(bare string) lua.LValue {
	var holders []**lua.LTable
	var user *lua.LTable
	for _, s := range b.srv.UserSessions(bare) {
		holder := b.userOf(s)
		holders = append(holders, holder)
		if *holder != nil {
			user = *holder
		}
	}
	if len(holders) == 0 {
		return lua.LNil
	}
	if user == nil {
		user = b.newUser(bare)
	}
	for _, holder := range holders {
		*holder = user
	}
	return user
}

// userOf is where a session holds its user's table.
func (b *Bridge) userOf(s sdk.Session) **lua.LTable {
	if a, ok := s.Face().(*adoptedSession); ok {
		return &a.user
	}
	return &b.sessionObject(s).user
}

func (b *Bridge) newUser(bare string) *lua.LTable {
	sessions := b.newView(view{name: "sessions", keys: func() []string { return b.resources(bare) },
		get: func(_ *lua.LState, resource string) lua.LValue {
			if s := b.srv.Session(bare + "/" + resource); s != nil {
				return b.sessionValue(s)
			}
			return lua.LNil
		}})
	return b.newView(view{name: "user", keys: func() []string { return userFields }, get: func(L *lua.LState, name string) lua.LValue {
		switch name {
		case "sessions":
			return sessions
		case "top_resources":
			if top := b.srv.TopSessions(bare); len(top) > 0 {
				return b.sessionList(top)
			}
		case "roster":
			for _, s := range b.srv.UserSessions(bare) {
				if r := b.sessionObject(s).rosterTable(b.in.Context(L)); r != lua.LNil {
					return r
				}
			}
		}
		return lua.LNil
	}})
}

func (b *Bridge) resources(bare string) []string {
	var names []string
	for _, s := range b.srv.UserSessions(bare) {
		names = append(names, s.Resource())
	}
	return names
}
