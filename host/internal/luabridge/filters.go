package luabridge

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// filterKey names a session's filter by what Lua added.
type filterKey struct {
	kind string
	fn   *lua.LFunction
}

// filtersLibrary is util.filters on the sessions' own filter lists.
func (b *Bridge) filtersLibrary(*lua.LState) lua.LValue {
	hooks := map[*lua.LFunction]func(){}
	return b.table(map[string]lua.LGFunction{
		"initialize": func(L *lua.LState) int {
			if b.ownSession(L.Get(1)) {
				return b.initializeFilters(L, hooks)
			}
			L.Push(L.GetField(L.CheckTable(1), "filter"))
			return 1
		},
		"add_filter": func(L *lua.LState) int {
			if b.ownSession(L.Get(1)) {
				return b.tableFilter(L, "add_filter")
			}
			s := b.origin(L, 1)
			if s == nil {
				L.ArgError(1, "session expected, got "+L.Get(1).Type().String())
			}
			b.sessionObject(s).addFilter(filterKey{L.CheckString(2), L.CheckFunction(3)}, float64(L.OptNumber(4, 0)))
			return 0
		},
		"remove_filter": func(L *lua.LState) int {
			if b.ownSession(L.Get(1)) {
				return b.tableFilter(L, "remove_filter")
			}
			s := b.origin(L, 1)
			if s == nil || !b.sessionObject(s).removeFilter(filterKey{L.CheckString(2), L.CheckFunction(3)}) {
				return 0
			}
			L.Push(lua.LTrue)
			return 1
		},
		"add_filter_hook": func(L *lua.LState) int {
			fn := L.CheckFunction(1)
			hooks[fn] = b.srv.Bus("*").Add(sdk.Hook{Event: sdk.EventSessionCreated, Plugin: "lua", Handler: b.sessionHook(fn)})
			return 0
		},
		"remove_filter_hook": func(L *lua.LState) int {
			if remove := hooks[L.CheckFunction(1)]; remove != nil {
				remove()
				delete(hooks, L.CheckFunction(1))
			}
			return 0
		},
	})
}

// linkFace holds what a session's connection is filtered with: it comes and goes with the connection.
type linkFace interface {
	LinkFace() any
	SetLinkFace(v any)
}

// ordered is a session whose filters may have to run, up to its queue, in one piece.
type ordered interface {
	FilterWithin(w func(ctx context.Context, f func(ctx context.Context)))
}

// filterSet is how to remove what util.filters has added, by what was added.
type filterSet map[filterKey]func()

// filterSet is that of the session's connection.
func (o *sessionObject) filterSet() filterSet {
	l, ok := o.s.(linkFace)
	if !ok {
		return filterSet{} // of a session without a stream, whose filters do nothing
	}
	set, ok := l.LinkFace().(filterSet)
	if !ok {
		set = filterSet{}
		l.SetLinkFace(set)
		if s, ok := o.s.(ordered); ok {
			s.FilterWithin(o.b.within)
		}
	}
	return set
}

// within runs f with the interpreter's lock.
func (b *Bridge) within(ctx context.Context, f func(ctx context.Context)) {
	t := b.in.Enter(ctx)
	defer t.Leave()
	f(b.in.Context(t.L))
}

// addFilter adds a filter once.
func (o *sessionObject) addFilter(k filterKey, priority float64) {
	set := o.filterSet()
	if set[k] == nil {
		set[k] = o.s.AddFilter(k.kind, priority, o.b.filter(o, k))
	}
}

func (o *sessionObject) removeFilter(k filterKey) bool {
	set := o.filterSet()
	remove := set[k]
	if remove != nil {
		remove()
		delete(set, k)
	}
	return remove != nil
}

// filterLists is session.filters: kind → {function → true}, a copy.
func (o *sessionObject) filterLists() lua.LValue {
	lists := o.b.in.State().NewTable()
	for k := range o.filterSet() {
		list, ok := lists.RawGetString(k.kind).(*lua.LTable)
		if !ok {
			list = o.b.in.State().NewTable()
			lists.RawSetString(k.kind, list)
		}
		list.RawSet(k.fn, lua.LTrue)
	}
	return lists
}

// filter makes a Go filter of a function(data, session). The session is the one that the connection serves by then.
func (b *Bridge) filter(o *sessionObject, k filterKey) sdk.Filter {
	s := o.s
	c, _ := s.Field("conn")
	conn, _ := c.(Conn)
	return func(ctx context.Context, data any) any {
		t := b.in.Enter(ctx)
		defer t.Leave()
		if conn != nil {
			if now := conn.Session(); now != nil {
				s = now
			}
		}
		t.L.Push(k.fn)
		if raw, ok := data.([]byte); ok {
			t.L.Push(lua.LString(raw))
		} else {
			t.L.Push(b.toLua(data))
		}
		t.L.Push(b.sessionValue(s))
		if err := t.PCall(2, 1); err != nil {
			logFailure(b.log, "filter failed", err, "session", s.ID(), "kind", k.kind)
			return data
		}
		return b.filtered(t.L.Get(-1))
	}
}

func (b *Bridge) filtered(v lua.LValue) any {
	switch v := b.toGo(v).(type) {
	case string:
		return []byte(v)
	case *stanza.Element:
		return v
	}
	return nil
}

// sessionHook calls a function(session) for each new session.
func (b *Bridge) sessionHook(fn *lua.LFunction) sdk.Handler {
	return func(ctx context.Context, ev *sdk.Event) (any, error) {
		_, err := b.in.Call(ctx, fn, 0, b.sessionValue(ev.Origin))
		return nil, err
	}
}
