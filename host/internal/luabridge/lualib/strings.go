package lualib

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// openTable makes util.table.
func (l *library) openTable(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{
		"create": func(L *lua.LState) int {
			L.Push(L.CreateTable(bounded(L, 1), bounded(L, 2)))
			return 1
		},
		"pack": func(L *lua.LState) int {
			n := L.GetTop()
			t := L.CreateTable(n, 1)
			for i := 1; i <= n; i++ {
				t.RawSetInt(i, L.Get(i))
			}
			t.RawSetString("n", lua.LNumber(n))
			L.Push(t)
			return 1
		},
		"move": tableMove,
	})
}

// bounded is how much room to make for what argument n announces.
func bounded(L *lua.LState, n int) int { return max(0, min(L.OptInt(n, 0), 1<<16)) }

// tableMove: source, from, to, target position, target (default: the source).
func tableMove(L *lua.LState) int {
	source, from, to, at := L.CheckTable(1), L.CheckInt(2), L.CheckInt(3), L.CheckInt(4)
	target := L.OptTable(5, source)
	step, i := 1, from
	if target == source && at > from {
		step, i = -1, to
	}
	for ; i >= from && i <= to; i += step {
		compat.RawSet(L, target, lua.LNumber(at+i-from), compat.RawGet(L, source, lua.LNumber(i)))
	}
	L.Push(target)
	return 1
}

// openStrbitop makes util.strbitop: bitwise operations on the bytes of a string with those of another, which is repeated.
func (l *library) openStrbitop(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{
		"sand": byteOperation(func(a, b byte) byte { return a & b }),
		"sor":  byteOperation(func(a, b byte) byte { return a | b }),
		"sxor": byteOperation(func(a, b byte) byte { return a ^ b }),
	})
}

func byteOperation(op func(a, b byte) byte) lua.LGFunction {
	return func(L *lua.LState) int {
		a, b := []byte(L.CheckString(1)), L.CheckString(2)
		if b != "" {
			for i := range a {
				a[i] = op(a[i], b[i%len(b)])
			}
		}
		return pushString(L, string(a))
	}
}
