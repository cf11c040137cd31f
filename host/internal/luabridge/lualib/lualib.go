// Package lualib is the part of what Lua modules can require that is written in Go: the hot libraries and those next to the core.
package lualib

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/host/internal/luabridge/luastanza"
)

// Libraries are the openers by canonical name ("util.jid"). Each is called once, under the interpreter's lock.
func Libraries(in *compat.Interp, stanzas *luastanza.Lib) map[string]func(L *lua.LState) lua.LValue {
	return map[string]func(L *lua.LState) lua.LValue{}
}
