package luabridge

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// hookKey names a registration by what Lua registered: the same function is hooked on an event once.
type hookKey struct {
	bus   sdk.Bus
	event string
	fn    *lua.LFunction
}

// busValue is the table of a bus as util.events makes them: functions without self.
func (b *Bridge) busValue(bus sdk.Bus) lua.LValue {
	if bus == nil {
		return lua.LNil
	}
	if t := b.buses[bus]; t != nil {
		return t
	}
	hooks := map[hookKey]func(){}
	t := b.table(map[string]lua.LGFunction{
		"add_handler": func(L *lua.LState) int {
			k := hookKey{bus, L.CheckString(1), L.CheckFunction(2)}
			if old := hooks[k]; old != nil {
				old()
			}
			hook := sdk.Hook{Event: k.event, Priority: float64(L.OptNumber(3, 0)), Handler: b.handler(k.fn), Plugin: "lua"}
			hooks[k] = b.marked(bus, k.fn).Add(hook)
			return 0
		},
		"remove_handler": func(L *lua.LState) int {
			k := hookKey{bus, L.CheckString(1), L.CheckFunction(2)}
			if remove := hooks[k]; remove != nil {
				remove()
				delete(hooks, k)
			}
			return 0
		},
		"fire_event": func(L *lua.LState) int { return b.fire(L, bus, L.CheckString(1), L.Get(2)) },
		"get_handlers": func(L *lua.LState) int {
			return b.pushHandlers(L, bus, L.CheckString(1))
		},
		"add_handlers":    func(L *lua.LState) int { return b.eachHandler(L, bus, "add_handler") },
		"remove_handlers": func(L *lua.LState) int { return b.eachHandler(L, bus, "remove_handler") },
		"set_debug_hook":  func(L *lua.LState) int { return b.setTracer(L, bus) },
	})
	b.buses[bus] = t
	t.RawSetString("_handlers", b.handlersView(bus))
	L := b.in.State()
	wrappers := L.NewTable()
	wrapperFunctions := b.table(map[string]lua.LGFunction{
		"add_handler":    func(L *lua.LState) int { return b.addWrapper(L, bus, hooks) },
		"remove_handler": func(L *lua.LState) int { return removeWrapper(L, bus, hooks) },
	})
	wrapperFunctions.ForEach(func(k, v lua.LValue) { wrappers.RawSet(k, v) })
	t.RawSetString("wrappers", wrappers)
	t.RawSetString("add_wrapper", wrapperFunctions.RawGetString("add_handler"))
	t.RawSetString("remove_wrapper", wrapperFunctions.RawGetString("remove_handler"))
	return t
}

// eachHandler calls a function of the bus's table for each event and function of a table.
func (b *Bridge) eachHandler(L *lua.LState, bus sdk.Bus, function string) int {
	for event, fn := range b.fields(L.CheckTable(1)) {
		callField(L, b.buses[bus], function, event, fn)
	}
	return 0
}

// handlersView shows which events have handlers: event → list of handlers.
func (b *Bridge) handlersView(bus sdk.Bus) *lua.LTable {
	keys := func() (events []string) {
		for _, h := range bus.Hooks("") {
			if n := len(events); n == 0 || events[n-1] != h.Event {
				events = append(events, h.Event)
			}
		}
		return events
	}
	return b.newView(view{name: "handlers", keys: keys, get: func(L *lua.LState, event string) lua.LValue {
		return b.handlerList(event, bus)
	}})
}

// pushHandlers lists Lua functions that would run the handlers of an event, nil if there are none.
func (b *Bridge) pushHandlers(L *lua.LState, bus sdk.Bus, event string) int {
	L.Push(b.handlerList(event, bus))
	return 1
}

func (b *Bridge) handlerList(event string, bus sdk.Bus) lua.LValue {
	hooks := bus.Hooks(event)
	if len(hooks) == 0 {
		return lua.LNil
	}
	t := b.in.State().NewTable()
	for _, h := range hooks {
		t.Append(b.handlerValue(event, h.Handler))
	}
	return t
}

// handlerValue is a handler as a Lua function of the event's data.
func (b *Bridge) handlerValue(event string, h sdk.Handler) *lua.LFunction {
	return b.in.State().NewFunction(func(L *lua.LState) int {
		ctx := b.in.Context(L)
		result, err := h(ctx, b.luaEvent(ctx, event, L.Get(1)))
		if err != nil {
			raise(L, err)
		}
		L.Push(b.toLua(result))
		return 1
	})
}

// setTracer lets a function(handler, event name, data) run in place of each handler.
func (b *Bridge) setTracer(L *lua.LState, bus sdk.Bus) int {
	fn, ok := L.Get(1).(*lua.LFunction)
	b.traced[bus] = ok
	if !ok {
		bus.SetTracer(nil)
		return 0
	}
	bus.SetTracer(func(ctx context.Context, ev *sdk.Event, h sdk.Handler) (any, error) {
		t := b.in.Enter(ctx)
		defer t.Leave()
		t.L.Push(fn)
		t.L.Push(b.handlerValue(ev.Name, h))
		t.L.Push(lua.LString(ev.Name))
		t.L.Push(b.eventValue(ev))
		if err := t.PCall(3, 1); err != nil {
			return nil, err
		}
		return b.toGo(t.L.Get(-1)), nil
	})
	return 0
}

// wrapper makes a Go wrapper of a function(next, event name, data); next(name, data) goes on.
func (b *Bridge) wrapper(fn *lua.LFunction) sdk.Wrapper {
	return func(ctx context.Context, ev *sdk.Event, next sdk.Handler) (any, error) {
		t := b.in.Enter(ctx)
		defer t.Leave()
		data := b.eventValue(ev)
		t.L.Push(fn)
		t.L.Push(b.in.State().NewFunction(func(L *lua.LState) int {
			inner := ev
			if v := L.Get(2); v != data {
				inner = b.luaEvent(b.in.Context(L), ev.Name, v)
			}
			result, err := next(b.in.Context(L), inner)
			if err != nil {
				raise(L, err)
			}
			L.Push(b.toLua(result))
			return 1
		}))
		t.L.Push(lua.LString(ev.Name))
		t.L.Push(data)
		if err := t.PCall(3, 1); err != nil {
			return nil, err
		}
		return b.toGo(t.L.Get(-1)), nil
	}
}

// wrapEvent is the event a wrapper is for; false means all.
func wrapEvent(L *lua.LState, n int) string {
	if name, ok := L.Get(n).(lua.LString); ok {
		return string(name)
	}
	if L.Get(n) != lua.LFalse {
		L.ArgError(n, "name of an event or false expected, got "+L.Get(n).Type().String())
	}
	return ""
}

func (b *Bridge) addWrapper(L *lua.LState, bus sdk.Bus, hooks map[hookKey]func()) int {
	event, fn := wrapEvent(L, 1), L.CheckFunction(2)
	hooks[hookKey{bus, "wrap " + event, fn}] = bus.Wrap(event, "lua", b.wrapper(fn))
	return 0
}

func removeWrapper(L *lua.LState, bus sdk.Bus, hooks map[hookKey]func()) int {
	k := hookKey{bus, "wrap " + wrapEvent(L, 1), L.CheckFunction(2)}
	if remove := hooks[k]; remove != nil {
		remove()
		delete(hooks, k)
	}
	return 0
}
