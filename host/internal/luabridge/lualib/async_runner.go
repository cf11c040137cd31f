package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// runner works through its items one after another, and only then takes the next when the one before is done with its waits. Its table
// shows state, data and watchers; the latter two are read from there.
type runner struct {
	table    *lua.LTable
	fn       lua.LValue
	queue    []lua.LValue
	state    string
	notified string // state that the watchers know
	failure  error  // of the item that ended last
}

// States of a runner.
const (
	runnerReady   = "ready"
	runnerRunning = "running"
	runnerWaiting = "waiting"
)

// asyncRunner: function (default: one that calls its items), watchers by state (default: one that raises errors), data.
func (l *library) asyncRunner(L *lua.LState) int {
	r := &runner{fn: L.Get(1), notified: runnerReady}
	if r.fn == lua.LNil {
		r.fn = L.NewFunction(runnerDefault)
	}
	watchers := L.Get(2)
	if watchers == lua.LNil {
		watchers = l.table(map[string]lua.LGFunction{"error": func(L *lua.LState) int {
			L.Error(L.Get(2), 0)
			return 0
		}})
	}
	r.table = l.object(l.async.class, r)
	r.table.RawSetString("watchers", watchers)
	r.table.RawSetString("data", L.Get(3))
	r.table.RawSetString("func", r.fn)
	r.enter(runnerReady)
	L.Push(r.table)
	return 1
}

func (r *runner) enter(state string) {
	r.state = state
	r.table.RawSetString("state", lua.LString(state))
}

// runnerDefault calls the item.
func runnerDefault(L *lua.LState) int {
	call1(L, L.Get(1))
	return 0
}

func (l *library) runnerMethods() map[string]lua.LGFunction {
	watch := func(state string) lua.LGFunction {
		return func(L *lua.LState) int {
			if w, ok := self[*runner](L, "runner").table.RawGetString("watchers").(*lua.LTable); ok {
				w.RawSetString(state, L.Get(2))
			}
			L.SetTop(1)
			return 1
		}
	}
	return map[string]lua.LGFunction{
		"run":       l.runnerRun,
		"enqueue":   runnerEnqueue,
		"log":       l.runnerLog,
		"onready":   watch(runnerReady),
		"onwaiting": watch(runnerWaiting),
		"onerror":   watch("error"),
	}
}

// runnerEnqueue adds an item for the next run.
func runnerEnqueue(L *lua.LState) int {
	r := self[*runner](L, "runner")
	r.queue = append(r.queue, L.CheckAny(2))
	L.SetTop(1)
	return 1
}

func (l *library) runnerLog(L *lua.LState) int {
	r := self[*runner](L, "runner")
	log := r.table.RawGetString("_log")
	if log == lua.LNil {
		if l.async.logger == lua.LNil {
			return 0
		}
		log = call1(L, l.async.logger, lua.LString("runner"))
		r.table.RawSetString("_log", log)
	}
	L.Replace(1, log)
	L.Call(L.GetTop()-1, 0)
	return 0
}

// runnerRun: item or nil. It gives true, the state, and how many items wait.
func (l *library) runnerRun(L *lua.LState) int {
	r := self[*runner](L, "runner")
	if L.Get(2) != lua.LNil {
		r.queue = append(r.queue, L.Get(2))
	}
	l.run(L, r)
	L.Push(lua.LTrue)
	L.Push(lua.LString(r.state))
	L.Push(lua.LNumber(len(r.queue)))
	return 3
}

// run works until there are no more items, or one waits.
func (l *library) run(L *lua.LState, r *runner) {
	watch := func(name string, args ...lua.LValue) { l.callWatcher(L, r, name, args...) }
	for r.state == runnerReady && len(r.queue) > 0 {
		r.enter(runnerRunning)
		thread := call1(L, l.async.co["create"], L.NewFunction(func(L *lua.LState) int { return l.work(L, r) }))
		l.resume(L, r, thread, watch)
	}
}

// work is a runner's coroutine: it ends when there are no more items, or with the first that fails.
func (l *library) work(L *lua.LState, r *runner) int {
	for r.failure = nil; len(r.queue) > 0 && r.failure == nil; {
		item := r.queue[0]
		r.queue = r.queue[1:]
		_, r.failure = l.in.PCall(L, r.fn, 0, item)
	}
	return 0
}

// resume runs the coroutine until it waits or ends, and tells the watchers what changed. The coroutine is only held on to meanwhile.
func (l *library) resume(L *lua.LState, r *runner, thread lua.LValue, watch func(name string, args ...lua.LValue)) {
	l.async.runners[thread] = r
	call1(L, l.async.co["resume"], thread)
	delete(l.async.runners, thread)
	if call1(L, l.async.co["status"], thread) == lua.LString("suspended") {
		r.enter(runnerWaiting)
	} else {
		r.enter(runnerReady)
	}
	if err := r.failure; err != nil && r.state == runnerReady {
		r.failure = nil
		watch("error", errorValue(err))
		return
	}
	if r.state != r.notified {
		r.notified = r.state
		watch(r.state)
	}
}

// callWatcher calls what watches for a state, if anything does.
func (l *library) callWatcher(L *lua.LState, r *runner, name string, args ...lua.LValue) {
	watchers, ok := r.table.RawGetString("watchers").(*lua.LTable)
	if !ok {
		return
	}
	if f := L.GetField(watchers, name); f != lua.LNil {
		call1(L, f, append([]lua.LValue{r.table}, args...)...)
	}
}

// continueRunner lets a waiting runner go on, and with it the items that came in meanwhile. An error in a watcher is not for who signals.
func (l *library) continueRunner(L *lua.LState, r *runner, thread lua.LValue) {
	_, err := l.in.PCall(L, L.NewFunction(func(L *lua.LState) int {
		l.resume(L, r, thread, func(name string, args ...lua.LValue) { l.callWatcher(L, r, name, args...) })
		return 0
	}), 0)
	if err == nil {
		_, err = l.in.PCall(L, L.NewFunction(func(L *lua.LState) int {
			l.run(L, r)
			return 0
		}), 0)
	}
	if err != nil {
		l.logError("runner failed", err)
	}
}
