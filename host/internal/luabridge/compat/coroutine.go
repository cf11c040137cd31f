package compat

import (
	"iter"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
	"weak"

	lua "github.com/yuin/gopher-lua"
)

// coroutine runs on a goroutine of its own, which waits in Go when Lua yields. So a yield may cross whatever lies between, and resuming
// hands the goroutine the chain, and with it the interpreter lock, of who resumes.
//
// Lua holds the token, the goroutine only the coroutine: a token that nobody holds any more ends the goroutine (graveyard).
type coroutine struct {
	it     *Interp
	token  weak.Pointer[token]
	fn     lua.LValue // until started
	t      *Thread    // from start to end
	line   line
	top    *lua.LState // where it yielded, for tracebacks
	status string
	next   func() (struct{}, bool)
	stop   func()
	yield  func(struct{}) bool
	values []lua.LValue // handed over at each switch
	fail   *Error
	depth  int // threads in use inside, while suspended
	ending bool
}

const (
	suspended = "suspended"
	running   = "running"
	normal    = "normal"
	dead      = "dead"
)

// token is what Lua sees: a thread by its type, with the coroutine behind it.
type token struct {
	lua.LState
	co *coroutine
}

// tokenMark as the parent tells a token from other threads.
var tokenMark = &lua.LState{}

func newToken(co *coroutine) *token { return &token{LState: lua.LState{Parent: tokenMark}, co: co} }

// coroutineOf is the coroutine behind a thread value; ok is false if v is no thread, co nil if it is the main one.
func coroutineOf(v lua.LValue) (co *coroutine, ok bool) {
	th, ok := v.(*lua.LState)
	if !ok || th.Parent != tokenMark {
		return nil, ok
	}
	return (*token)(unsafe.Pointer(th)).co, true
}

func (it *Interp) newCoroutine(fn lua.LValue) *token {
	co := &coroutine{it: it, fn: fn, status: suspended}
	co.line.co = co
	tok := newToken(co)
	co.token = weak.Make(tok)
	return tok
}

// killed tells whether the line belongs to a coroutine that is being closed: all of its frames must end.
func (l *line) killed() bool { return l.co != nil && l.co.ending }

// start takes a thread and makes the goroutine.
func (co *coroutine) start(tok *token) {
	co.t = co.it.take()
	co.t.line, co.t.caller, co.t.outermost = &co.line, nil, false
	co.next, co.stop = iter.Pull(co.body)
	runtime.AddCleanup(tok, abandon, co)
}

func (co *coroutine) body(yield func(struct{}) bool) {
	co.yield = yield
	L := co.t.L
	L.Push(co.fn)
	co.fn = nil
	for _, v := range co.values {
		L.Push(v)
	}
	n := len(co.values)
	co.t.trace = true
	co.fail = co.t.protect(n, lua.MultRet)
	co.take(L, 1)
}

// take collects the values from index i of L's stack on for the other side.
func (co *coroutine) take(L *lua.LState, i int) {
	clear(co.values)
	co.values = co.values[:0]
	for ; i <= L.GetTop(); i++ {
		co.values = append(co.values, L.Get(i))
	}
}

// resume runs the coroutine until it yields or ends. The values it gives are in co.values.
func (co *coroutine) resume(L *lua.LState, tok *token, firstArg int) *Error {
	it, from := co.it, threadOf(L)
	switch {
	case co.status == dead:
		return &Error{Value: lua.LString("cannot resume dead coroutine")}
	case co.status != suspended:
		return &Error{Value: lua.LString("cannot resume non-suspended coroutine")}
	case it.depth+co.depth >= maxNesting:
		return &Error{Value: lua.LString("C stack overflow")}
	}
	co.take(L, firstArg)
	if co.t == nil {
		co.start(tok)
	}
	if from.line.co != nil {
		from.line.co.status = normal
	}
	co.line.chain, co.status = from.line.chain, running
	depth := it.depth
	it.depth += co.depth + 1
	_, yielded := co.next()
	co.depth = it.depth - depth - 1
	it.depth = depth
	if from.line.co != nil {
		from.line.co.status = running
	}
	if yielded {
		co.status = suspended
		return nil
	}
	co.finish()
	return co.fail
}

// finish ends the coroutine after its goroutine has.
func (co *coroutine) finish() {
	co.status = dead
	co.line.chain, co.top, co.fn = nil, nil, nil
	if co.t != nil {
		co.it.give(co.t)
		co.t, co.depth = nil, 0
	}
}

// suspend is coroutine.yield: it waits until somebody resumes.
func (co *coroutine) suspend(L *lua.LState) {
	co.take(L, 1)
	co.top = L
	if !co.yield(struct{}{}) {
		L.Error(lua.LString("coroutine closed"), 0)
	}
	L.SetTop(0)
	for _, v := range co.values {
		L.Push(v)
	}
}

// close ends a suspended coroutine: its goroutine unwinds.
func (co *coroutine) close() {
	if co.t != nil {
		depth := co.it.depth
		co.it.depth += co.depth + 1
		co.ending = true
		co.stop()
		co.ending = false
		co.it.depth = depth
		co.fail = nil
	}
	co.finish()
}

// graveyard holds coroutines that were abandoned while suspended, until somebody with the lock closes them.
type graveyard struct {
	some atomic.Bool
	mu   sync.Mutex // guards list
	list []*coroutine
}

// abandon runs on the runtime's cleanup goroutine when a token has become unreachable.
func abandon(co *coroutine) {
	g := &co.it.dead
	g.mu.Lock()
	g.list = append(g.list, co)
	g.mu.Unlock()
	g.some.Store(true)
}

// bury closes the abandoned coroutines. The caller holds the interpreter lock.
func (g *graveyard) bury(t *Thread) {
	if !g.some.Load() {
		return
	}
	g.mu.Lock()
	list := g.list
	g.list = nil
	g.some.Store(false)
	g.mu.Unlock()
	for _, co := range list {
		if co.status == suspended {
			co.line.chain = t.own.chain
			co.close()
		}
	}
}
