package compat

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// Enter takes the interpreter lock for the chain of ctx and returns a thread to run Lua on. A chain that holds the lock already, in a
// Go function called from Lua, goes in at once. A ctx without a chain gets one of its own.
//
// The caller pushes and calls on Thread.L (PCall, or better Thread.PCall, which adds a traceback) and must Leave.
func (it *Interp) Enter(ctx context.Context) *Thread {
	chain := sdk.ChainOf(ctx)
	outermost := chain == nil || it.owner.Load() != chain
	if outermost {
		if chain == nil {
			chain = sdk.NewChain(ctx)
		}
		it.mu.Lock()
		it.owner.Store(chain)
		chain.Hold(it)
		it.budget.reset()
		it.depth = 0
	}
	it.depth++
	if it.depth > maxNesting {
		it.budget.end(errTooDeep)
	}
	t := it.take()
	t.own = line{chain: chain}
	t.line = &t.own
	t.outermost = outermost
	return t
}

// Leave gives the thread back, and the lock if this was the chain's outermost call.
func (t *Thread) Leave() {
	it, outermost, chain := t.it, t.outermost, t.own.chain
	if outermost {
		it.dead.bury(t)
	}
	t.own = line{}
	it.depth--
	it.give(t)
	if !outermost {
		return
	}
	chain.Drop()
	it.owner.Store(nil)
	it.mu.Unlock()
}

// Chain is the chain that now runs L. After any call into Lua it may be another one: a coroutine goes on with the chain that resumed it.
func (it *Interp) Chain(L *lua.LState) *sdk.Chain { return threadOf(L).line.chain }

// Context is Chain as a context, for Go functions called from Lua. Do not use L.Context() instead: it belongs to the interpreter, which
// asks it before each instruction whether to go on.
func (it *Interp) Context(L *lua.LState) context.Context { return threadOf(L).line.chain }

// Unlocked runs wait without the interpreter lock and takes it again, so that others run Lua while this chain waits. The time does not
// count against the budget. wait must not touch Lua values; it may Enter.
func (it *Interp) Unlocked(L *lua.LState, wait func()) {
	it.Chain(L).Wait(wait)
}

// Running is the chain that holds the lock, for Go code that Lua calls and that has no thread at hand.
func (it *Interp) Running() *sdk.Chain { return it.owner.Load() }

var _ sdk.Holder = (*Interp)(nil)
