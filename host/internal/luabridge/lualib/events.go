package lualib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// events is an object of util.events. The first handler that returns something other than nil ends an event; handlers of equal priority
// run in the order in which they were added.
type events struct {
	handlers map[lua.LValue]*eventHandlers
	wrappers map[lua.LValue][]lua.LValue // by event; under false those around all events
	debug    lua.LValue
	wild     *wildcards // nil if names have no wildcards
}

// eventHandlers are those of one event, by falling priority. The list is replaced, never changed, so that firing may go on over it.
type eventHandlers struct{ list []eventHandler }

type eventHandler struct {
	fn       lua.LValue
	priority float64
}

// openEvents makes util.events.
func (l *library) openEvents(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{"new": func(L *lua.LState) int {
		L.Push(l.eventsTable(newEvents()))
		return 1
	}})
}

func newEvents() *events {
	return &events{handlers: map[lua.LValue]*eventHandlers{}, wrappers: map[lua.LValue][]lua.LValue{}, debug: lua.LNil}
}

func (l *library) eventsTable(ev *events) *lua.LTable {
	t := l.table(map[string]lua.LGFunction{
		"add_handler":     ev.addHandler,
		"remove_handler":  ev.removeHandler,
		"add_handlers":    ev.eachHandler(ev.addOne),
		"remove_handlers": ev.eachHandler(ev.removeOne),
		"get_handlers":    ev.getHandlers,
		"add_wrapper":     ev.addWrapper,
		"remove_wrapper":  ev.removeWrapper,
		"set_debug_hook":  ev.setDebugHook,
		"fire_event":      ev.fireEvent,
	})
	t.RawSetString("wrappers", l.table(map[string]lua.LGFunction{"add_handler": ev.addWrapper, "remove_handler": ev.removeWrapper}))
	t.RawSetString("_handlers", l.view(func(L *lua.LState, event lua.LValue) lua.LValue { return ev.listOf(L, event) }))
	t.RawSetString("_event_map", l.view(ev.prioritiesOf))
	return t
}

// view is a table whose fields are asked for each time.
func (l *library) view(field func(L *lua.LState, key lua.LValue) lua.LValue) *lua.LTable {
	t := l.in.State().NewTable()
	t.Metatable = l.table(map[string]lua.LGFunction{"__index": func(L *lua.LState) int {
		L.Push(field(L, L.Get(2)))
		return 1
	}})
	return t
}

func (ev *events) addHandler(L *lua.LState) int {
	ev.addOne(L.CheckAny(1), L.CheckAny(2), float64(L.OptNumber(3, 0)))
	return 0
}

func (ev *events) removeHandler(L *lua.LState) int {
	ev.removeOne(L.CheckAny(1), L.CheckAny(2), 0)
	return 0
}

// addOne adds a handler; one that is there already gets the new priority.
func (ev *events) addOne(event, fn lua.LValue, priority float64) {
	ev.removeOne(event, fn, 0)
	h := ev.handlers[event]
	if h == nil {
		h = &eventHandlers{}
		ev.handlers[event] = h
	}
	at := len(h.list)
	for at > 0 && h.list[at-1].priority < priority {
		at--
	}
	h.list = slices.Insert(slices.Clone(h.list), at, eventHandler{fn, priority})
	ev.changed()
}

// changed makes what was found for names with wildcards be looked for anew.
func (ev *events) changed() {
	if ev.wild != nil {
		ev.wild.forget()
	}
}

// of are the handlers of an event, nil if there are none.
func (ev *events) of(event lua.LValue) *eventHandlers {
	if ev.wild != nil {
		return ev.wild.of(ev, lua.LVAsString(event))
	}
	return ev.handlers[event]
}

func (ev *events) removeOne(event, fn lua.LValue, _ float64) {
	h := ev.handlers[event]
	if h == nil {
		return
	}
	h.list = slices.DeleteFunc(slices.Clone(h.list), func(x eventHandler) bool { return x.fn == fn })
	if len(h.list) == 0 {
		delete(ev.handlers, event)
	}
	ev.changed()
}

// eachHandler is for a table from event to handler.
func (ev *events) eachHandler(do func(event, fn lua.LValue, priority float64)) lua.LGFunction {
	return func(L *lua.LState) int {
		L.CheckTable(1).ForEach(func(event, fn lua.LValue) { do(event, fn, 0) })
		return 0
	}
}

func (ev *events) getHandlers(L *lua.LState) int {
	L.Push(ev.listOf(L, L.Get(1)))
	return 1
}

// listOf is the list of an event's handlers, or nil.
func (ev *events) listOf(L *lua.LState, event lua.LValue) lua.LValue {
	h := ev.of(event)
	if h == nil {
		return lua.LNil
	}
	t := L.CreateTable(len(h.list), 0)
	for _, x := range h.list {
		t.Append(x.fn)
	}
	return t
}

// prioritiesOf is a table from an event's handlers to their priorities, or nil.
func (ev *events) prioritiesOf(L *lua.LState, event lua.LValue) lua.LValue {
	h := ev.handlers[event]
	if h == nil {
		return lua.LNil
	}
	t := L.NewTable()
	for _, x := range h.list {
		t.RawSet(x.fn, lua.LNumber(x.priority))
	}
	return t
}

// wrapperKey is false for all events, else the event.
func (ev *events) addWrapper(L *lua.LState) int {
	event := L.CheckAny(1)
	ev.wrappers[event] = append(slices.Clone(ev.wrappers[event]), L.CheckAny(2))
	return 0
}

func (ev *events) removeWrapper(L *lua.LState) int {
	event, fn := L.CheckAny(1), L.CheckAny(2)
	left := slices.DeleteFunc(slices.Clone(ev.wrappers[event]), func(w lua.LValue) bool { return w == fn })
	if len(left) == 0 {
		delete(ev.wrappers, event)
	} else {
		ev.wrappers[event] = left
	}
	return 0
}

func (ev *events) setDebugHook(L *lua.LState) int {
	old := ev.debug
	ev.debug = L.Get(1)
	L.Push(old)
	return 1
}

// fireEvent: name, data. The wrappers of the event run around everything, the newest outermost, and inside them those of all events.
func (ev *events) fireEvent(L *lua.LState) int {
	L.Push(ev.run(L, L.Get(1), L.Get(2)))
	return 1
}

// run is fireEvent for Go.
func (ev *events) run(L *lua.LState, event, data lua.LValue) lua.LValue {
	if len(ev.wrappers) == 0 {
		return ev.fire(L, event, data)
	}
	return ev.fireWrapped(L, slices.Concat(ev.wrappers[lua.LFalse], ev.wrappers[event]), event, data)
}

func (ev *events) fireWrapped(L *lua.LState, wrappers []lua.LValue, event, data lua.LValue) lua.LValue {
	if len(wrappers) == 0 {
		return ev.fire(L, event, data)
	}
	last := len(wrappers) - 1
	inner := L.NewFunction(func(L *lua.LState) int {
		L.Push(ev.fireWrapped(L, wrappers[:last], L.Get(1), L.Get(2)))
		return 1
	})
	return call1(L, wrappers[last], inner, event, data)
}

func (ev *events) fire(L *lua.LState, event, data lua.LValue) lua.LValue {
	h := ev.of(event)
	if h == nil {
		return lua.LNil
	}
	for _, x := range h.list {
		var ret lua.LValue
		if ev.debug == lua.LNil {
			ret = call1(L, x.fn, data)
		} else {
			ret = call1(L, ev.debug, x.fn, event, data)
		}
		if ret != lua.LNil {
			return ret
		}
	}
	return lua.LNil
}
