package luabridge

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// filterKey names a filter by what Lua added.
type filterKey struct {
	session sdk.Session
	kind    string
	fn      *lua.LFunction
}

// filtersLibrary is util.filters on the sessions' own filter lists.
func (b *Bridge) filtersLibrary(*lua.LState) lua.LValue {
	added := map[filterKey]func(){}
	hooks := map[*lua.LFunction]func(){}
	return b.table(map[string]lua.LGFunction{
		"initialize": func(L *lua.LState) int { return 0 },
		"add_filter": func(L *lua.LState) int {
			s := b.origin(L, 1)
			if s == nil {
				L.ArgError(1, "session expected, got "+L.Get(1).Type().String())
			}
			k := filterKey{s, L.CheckString(2), L.CheckFunction(3)}
			added[k] = s.AddFilter(k.kind, float64(L.OptNumber(4, 0)), b.filter(k))
			return 0
		},
		"remove_filter": func(L *lua.LState) int {
			k := filterKey{b.origin(L, 1), L.CheckString(2), L.CheckFunction(3)}
			if remove := added[k]; remove != nil {
				remove()
				delete(added, k)
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

// filter makes a Go filter of a function(data, session).
func (b *Bridge) filter(k filterKey) sdk.Filter {
	return func(ctx context.Context, data any) any {
		t := b.in.Enter(ctx)
		defer t.Leave()
		t.L.Push(k.fn)
		if raw, ok := data.([]byte); ok {
			t.L.Push(lua.LString(raw))
		} else {
			t.L.Push(b.toLua(data))
		}
		t.L.Push(b.sessionValue(k.session))
		if err := t.PCall(2, 1); err != nil {
			logFailure(b.log, "filter failed", err, "session", k.session.ID(), "kind", k.kind)
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
