package lualib

import (
	"net/http"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// openHTTPCodes makes net.http.codes: the status line's text of each code (RFC 9110 §15), "404 Not Found", also for codes that have none.
func (l *library) openHTTPCodes(L *lua.LState) lua.LValue {
	codes := L.NewTable()
	for code := 100; code < 600; code++ {
		if text := http.StatusText(code); text != "" {
			codes.RawSet(lua.LNumber(code), lua.LString(strconv.Itoa(code)+" "+text))
		}
	}
	codes.Metatable = l.table(map[string]lua.LGFunction{"__index": func(L *lua.LState) int {
		return pushString(L, compat.ToString(L, L.Get(2))+" Unassigned")
	}})
	return codes
}
