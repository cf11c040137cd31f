package luabridge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/host/internal/luabridge/lualib"
)

// openLibraries makes what modules can require: the bridge's own libraries, those of package lualib, and the Lua files of the library
// tree. "prosody.util.x" and "util.x" are the same library.
func (b *Bridge) openLibraries() {
	b.native, b.closeNetwork = lualib.Libraries(b.in, b.stanzas, b.srv)
	b.native["util.stanza"] = func(*lua.LState) lua.LValue { return b.stanzas.Module() }
	b.native["util.logger"] = b.loggerLibrary
	b.native["util.filters"] = b.filtersLibrary
	b.native["core.features"] = b.featureLibrary
	b.native["core.moduleapi"] = func(*lua.LState) lua.LValue { return b.api }
	for name, functions := range b.managers() {
		b.native[name] = func(*lua.LState) lua.LValue { return b.table(functions) }
	}
	b.native["core.metrics"] = b.metricsLibrary
	b.native["core.usermanager"] = b.userManagerLibrary
	b.native["core.storagemanager"] = b.storageManagerLibrary
	b.native["core.sessionmanager"] = b.sessionManagerLibrary
	b.in.Globals().RawSetString("import", b.in.State().NewFunction(b.importFields))
	b.in.SetLoader(b.load)
}

// load is the interpreter's loader: found is false for what is not ours.
func (b *Bridge) load(L *lua.LState, name string) (v lua.LValue, found bool, err error) {
	canonical := strings.TrimPrefix(name, "prosody.")
	if v := b.libs[canonical]; v != nil {
		return v, true, nil
	}
	if open := b.native[canonical]; open != nil {
		v = open(L)
		b.libs[canonical] = v
		return v, true, nil
	}
	if b.library == nil {
		return nil, false, nil
	}
	file := strings.ReplaceAll(canonical, ".", "/") + ".lua"
	code, err := fs.ReadFile(b.library, file)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("reading library %q: %w", name, err)
	}
	v, err = b.runLibrary(L, canonical, file, code)
	return v, true, err
}

func (b *Bridge) runLibrary(L *lua.LState, name, file string, code []byte) (lua.LValue, error) {
	fn, err := b.in.Load(code, "@"+file, nil)
	if err != nil {
		return nil, err
	}
	results, err := b.in.PCall(L, fn, 1, lua.LString(name))
	if err != nil {
		return nil, err
	}
	if results[0] == lua.LNil {
		results[0] = lua.LTrue
	}
	b.libs[name] = results[0]
	return results[0], nil
}

// importFields is the global import("util.jid", "split", "bare"): these fields of a library, or the library itself.
func (b *Bridge) importFields(L *lua.LState) int {
	library, n := b.require(L, L.CheckString(1)), L.GetTop()
	if n == 1 {
		L.Push(library)
		return 1
	}
	for i := 2; i <= n; i++ {
		L.Push(L.GetField(library, L.CheckString(i)))
	}
	return n - 1
}

// Require loads a library before a module asks for it.
func (b *Bridge) Require(ctx context.Context, name string) error {
	t := b.in.Enter(ctx)
	defer t.Leave()
	return protect(t, func(L *lua.LState) { b.require(L, name) })
}

// require is a library, for Go code that calls into it.
func (b *Bridge) require(L *lua.LState, name string) lua.LValue {
	v, found, err := b.load(L, name)
	if err != nil {
		compat.Raise(L, err)
	}
	if !found {
		L.RaiseError("no library %q", name)
	}
	return v
}

// featureLibrary is core.features: the set of what modules may require.
func (b *Bridge) featureLibrary(L *lua.LState) lua.LValue {
	names := make([]lua.LValue, len(features))
	for i, f := range features {
		names[i] = lua.LString(f)
	}
	t := L.NewTable()
	t.RawSetString("available", b.construct(L, "util.set", "new", names))
	return t
}
