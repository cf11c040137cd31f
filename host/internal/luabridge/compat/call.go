package compat

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Call calls fn and returns nret results (lua.MultRet for all). An error is an *Error with a traceback.
func (it *Interp) Call(ctx context.Context, fn lua.LValue, nret int, args ...lua.LValue) ([]lua.LValue, error) {
	t := it.Enter(ctx)
	defer t.Leave()
	L := t.L
	L.Push(fn)
	for _, a := range args {
		L.Push(a)
	}
	if err := t.PCall(len(args), nret); err != nil {
		return nil, err
	}
	n := L.GetTop()
	if n == 0 {
		return nil, nil
	}
	results := make([]lua.LValue, n)
	for i := range results {
		results[i] = L.Get(i + 1)
	}
	return results, nil
}

// PCall calls the function below nargs arguments on top of t.L and leaves nret results there. An error is an *Error with a traceback.
func (t *Thread) PCall(nargs, nret int) error {
	t.trace = true
	if err := t.protect(nargs, nret); err != nil {
		return err
	}
	return nil
}

// PCall is a protected call from within a Go function called from Lua: of fn, on a thread of its own, because an error on L itself
// would cut off the variables of all functions running on it. The chain stays the same.
func (it *Interp) PCall(L *lua.LState, fn lua.LValue, nret int, args ...lua.LValue) ([]lua.LValue, error) {
	t := it.sub(L)
	defer it.endSub(t)
	t.L.Push(fn)
	for _, a := range args {
		t.L.Push(a)
	}
	t.trace = true
	if err := t.protect(len(args), nret); err != nil {
		if it.budget.done != nil || t.line.killed() {
			reraise(L, err)
		}
		return nil, err
	}
	results := make([]lua.LValue, t.L.GetTop())
	for i := range results {
		results[i] = t.L.Get(i + 1)
	}
	return results, nil
}

// sub is a thread for a call from L that goes on with L's line.
func (it *Interp) sub(L *lua.LState) *Thread {
	if it.depth >= maxNesting {
		raisef(L, "stack overflow (C stack overflow)")
	}
	it.depth++
	t := it.take()
	t.line, t.caller, t.outermost = threadOf(L).line, L, false
	return t
}

func (it *Interp) endSub(t *Thread) {
	it.depth--
	it.give(t)
}

// protect is PCall with our error handler. It returns *Error, not error, so beware of nil interfaces.
func (t *Thread) protect(nargs, nret int) (failure *Error) {
	defer func() {
		if r := recover(); r != nil { // the stack was too full even for the handler
			t.spoiled = true
			failure = t.newError(recovered(r))
		}
	}()
	if err := t.L.PCall(nargs, nret, t.it.onError); err != nil {
		return t.newError(err)
	}
	return nil
}

func (t *Thread) newError(err error) *Error {
	e := &Error{Value: lua.LString(err.Error()), Traceback: t.failure}
	if ae, ok := err.(*lua.ApiError); ok {
		e.Value = ae.Object
	}
	e.cause = t.line.raised.causeOf(e.Value)
	t.failure = ""
	return e
}

func recovered(r any) error {
	if ae, ok := r.(*lua.ApiError); ok {
		return ae
	}
	return fmt.Errorf("%v", r)
}

// handleError runs on the stack of the error, before it is unwound.
func handleError(L *lua.LState) int {
	t := threadOf(L)
	levelsOf(L) // forgets tail calls, before anything looks at the stack
	value := L.Get(1)
	if s, ok := value.(lua.LString); ok {
		value = lua.LString(reword(L, string(s)))
	}
	if t.trace {
		t.failure = traceback(L, "", 1)
		if s, ok := value.(lua.LString); ok && strings.Contains(string(s), "runtime error: ") {
			t.failure += "\n" + string(debug.Stack())
		}
	}
	if t.handler != nil && t.it.budget.done == nil && !t.line.killed() {
		value = t.runHandler(L, value)
	}
	closeUpvalues(L)
	L.Push(value)
	return 1
}
