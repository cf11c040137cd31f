package lualib

import (
	"net/http"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// openHTTPCodes makes net.http.codes: the reason of each status code (RFC 9110 §15), also for codes that have none.
func (l *library) openHTTPCodes(L *lua.LState) lua.LValue {
	codes := L.NewTable()
	for code := 100; code < 600; code++ {
		if text := http.StatusText(code); text != "" {
			codes.RawSet(lua.LNumber(code), lua.LString(text))
		}
	}
	codes.Metatable = l.table(map[string]lua.LGFunction{"__index": func(L *lua.LState) int {
		return pushString(L, compat.ToString(L, L.Get(2))+" Unassigned")
	}})
	return codes
}
