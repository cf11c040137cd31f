package compat

import (
	"context"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Error is an error raised in Lua, or in a Go function called from it. It wraps the Go error given to Raise.
type Error struct {
	Value     lua.LValue // what was raised; a string begins with "file:line: "
	Traceback string     // "stack traceback:" and a line for each function; empty after a plain pcall
	cause     error
}

func (e *Error) Error() string {
	switch v := e.Value.(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return formatNumber(float64(v))
	case *lua.LTable:
		if condition, ok := v.RawGetString("condition").(lua.LString); ok { // of util.error
			return "error object: " + string(condition) + " " + lua.LVAsString(v.RawGetString("text"))
		}
	}
	return toStringNoCall(e.Value)
}

// Stack is the traceback, for logs.
func (e *Error) Stack() string { return e.Traceback }

// Unwrap is the Go error given to Raise, or why the chain's context ended, or nil.
func (e *Error) Unwrap() error { return e.cause }

// raised remembers the Go error behind the latest message, because an error value in Lua must be a string to be of use there.
type raised struct {
	message string
	err     error
}

func (r *raised) causeOf(v lua.LValue) error {
	s, ok := v.(lua.LString)
	switch {
	case !ok:
		return nil
	case r.err != nil && strings.HasSuffix(string(s), r.message):
		return r.err
	case strings.HasSuffix(string(s), context.Canceled.Error()):
		return context.Canceled
	case strings.HasSuffix(string(s), context.DeadlineExceeded.Error()):
		return context.DeadlineExceeded
	}
	return nil
}

// Raise raises err in Lua as a string with the position of the calling Lua function. Whoever catches it in Go finds err in the chain of
// *Error, even after Lua has raised the message again. An *Error goes on as it was raised. Raise does not return.
func Raise(L *lua.LState, err error) {
	if e, ok := err.(*Error); ok {
		threadOf(L).line.raised = raised{message: e.Error(), err: e}
		L.Error(e.Value, 0)
	}
	message := where(L, 1) + err.Error()
	threadOf(L).line.raised = raised{message: message, err: err}
	L.Error(lua.LString(message), 0)
}

// RaiseAs raises the value v in Lua as it is; whoever catches it in Go finds err behind it if v is a string.
func RaiseAs(L *lua.LState, v lua.LValue, err error) {
	if s, ok := v.(lua.LString); ok {
		threadOf(L).line.raised = raised{message: string(s), err: err}
	}
	L.Error(v, 0)
}

// reraise raises what an inner call raised.
func reraise(L *lua.LState, e *Error) {
	if e.cause != nil {
		threadOf(L).line.raised = raised{message: e.Error(), err: e.cause}
	}
	L.Error(e.Value, 0)
}
