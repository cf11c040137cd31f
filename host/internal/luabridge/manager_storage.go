package luabridge

import (
	"errors"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// storageManagerLibrary is core.storagemanager.
func (b *Bridge) storageManagerLibrary(L *lua.LState) lua.LValue {
	t := b.table(b.storageManager())
	t.RawSetString("olddm", b.require(L, "util.datafiles"))
	return t
}

func (b *Bridge) storageManager() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"open": func(L *lua.LState) int {
			return b.openStore(b.in.Context(L), L, L.CheckString(1), L.CheckString(2), L.OptString(3, sdk.KindKeyval))
		},
		"purge": func(L *lua.LState) int {
			return pushOutcome(L, b.srv.PurgeStores(b.in.Context(L), L.CheckString(2), L.CheckString(1)))
		},
		"initialize_host": func(*lua.LState) int { return 0 }, // hosts are initialised as they are activated
		"get_driver": func(L *lua.LState) int {
			name := b.srv.StorageDriverName(L.CheckString(1), L.OptString(2, ""))
			if b.pushDriver(L, L.CheckString(1), name) == 2 {
				return 2
			}
			L.Push(lua.LString(name))
			return 2
		},
		"load_driver": func(L *lua.LState) int { return b.pushDriver(L, L.CheckString(1), L.CheckString(2)) },
	}
}

// pushDriver returns a host's driver of a name, or nil and why there is none.
func (b *Bridge) pushDriver(L *lua.LState, host, name string) int {
	d, err := b.srv.StorageDriver(b.in.Context(L), host, name)
	if err != nil {
		return pushFailure(L, err)
	}
	L.Push(b.driverValue(d, host, name))
	return 1
}

// driverValue is a driver as modules know it: driver:open(store, kind), driver:purge(user), driver:stores(user).
func (b *Bridge) driverValue(d StorageDriver, host, name string) *lua.LTable {
	if own, ok := d.(interface{ luaTable() *lua.LTable }); ok {
		return own.luaTable()
	}
	t := b.table(map[string]lua.LGFunction{
		"open": func(L *lua.LState) int {
			kind := L.OptString(3, sdk.KindKeyval)
			store, err := d.Open(b.in.Context(L), host, L.CheckString(2), kind)
			if errors.Is(err, sdk.ErrUnsupported) {
				err = errors.New("unsupported-store")
			}
			return b.pushStore(L, store, kind, err)
		},
		"purge": func(L *lua.LState) int { return pushOutcome(L, d.Purge(b.in.Context(L), host, L.CheckString(2))) },
		"stores": func(L *lua.LState) int {
			names, err := d.Stores(b.in.Context(L), host, key(L, 2))
			if err != nil {
				return pushFailure(L, err)
			}
			values := make([]any, len(names))
			for i, name := range names {
				values[i] = name
			}
			return b.pushIterator(L, values)
		},
	})
	t.RawSetString("name", lua.LString(name))
	return t
}
