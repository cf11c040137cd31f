package luabridge

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// ownSession is whether a session is a module's own table, which has its filters in itself.
func (b *Bridge) ownSession(v lua.LValue) bool {
	t, ok := v.(*lua.LTable)
	if !ok {
		return false
	}
	_, proxy := compat.ObjectOf(t)
	return !proxy
}

// tableFilter calls a function of core.tablefilters with the same arguments.
func (b *Bridge) tableFilter(L *lua.LState, function string) int {
	n := L.GetTop()
	L.Insert(L.GetField(b.require(L, "core.tablefilters"), function), 1)
	L.Call(n, 1)
	return 1
}

// initializeFilters gives a module's session its function "filter", and tells those who want to see new sessions.
func (b *Bridge) initializeFilters(L *lua.LState, hooks map[*lua.LFunction]func()) int {
	session := L.Get(1)
	L.SetTop(1)
	n := b.tableFilter(L, "initialize")
	for hook := range hooks {
		L.Push(hook)
		L.Push(session)
		L.Call(1, 0)
	}
	return n
}
