package compat

import (
	"math/rand/v2"

	lua "github.com/yuin/gopher-lua"
)

// libraries are values that library functions need at hand.
type libraries struct {
	stringMeta  *lua.LTable
	next, inext lua.LValue
	main        *token // what coroutine.running gives outside of coroutines
	random      *rand.PCG
	registry    *lua.LTable
	upvalueIDs  map[*lua.Upvalue]lua.LValue
	files       fileLibrary
	places      places

	pkg, loaded, preload *lua.LTable
}

func (it *Interp) openLibraries() {
	it.lib.upvalueIDs = map[*lua.Upvalue]lua.LValue{}
	it.openBase()
	it.openPackage()
	it.openTable()
	it.openString()
	it.openMath()
	it.openBit()
	it.openUTF8()
	it.openOS()
	it.openIO()
	it.openCoroutine()
	it.openDebug()
	it.publish()
}

// register makes a global library table.
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
