package compat

import lua "github.com/yuin/gopher-lua"

// Loader finds what `require` is asked for and package.preload has not: ok is false if it knows no such module.
type Loader func(L *lua.LState, name string) (v lua.LValue, ok bool, err error)

// SetLoader sets the loader behind require. It is the one searcher there is besides package.preload and package.path.
func (it *Interp) SetLoader(load Loader) { it.loader = load }

// libraries are values that library functions need at hand.
type libraries struct {
	stringMeta  *lua.LTable
	next, inext lua.LValue
	main        *token // what coroutine.running gives outside of coroutines
	loaded      *lua.LTable
}

func (it *Interp) openLibraries() {
	it.base.OpenLibs()
	it.openBase()
	it.openTable()
	it.openCoroutine()
}

// register makes a library table, global and in package.loaded.
func (it *Interp) register(name string, functions map[string]lua.LGFunction) *lua.LTable {
	lib := it.base.CreateTable(0, len(functions))
	for fname, fn := range functions {
		lib.RawSetString(fname, it.base.NewFunction(fn))
	}
	it.Globals().RawSetString(name, lib)
	return lib
}

// checkSize raises an error if a string of n bytes is more than a program may build.
func checkSize(L *lua.LState, n int) {
	if n < 0 || n > Of(L).opts.MaxString {
		raisef(L, "not enough memory (string of more than %d bytes)", Of(L).opts.MaxString)
	}
}
