package lualib

import (
	"errors"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// logError reports an error in a function that nobody waits for.
func (l *library) logError(what string, err error) {
	var e *compat.Error
	if errors.As(err, &e) {
		l.log.Error(what, "err", e.Error(), "traceback", e.Traceback)
		return
	}
	l.log.Error(what, "err", err)
}

// errorValue is what a message handler of debug.traceback makes of an error: strings get the traceback, other values stay.
func errorValue(err error) lua.LValue {
	var e *compat.Error
	if !errors.As(err, &e) {
		return lua.LString(err.Error())
	}
	if s, ok := e.Value.(lua.LString); ok && e.Traceback != "" {
		return s + "\n" + lua.LString(e.Traceback)
	}
	return e.Value
}
