package compat

import lua "github.com/yuin/gopher-lua"

// Loader finds what `require` is asked for and package.preload has not: ok is false if it knows no such module.
type Loader func(L *lua.LState, name string) (v lua.LValue, ok bool, err error)

// SetLoader sets the loader behind require. It is the one searcher there is besides package.preload and package.path.
func (it *Interp) SetLoader(load Loader) { it.loader = load }

type libraries struct {
	stringMeta *lua.LTable
}

func (it *Interp) openLibraries() {
	it.base.OpenLibs()
}
