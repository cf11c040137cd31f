package luabridge

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// globals are the guard over _G: reading a global that nobody defined is logged once per name, setting one is an error.
type globals struct {
	locked bool
	warned map[string]bool
	env    *lua.LTable // metatable of module environments
}

// guardGlobals turns the guard on.
func (b *Bridge) guardGlobals() {
	L := b.in.State()
	b.globals = globals{locked: true, warned: map[string]bool{}}
	guard := b.table(map[string]lua.LGFunction{
		"__index": func(L *lua.LState) int {
			name := lua.LVAsString(L.Get(2))
			if b.globals.locked && !b.globals.warned[name] {
				b.globals.warned[name] = true
				b.log.Warn("a Lua script reads a global that nobody defined", "name", name, "at", strings.TrimRight(L.Where(1), ": "))
			}
			L.Push(lua.LNil)
			return 1
		},
		"__newindex": func(L *lua.LState) int {
			if b.globals.locked {
				L.RaiseError("attempt to set the global %q (declare it local)", lua.LVAsString(L.Get(2)))
			}
			L.RawSet(L.CheckTable(1), L.Get(2), L.Get(3))
			return 0
		},
	})
	b.in.Globals().Metatable = guard
	b.globals.env = L.NewTable()
	b.globals.env.RawSetString("__index", b.in.Globals())
}

// newEnvironment is a module's table of globals; what it lacks is looked up in the real ones.
func (b *Bridge) newEnvironment() *lua.LTable {
	env := b.in.State().NewTable()
	env.Metatable = b.globals.env
	return env
}

// layered is an environment over another one.
func (b *Bridge) layered(under *lua.LTable) *lua.LTable {
	L := b.in.State()
	env, mt := L.NewTable(), L.NewTable()
	mt.RawSetString("__index", under)
	env.Metatable = mt
	return env
}

// setLocked is prosody.lock_globals and unlock_globals.
func (b *Bridge) setLocked(locked bool) lua.LGFunction {
	return func(*lua.LState) int {
		b.globals.locked = locked
		return 0
	}
}
