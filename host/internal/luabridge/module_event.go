package luabridge

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

func (b *Bridge) eventMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"hook": func(L *lua.LState) int {
			o := b.module(L)
			return o.hook(L, o.m.Bus(), L.CheckString(2), L.CheckFunction(3), L.OptNumber(4, 0))
		},
		"hook_global": func(L *lua.LState) int {
			o := b.module(L)
			return o.hook(L, o.m.GlobalBus(), L.CheckString(2), L.CheckFunction(3), L.OptNumber(4, 0))
		},
		"unhook": func(L *lua.LState) int {
			o := b.module(L)
			o.unhook(hookKey{o.m.Bus(), L.CheckString(2), L.CheckFunction(3)})
			return 0
		},
		"hook_object_event":   b.hookObject,
		"unhook_object_event": b.unhookObject,
		"hook_tag":            b.hookTag,
		"hook_stanza":         b.hookTag,
		"wrap_event": func(L *lua.LState) int {
			o := b.module(L)
			return o.wrap(L, o.m.Bus(), wrapEvent(L, 2), L.CheckFunction(3))
		},
		"wrap_global": func(L *lua.LState) int {
			o := b.module(L)
			return o.wrap(L, o.m.GlobalBus(), wrapEvent(L, 2), L.CheckFunction(3))
		},
		"wrap_object_event": b.wrapObject,
		"others_hook": func(L *lua.LState) int {
			o := b.module(L)
			L.Push(lua.LBool(b.othersHook(o, b.bus(L, o), L.CheckString(2))))
			return 1
		},
		"fire_event": func(L *lua.LState) int {
			return b.fire(L, b.bus(L, b.module(L)), L.CheckString(2), L.Get(3))
		},
	}
}

// bus is the module's bus; a view of a host that is not ours has none.
func (b *Bridge) bus(L *lua.LState, o *moduleObject) sdk.Bus {
	bus := o.m.Bus()
	if bus == nil {
		L.RaiseError("no host %q", o.m.Host())
	}
	return bus
}

// othersHook tells whether anybody but the module itself would see an event.
func (b *Bridge) othersHook(o *moduleObject, bus sdk.Bus, event string) (others bool) {
	if direct, ok := bus.(sdk.DirectBus); ok {
		hooks, ok := direct.Direct(event)
		return !ok || othersAmong(hooks, o.m.Name())
	}
	if b.traced[bus] {
		return true
	}
	stop := bus.Watch(event, func(hooks []sdk.Hook, wrapped bool) {
		others = wrapped || othersAmong(hooks, o.m.Name())
	})
	stop()
	return others
}

func othersAmong(hooks []sdk.Hook, plugin string) bool {
	for i := range hooks {
		if hooks[i].Plugin != plugin {
			return true
		}
	}
	return false
}

func (o *moduleObject) hook(L *lua.LState, bus sdk.Bus, event string, fn *lua.LFunction, priority lua.LNumber) int {
	if bus == nil {
		L.RaiseError("no host %q", o.m.Host())
	}
	k := hookKey{bus, event, fn}
	o.unhook(k)
	o.hooks[k] = o.m.HookOn(o.p.b.marked(bus, fn), event, float64(priority), o.p.b.handler(fn))
	return 0
}

func (o *moduleObject) unhook(k hookKey) {
	if remove := o.hooks[k]; remove != nil {
		remove()
		delete(o.hooks, k)
	}
}

func (o *moduleObject) wrap(L *lua.LState, bus sdk.Bus, event string, fn *lua.LFunction) int {
	if bus == nil {
		L.RaiseError("no host %q", o.m.Host())
	}
	o.m.WrapOn(bus, event, o.p.b.wrapper(fn))
	return 0
}

// hookTag: namespace or nil, name, function(origin, stanza, event), priority.
func (b *Bridge) hookTag(L *lua.LState) int {
	o := b.module(L)
	event := "stanza/" + L.CheckString(3)
	if ns, ok := L.Get(2).(lua.LString); ok && ns != "" {
		event = "stanza/" + string(ns) + ":" + L.CheckString(3)
	}
	fn := L.CheckFunction(4)
	adapter := L.NewFunction(func(L *lua.LState) int {
		ev := L.Get(1)
		L.Push(fn)
		L.Push(L.GetField(ev, "origin"))
		L.Push(L.GetField(ev, "stanza"))
		L.Push(ev)
		L.Call(3, 1)
		return 1
	})
	return o.hook(L, o.m.Bus(), event, adapter, L.OptNumber(5, 0))
}

// busOf is the bus behind a table that busValue made.
func (b *Bridge) busOf(t lua.LValue) sdk.Bus {
	for bus, table := range b.buses {
		if table == t {
			return bus
		}
	}
	return nil
}

// hookObject: any object with add_handler, event, function, priority.
func (b *Bridge) hookObject(L *lua.LState) int {
	o, object, event, fn, priority := b.module(L), L.Get(2), L.CheckString(3), L.CheckFunction(4), L.OptNumber(5, 0)
	if bus := b.busOf(object); bus != nil {
		return o.hook(L, bus, event, fn, priority)
	}
	callField(L, object, "add_handler", lua.LString(event), fn, priority)
	o.onUnload(func(L *lua.LState) { callField(L, object, "remove_handler", lua.LString(event), fn) })
	return 0
}

// unhookObject: object, event, function. Nothing was hooked if there is no function.
func (b *Bridge) unhookObject(L *lua.LState) int {
	o, object, event := b.module(L), L.Get(2), L.CheckString(3)
	fn, ok := L.Get(4).(*lua.LFunction)
	if !ok {
		return 0
	}
	if bus := b.busOf(object); bus != nil {
		o.unhook(hookKey{bus, event, fn})
		return 0
	}
	callField(L, object, "remove_handler", lua.LString(event), fn)
	return 0
}

// wrapObject: object, event or false, function(next, event, data).
func (b *Bridge) wrapObject(L *lua.LState) int {
	o, object, event, fn := b.module(L), L.Get(2), L.Get(3), L.CheckFunction(4)
	if bus := b.busOf(object); bus != nil {
		return o.wrap(L, bus, wrapEvent(L, 3), fn)
	}
	callField(L, object, "add_wrapper", event, fn)
	o.onUnload(func(L *lua.LState) { callField(L, object, "remove_wrapper", event, fn) })
	return 0
}

func callField(L *lua.LState, object lua.LValue, name string, args ...lua.LValue) {
	L.Push(L.GetField(object, name))
	for _, a := range args {
		L.Push(a)
	}
	L.Call(len(args), 0)
}

// onUnload runs something in Lua when the instance ends.
func (o *moduleObject) onUnload(f func(L *lua.LState)) { o.undo = append(o.undo, f) }
