package compat

import (
	"context"
	"errors"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// maxFree is how many idle threads an interpreter keeps (about 12 KiB each).
const maxFree = 64

var (
	errTooDeep       = errors.New("stack overflow (too many nested calls through Go)")
	errStackOverflow = errors.New("stack overflow")
)

// Thread is a Lua stack on which a call runs. It is pooled: nothing of it may be kept after Leave.
type Thread struct {
	// L is for pushing, PCall and Go functions, as usual.
	L *lua.LState

	it          *Interp
	depth       *uint16 // of the call stack, in segments
	line        *line
	own         line        // line of an outermost call
	caller      *lua.LState // whose function called this one by pcall; nil at the bottom
	callerLevel int         // level of that function on the caller
	outermost   bool
	spoiled     bool // must not be used again
	trace       bool // whether handleError describes the stack
	failure     string
	handler     lua.LValue // of xpcall, or nil
}

// line is one line of execution: a call from Go, or a coroutine. All of its threads share it.
type line struct {
	chain  *sdk.Chain
	co     *coroutine // nil outside of coroutines
	raised raised
}

// take gets a thread of the pool. The caller holds the lock.
func (it *Interp) take() *Thread {
	if n := len(it.free); n > 0 {
		t := it.free[n-1]
		it.free = it.free[:n-1]
		return t
	}
	L, _ := it.base.NewThread()
	t := &Thread{L: L, it: it, depth: depthOf(L)}
	L.SetContext((*threadContext)(t))
	return t
}

// give puts a thread back.
func (it *Interp) give(t *Thread) {
	t.line, t.caller, t.callerLevel, t.handler, t.failure, t.trace = nil, nil, 0, nil, "", false
	if t.spoiled || len(it.free) >= maxFree || overgrown(t.L) {
		return
	}
	t.L.SetTop(0)
	it.free = append(it.free, t)
}

func threadOf(L *lua.LState) *Thread {
	c, ok := L.Context().(*threadContext)
	if !ok {
		panic("compat: Lua runs on a state that is not an interpreter's thread")
	}
	return (*Thread)(c)
}

// threadContext is what gopher-lua asks before each instruction whether to go on. As a context it is that of the chain.
type threadContext Thread

// maxSegments leaves room for the error handler: gopher-lua panics when its stack is full.
const maxSegments = maxCallDepth/lua.FramesPerSegment - 4

func (c *threadContext) Done() <-chan struct{} {
	if *c.depth >= maxSegments {
		return closed
	}
	return c.it.budget.tick((*Thread)(c))
}

func (c *threadContext) Deadline() (time.Time, bool) { return c.line.chain.Deadline() }
func (c *threadContext) Value(key any) any           { return c.line.chain.Value(key) }

func (c *threadContext) Err() error {
	switch {
	case c.it.budget.err != nil:
		return c.it.budget.err
	case *c.depth >= maxSegments:
		return errStackOverflow
	}
	return c.line.chain.Err()
}

var _ context.Context = (*threadContext)(nil)
