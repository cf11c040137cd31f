package luabridge

import (
	"context"
	"math"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// openProsody makes the "prosody" table, and the older globals that show parts of it.
func (b *Bridge) openProsody() {
	L := b.in.State()
	p := b.table(map[string]lua.LGFunction{
		"core_process_stanza": b.stanzaStep(b.srv.Process),
		"core_post_stanza":    b.postStanza(),
		"core_route_stanza":   b.stanzaStep(b.srv.Route),
		"lock_globals":        b.setLocked(true),
		"unlock_globals":      b.setLocked(false),
		"reopen_logfiles":     func(*lua.LState) int { return 0 },
		"reload_config": func(L *lua.LState) int {
			return pushOutcome(L, b.srv.ReloadConfig(b.in.Context(L)))
		},
		"shutdown": func(L *lua.LState) int {
			b.srv.Shutdown(L.OptString(1, ""), L.OptInt(2, 0))
			return 0
		},
	})
	b.prosody = p
	p.RawSetString("version", lua.LString(b.srv.Version()))
	p.RawSetString("platform", lua.LString("posix"))
	p.RawSetString("process_type", lua.LString("prosody"))
	p.RawSetString("config_file", lua.LString(b.srv.ConfigFile()))
	p.RawSetString("start_time", lua.LNumber(b.srv.StartTime().Unix()))
	paths := L.NewTable()
	for _, kind := range []string{"config", "data", "source", "plugins"} {
		paths.RawSetString(kind, lua.LString(b.srv.Path(kind)))
	}
	p.RawSetString("paths", paths)
	available := L.NewTable()
	for _, f := range features {
		available.RawSetString(f, lua.LTrue)
	}
	p.RawSetString("features", available)
	for name, v := range map[string]lua.LValue{"hosts": b.hostsTable(), "full_sessions": b.fullSessions(), "bare_sessions": b.bareSessions()} {
		p.RawSetString(name, v)
		b.in.Globals().RawSetString(name, v)
	}
	for _, name := range []string{"incoming_s2s", "arg"} {
		p.RawSetString(name, L.NewTable())
	}
	p.RawSetString("events", b.busValue(b.srv.Bus("*")))
	b.in.Globals().RawSetString("prosody", p)
}

// promiseStart makes prosody.started, a promise of the server's start.
func (b *Bridge) promiseStart() {
	t := b.in.Enter(context.Background())
	defer t.Leave()
	promise, resolve, _ := b.newPromise(t.L)
	b.prosody.RawSetString("started", promise)
	b.srv.Bus("*").Add(sdk.Hook{Event: "server-started", Plugin: "lua", Handler: func(ctx context.Context, _ *sdk.Event) (any, error) {
		_, err := b.in.Call(ctx, resolve, 0, lua.LTrue)
		return nil, err
	}})
}

// noteShutdown sets prosody.shutdown_reason and shutdown_code before anybody is told that the server stops.
func (b *Bridge) noteShutdown() {
	b.srv.Bus("*").Add(sdk.Hook{Event: "server-stopping", Priority: math.MaxFloat64, Plugin: "lua", Handler: func(ctx context.Context, ev *sdk.Event) (any, error) {
		t := b.in.Enter(ctx)
		defer t.Leave()
		b.prosody.RawSetString("shutdown_reason", b.toLua(ev.Get("reason")))
		b.prosody.RawSetString("shutdown_code", b.toLua(ev.Get("code")))
		return nil, nil
	}})
}

// stanzaStep is one of the steps of a stanza's way as a function(origin, stanza).
func (b *Bridge) stanzaStep(step func(ctx context.Context, origin sdk.Session, st *stanza.Element) error) lua.LGFunction {
	return func(L *lua.LState) int {
		return pushOutcome(L, step(b.in.Context(L), b.origin(L, 1), b.checkStanza(L, 2)))
	}
}

// postStanza is core_post_stanza(origin, stanza, preevents): with preevents the events of the sender's side come first.
func (b *Bridge) postStanza() lua.LGFunction {
	post, submit := b.stanzaStep(b.srv.Post), b.stanzaStep(b.srv.Submit)
	return func(L *lua.LState) int {
		if lua.LVAsBool(L.Get(3)) {
			return submit(L)
		}
		return post(L)
	}
}
