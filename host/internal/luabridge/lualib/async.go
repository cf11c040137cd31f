package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// asyncState is the state of util.async.
type asyncState struct {
	class    *lua.LTable
	schedule lua.LValue             // schedule(seconds, f) of set_schedule_function, or nil
	runners  map[lua.LValue]*runner // whose coroutine is now running, by that coroutine
	co       map[string]lua.LValue  // the coroutine library
	logger   lua.LValue             // init of util.logger, or nil
}

// openAsync makes util.async.
//
// Any function may wait, so ready() is always true. A runner's function that waits gives the control back to who called run, as in
// Prosody. Anything else that waits, also below a runner but behind the server's own code (an event of the host that the runner's
// function fired), keeps its place: its chain waits, without the interpreter lock.
func (l *library) openAsync(L *lua.LState) lua.LValue {
	l.promiseClass()
	l.async.runners, l.async.co, l.async.schedule = map[lua.LValue]*runner{}, map[string]lua.LValue{}, lua.LNil
	l.in.Globals().RawGetString("coroutine").(*lua.LTable).ForEach(func(k, v lua.LValue) { l.async.co[lua.LVAsString(k)] = v })
	l.async.class = l.class("runner", l.runnerMethods())
	init := lua.LNil
	if logger, ok := l.optionalLibrary(L, "util.logger").(*lua.LTable); ok {
		init = logger.RawGetString("init")
	}
	l.async.logger = init
	lib := l.table(map[string]lua.LGFunction{
		"waiter":              l.asyncWaiter,
		"guarder":             l.asyncGuarder,
		"runner":              l.asyncRunner,
		"wait_for":            l.asyncWaitFor,
		"wait":                l.asyncWaitFor,
		"sleep":               l.asyncSleep,
		"default_runner_func": runnerDefault,
		"set_nexttick":        func(*lua.LState) int { return 0 },
		"ready": func(L *lua.LState) int {
			L.Push(lua.LTrue)
			return 1
		},
		"set_schedule_function": func(L *lua.LState) int {
			l.async.schedule = L.Get(1)
			return 0
		},
	})
	lib.RawSetString("waiting_runners", L.NewTable())
	return lib
}

// asyncWaitFor: a promise. It gives the value; or nil and the reason.
func (l *library) asyncWaitFor(L *lua.LState) int {
	p := l.promiseOf(L.Get(1))
	if p == nil {
		L.ArgError(1, "promise expected, got "+L.Get(1).Type().String())
	}
	if p.state == pending {
		w := &waiter{count: 1}
		l.react(p, func(L *lua.LState, _ string, _ lua.LValue) { l.signal(L, w) })
		l.wait(L, w)
	}
	if p.state == fulfilled && lua.LVAsBool(p.value) {
		L.Push(p.value)
		return 1
	}
	L.Push(lua.LNil)
	if p.state == rejected {
		L.Push(p.value)
	} else {
		L.Push(lua.LNil)
	}
	return 2
}

// asyncSleep: seconds.
func (l *library) asyncSleep(L *lua.LState) int {
	w := &waiter{count: 1}
	if l.async.schedule != lua.LNil {
		call1(L, l.async.schedule, L.CheckNumber(1), L.NewFunction(func(L *lua.LState) int {
			l.signal(L, w)
			return 0
		}))
	} else {
		wake := L.NewFunction(func(L *lua.LState) int {
			l.signal(L, w)
			return 0
		})
		l.arm(&timer{callback: wake, param: lua.LNil, id: &lua.LUserData{Metatable: lua.LNil}}, float64(L.CheckNumber(1)))
	}
	l.wait(L, w)
	return 0
}

// guard is the queue before a section that one may be in at a time.
type guard struct{ queue []*waiter }

// asyncGuarder makes a function guard(id, f) that waits until nobody else is in the section of that id. With f it calls f and leaves the
// section; without it returns the function that leaves.
func (l *library) asyncGuarder(L *lua.LState) int {
	guards := map[lua.LValue]*guard{}
	L.Push(L.NewFunction(func(L *lua.LState) int {
		id, fn := L.Get(1), L.Get(2)
		if g := guards[id]; g == nil {
			guards[id] = &guard{}
		} else {
			w := &waiter{count: 1}
			g.queue = append(g.queue, w)
			l.wait(L, w)
		}
		exit := L.NewFunction(func(L *lua.LState) int {
			l.leaveGuard(L, guards, id)
			return 0
		})
		if fn == lua.LNil {
			L.Push(exit)
			return 1
		}
		call1(L, fn)
		call1(L, exit)
		return 0
	}))
	return 1
}

func (l *library) leaveGuard(L *lua.LState, guards map[lua.LValue]*guard, id lua.LValue) {
	g := guards[id]
	switch {
	case g == nil:
	case len(g.queue) == 0:
		delete(guards, id)
	default:
		next := g.queue[0]
		g.queue = g.queue[1:]
		l.signal(L, next)
	}
}
