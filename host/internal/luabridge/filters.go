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
		"initialize": func(L *lua.LState) int { return 0 },
		"add_filter": func(L *lua.LState) int {
			s := b.origin(L, 1)
			if s == nil {
				L.ArgError(1, "session expected, got "+L.Get(1).Type().String())
			}
			b.sessionObject(s).addFilter(filterKey{L.CheckString(2), L.CheckFunction(3)}, float64(L.OptNumber(4, 0)))
			return 0
		},
		"remove_filter": func(L *lua.LState) int {
			if s := b.origin(L, 1); s != nil {
				b.sessionObject(s).removeFilter(filterKey{L.CheckString(2), L.CheckFunction(3)})
			}
			return 0
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

// addFilter adds a filter once. How to remove it is remembered with the session, and forgotten with it.
func (o *sessionObject) addFilter(k filterKey, priority float64) {
	if o.filters[k] != nil {
		return
	}
	if o.filters == nil {
		o.filters = map[filterKey]func(){}
	}
	o.filters[k] = o.s.AddFilter(k.kind, priority, o.b.filter(o.s, k))
}

func (o *sessionObject) removeFilter(k filterKey) {
	if remove := o.filters[k]; remove != nil {
		remove()
		delete(o.filters, k)
	}
}

// filter makes a Go filter of a function(data, session).
func (b *Bridge) filter(s sdk.Session, k filterKey) sdk.Filter {
	return func(ctx context.Context, data any) any {
		t := b.in.Enter(ctx)
		defer t.Leave()
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
