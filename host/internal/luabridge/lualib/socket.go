package lualib

import (
	"maps"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// openSocket makes LuaSocket, but for what listens.
func (l *library) openSocket(L *lua.LState) lua.LValue {
	functions := map[string]lua.LGFunction{
		"gettime": func(L *lua.LState) int {
			L.Push(lua.LNumber(now()))
			return 1
		},
		"sleep": func(L *lua.LState) int {
			d := duration(float64(L.CheckNumber(1)))
			chain := l.in.Chain(L)
			chain.Flush()
			l.in.Unlocked(L, func() {
				select {
				case <-time.After(d):
				case <-chain.Done():
				}
			})
			return 0
		},
	}
	for _, name := range []string{"bind", "select"} {
		functions[name] = l.notHere("socket", name)
	}
	maps.Copy(functions, l.socketFunctions())
	lib := l.table(functions)
	dns := map[string]lua.LGFunction{}
	for _, name := range []string{"getaddrinfo", "gethostname", "getnameinfo", "tohostname", "toip"} {
		dns[name] = l.notHere("socket.dns", name)
	}
	lib.RawSetString("dns", l.table(dns))
	lib.RawSetString("_VERSION", lua.LString("LuaSocket 3.0.0"))
	return lib
}
