package lualib

import (
	"errors"

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
