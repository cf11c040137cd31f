package luabridge

import (
	"log/slog"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// moduleObject is the "module" of a Lua module: methods over an sdk.Module, and whatever the module sets on it.
type moduleObject struct {
	p      *Plugin
	m      sdk.Module
	env    *lua.LTable
	extra  *lua.LTable   // shared by the views of module:context()
	parent *moduleObject // of a shared module's host instance: the global one, where its fields fall back to
	table  *lua.LTable
	host   lua.LValue // as it was last asked for; nil before

	*life
}

// life is what an instance and its views on other hosts share.
type life struct {
	hooks    map[hookKey]func()
	undo     []func(L *lua.LState) // what ends with the instance and sdk.Module does not know of
	ready    bool
	ended    bool
	onReady  []*lua.LFunction
	services []*lua.LTable // that listen
}

func newModuleObject(p *Plugin, m sdk.Module, env *lua.LTable) *moduleObject {
	o := &moduleObject{p: p, m: m, env: env, extra: p.b.in.State().NewTable(), life: &life{hooks: map[hookKey]func(){}}}
	o.table = p.b.in.NewProxy(o)
	return o
}

// context is a view of the module on another host.
func (o *moduleObject) context(host string) *moduleObject {
	c := &moduleObject{p: o.p, m: o.m.Context(host), env: o.env, extra: o.extra, parent: o.parent, life: o.life}
	c.table = o.p.b.in.NewProxy(c)
	return c
}

func (o *moduleObject) TypeName() string      { return "module" }
func (o *moduleObject) Metatable() lua.LValue { return lua.LNil }
func (o *moduleObject) Len() int              { return 0 }
func (o *moduleObject) goValue() any          { return o.m }

func (o *moduleObject) Index(L *lua.LState, key lua.LValue) lua.LValue {
	if name, ok := key.(lua.LString); ok {
		return o.IndexString(L, string(name))
	}
	return o.extra.RawGet(key)
}

func (o *moduleObject) IndexString(_ *lua.LState, name string) lua.LValue {
	if v := o.extra.RawGetString(name); v != lua.LNil {
		return v
	}
	if v := o.p.b.api.RawGetString(name); v != lua.LNil {
		return v
	}
	if v := o.field(name); v != lua.LNil {
		return v
	}
	if o.parent != nil {
		return o.parent.extra.RawGetString(name)
	}
	return lua.LNil
}

// field is one of the fields that every module object has.
func (o *moduleObject) field(name string) lua.LValue {
	b := o.p.b
	switch name {
	case "name":
		return lua.LString(o.m.Name())
	case "host":
		return o.hostName()
	case "global":
		return lua.LBool(o.m.HostType() == sdk.HostGlobal)
	case "environment":
		return o.env
	case "path":
		return lua.LString(o.p.source.path())
	case "loaded":
		return lua.LBool(o.m.Loaded())
	case "reloading":
		return lua.LBool(o.m.Reloading())
	case "_log":
		f := b.in.State().NewFunction(func(L *lua.LState) int {
			b.writeLog(L, o.m.Logger(), 1)
			return 0
		})
		o.extra.RawSetString("_log", f)
		return f
	case "items", "event_handlers", "dependencies", "reverse_dependencies":
		t := b.in.State().NewTable()
		o.extra.RawSetString(name, t)
		return t
	case "status_type", "status_message", "status_time":
		return o.statusField(name)
	}
	return lua.LNil
}

// hostName is kept as Lua has it, as modules ask for it with each stanza; it changes when a module makes itself global.
func (o *moduleObject) hostName() lua.LValue {
	if host := o.m.Host(); o.host == nil || string(o.host.(lua.LString)) != host {
		o.host = lua.LString(host)
	}
	return o.host
}

func (o *moduleObject) statusField(name string) lua.LValue {
	kind, text, since := o.m.Status()
	switch name {
	case "status_type":
		return lua.LString(kind)
	case "status_message":
		return lua.LString(text)
	}
	return lua.LNumber(since.Unix())
}

func (o *moduleObject) NewIndex(L *lua.LState, key, value lua.LValue) {
	if host, ok := value.(lua.LString); ok && key == lua.LString("host") {
		o.moveTo(string(host))
		return
	}
	o.extra.RawSet(key, value)
}

// moveTo is what assigning module.host does: "*" makes the module a global one; on any other host it goes on as if it had been loaded there,
// which is how commands of modules (module.command) choose theirs.
func (o *moduleObject) moveTo(host string) {
	switch {
	case host != "*":
		o.m = o.m.Context(host)
	case o.m.HostType() != sdk.HostGlobal:
		o.m.SetGlobal()
	}
}

func (o *moduleObject) Next(L *lua.LState, key lua.LValue) (k, v lua.LValue) {
	return o.extra.Next(key)
}

// module is the module object that a method was called on.
func (b *Bridge) module(L *lua.LState) *moduleObject {
	if o, ok := compat.ObjectOf(L.Get(1)); ok {
		if m, ok := o.(*moduleObject); ok {
			return m
		}
	}
	L.ArgError(1, "module expected, got "+L.Get(1).Type().String()+" (call methods with a colon)")
	return nil
}

// apiMethods are the methods of every module object: core.moduleapi, which modules may add to.
func (b *Bridge) apiMethods() map[string]lua.LGFunction {
	methods := map[string]lua.LGFunction{}
	for _, group := range []map[string]lua.LGFunction{
		b.identityMethods(), b.eventMethods(), b.optionMethods(), b.itemMethods(), b.sendMethods(), b.storeMethods(),
		b.timerMethods(), b.relationMethods(), b.measureMethods(), b.permissionMethods(), b.statusMethods(),
	} {
		for name, f := range group {
			methods[name] = f
		}
	}
	return methods
}

func (b *Bridge) identityMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"get_name": func(L *lua.LState) int { return pushString(L, b.module(L).m.Name()) },
		"get_host": func(L *lua.LState) int { return pushString(L, b.module(L).m.Host()) },
		"get_host_type": func(L *lua.LState) int {
			return pushString(L, string(b.module(L).m.HostType()))
		},
		"http_url": b.httpURL,
		"set_global": func(L *lua.LState) int {
			b.module(L).m.SetGlobal()
			return 0
		},
		"context": func(L *lua.LState) int {
			L.Push(b.module(L).context(L.CheckString(2)).table)
			return 1
		},
		"log": func(L *lua.LState) int {
			b.writeLog(L, b.module(L).m.Logger(), 2)
			return 0
		},
	}
}

func pushString(L *lua.LState, s string) int {
	L.Push(lua.LString(s))
	return 1
}

var levels = map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}

// writeLog logs arguments n on: level, format, values.
func (b *Bridge) writeLog(L *lua.LState, log *slog.Logger, n int) {
	level, ok := levels[lua.LVAsString(L.Get(n))]
	if !ok {
		level = slog.LevelInfo
	}
	ctx := b.in.Context(L)
	if log.Enabled(ctx, level) {
		log.Log(ctx, level, b.format(L, n+1))
	}
}

var _ compat.StringIndexer = (*moduleObject)(nil)
