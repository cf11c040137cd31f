package lualib

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// ticks is the queue of what is to run soon, but not now. One goroutine at a time drains it, on a chain of its own.
type ticks struct {
	queue []func(L *lua.LState)
	// drainer is the chain that now drains the queue; nil if nobody does.
	drainer *sdk.Chain
}

// later runs f when the chain that now holds the interpreter lets go of it.
func (l *library) later(f func(L *lua.LState)) {
	t := &l.promise.ticks
	t.queue = append(t.queue, f)
	if t.drainer == nil {
		l.startDraining()
	}
}

func (l *library) startDraining() {
	chain := sdk.NewChain(context.Background())
	l.promise.ticks.drainer = chain
	go func() {
		for l.tick(chain) {
		}
	}()
}

// tick runs one entry; it is false when there is nothing more to do for this chain.
func (l *library) tick(chain *sdk.Chain) bool {
	th := l.in.Enter(chain)
	defer th.Leave()
	t := &l.promise.ticks
	if t.drainer != chain {
		return false
	}
	if len(t.queue) == 0 {
		t.drainer = nil
		return false
	}
	f := t.queue[0]
	t.queue = t.queue[1:]
	th.L.Push(th.L.NewFunction(func(L *lua.LState) int {
		f(L)
		return 0
	}))
	if err := th.PCall(0, 0); err != nil {
		l.logError("callback of a promise failed", err)
	}
	return t.drainer == chain
}

// leaveQueue lets others drain the queue because the chain is going to wait in the middle of an entry.
func (l *library) leaveQueue(chain *sdk.Chain) {
	t := &l.promise.ticks
	if t.drainer != chain {
		return
	}
	t.drainer = nil
	if len(t.queue) > 0 {
		l.startDraining()
	}
}
