package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// waiter is what somebody waits for: that it was signalled count times.
type waiter struct {
	count     int
	allowMany bool
	waiting   bool
	// of a runner's coroutine
	runner *runner
	thread lua.LValue
	// of a chain that waits in its place
	done chan struct{}
}

// asyncWaiter: count (default 1), whether more signals than that are allowed. It gives the function that waits and the one that signals.
func (l *library) asyncWaiter(L *lua.LState) int {
	w := &waiter{count: L.OptInt(1, 1), allowMany: isTrue(L, 2)}
	L.Push(L.NewFunction(func(L *lua.LState) int {
		l.wait(L, w)
		return 0
	}))
	L.Push(L.NewFunction(func(L *lua.LState) int {
		l.signal(L, w)
		return 0
	}))
	return 2
}

// wait returns when w has got its signals.
func (l *library) wait(L *lua.LState, w *waiter) {
	if w.count == 0 {
		return
	}
	w.waiting = true
	thread := call1(L, l.async.co["running"])
	if r := l.async.runners[thread]; r != nil {
		w.runner, w.thread = r, thread
		call1(L, l.async.co["yield"])
		return
	}
	l.waitInPlace(L, w)
}

// waitInPlace blocks the chain, so that a session for which it works reads no further stanza, and lets others run Lua.
func (l *library) waitInPlace(L *lua.LState, w *waiter) {
	w.done = make(chan struct{})
	chain := l.in.Chain(L)
	chain.Flush()
	l.leaveQueue(chain)
	l.in.Unlocked(L, func() {
		select {
		case <-w.done:
		case <-chain.Done():
		}
	})
	if err := chain.Err(); err != nil && w.count > 0 {
		w.waiting = false
		L.RaiseError("waiting: %s", err.Error())
	}
}

// signal counts once. The last signal makes a runner go on, on the chain of who signals, before it returns.
func (l *library) signal(L *lua.LState, w *waiter) {
	w.count--
	switch {
	case w.count == 0 && w.waiting:
		w.waiting = false
		if w.runner != nil {
			l.continueRunner(L, w.runner, w.thread)
		} else {
			close(w.done)
		}
	case w.count < 0 && !w.allowMany:
		L.RaiseError("done() called too many times")
	}
}
