package compat

import (
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openString makes the string library and the metatable of strings: Lua 5.1 §5.4, with the separator of rep (5.2) and pack, packsize
// and unpack (5.3). dump is missing.
func (it *Interp) openString() {
	lib := it.register("string", map[string]lua.LGFunction{
		"byte":     stringByte,
		"char":     stringChar,
		"find":     stringFind,
		"format":   stringFormat,
		"gmatch":   stringGMatch,
		"gfind":    stringGMatch,
		"gsub":     stringGSub,
		"len":      stringLen,
		"lower":    stringLower,
		"match":    stringMatch,
		"pack":     stringPack,
		"packsize": stringPackSize,
		"rep":      stringRep,
		"reverse":  stringReverse,
		"sub":      stringSub,
		"unpack":   stringUnpack,
		"upper":    stringUpper,
	})
	mt := it.base.NewTable()
	mt.RawSetString("__index", lib)
	it.stringOperators(mt)
	it.lib.stringMeta = mt
	it.base.SetMetatable(lua.LString(""), mt)
}

// stringOperators makes arithmetic on numerals use our parser, not gopher-lua's. Lua 5.4 has these metamethods too.
func (it *Interp) stringOperators(mt *lua.LTable) {
	for event, op := range map[string]func(a, b float64) float64{
		"__add": func(a, b float64) float64 { return a + b },
		"__sub": func(a, b float64) float64 { return a - b },
		"__mul": func(a, b float64) float64 { return a * b },
		"__div": func(a, b float64) float64 { return a / b },
		"__mod": modulo,
		"__pow": math.Pow,
		"__unm": func(a, _ float64) float64 { return -a },
	} {
		mt.RawSetString(event, it.base.NewFunction(func(L *lua.LState) int { return stringArith(L, event, op) }))
	}
}

func modulo(a, b float64) float64 { return a - math.Floor(a/b)*b }

func stringArith(L *lua.LState, event string, op func(a, b float64) float64) int {
	a, b := L.Get(1), L.Get(2)
	if event == "__unm" {
		b = a
	}
	x, ok1 := toNumber(a)
	y, ok2 := toNumber(b)
	if ok1 && ok2 {
		L.Push(lua.LNumber(op(x, y)))
		return 1
	}
	if h := metamethod(L, b, event); h != lua.LNil { // the other operand's, whose turn it would be
		L.Push(call1(L, h, a, b))
		return 1
	}
	bad := b
	if !ok1 {
		bad = a
	}
	raisef(L, "attempt to perform arithmetic on a %s value", bad.Type())
	return 0
}

func stringLen(L *lua.LState) int {
	L.Push(integer(len(checkString(L, 1))))
	return 1
}

// span turns Lua's i and j (from 1, negative from the end, both included) into a Go range within n.
func span(i, j, n int) (int, int) {
	if i < 0 {
		i = max(i+n+1, 1)
	}
	if j < 0 {
		j += n + 1
	}
	i, j = max(i, 1), min(j, n)
	if i > j {
		return 0, 0
	}
	return i - 1, j
}

func stringSub(L *lua.LState) int {
	s := checkString(L, 1)
	i, j := span(checkInt(L, 2), optInt(L, 3, -1), len(s))
	L.Push(lua.LString(s[i:j]))
	return 1
}

func stringByte(L *lua.LState) int {
	s := checkString(L, 1)
	first := optInt(L, 2, 1)
	i, j := span(first, optInt(L, 3, first), len(s))
	if j-i > maxRegistry/4 {
		raisef(L, "string slice too long")
	}
	for k := i; k < j; k++ {
		L.Push(integer(int(s[k])))
	}
	return j - i
}

func stringChar(L *lua.LState) int {
	b := make([]byte, L.GetTop())
	for i := range b {
		c := checkInt(L, i+1)
		if c < 0 || c > 255 {
			argError(L, i+1, "invalid value")
		}
		b[i] = byte(c)
	}
	L.Push(lua.LString(b))
	return 1
}

func stringRep(L *lua.LState) int {
	s, n, sep := checkString(L, 1), checkInt(L, 2), optString(L, 3, "")
	if n <= 0 {
		L.Push(lua.LString(""))
		return 1
	}
	if len(s)+len(sep) == 0 {
		n = 1
	} else if n-1 > Of(L).opts.MaxString/(len(s)+len(sep)) {
		checkSize(L, math.MaxInt)
	}
	checkSize(L, n*len(s)+(n-1)*len(sep))
	if sep == "" {
		L.Push(lua.LString(strings.Repeat(s, n)))
	} else {
		L.Push(lua.LString(strings.Repeat(s+sep, n-1) + s))
	}
	return 1
}

func stringReverse(L *lua.LState) int {
	s := checkString(L, 1)
	b := make([]byte, len(s))
	for i := range len(s) {
		b[len(s)-1-i] = s[i]
	}
	L.Push(lua.LString(b))
	return 1
}

func stringLower(L *lua.LState) int { return mapBytes(L, lower) }
func stringUpper(L *lua.LState) int { return mapBytes(L, upper) }

// mapBytes pushes the string with f applied to each byte, or the same string if nothing changes.
func mapBytes(L *lua.LState, f func(byte) byte) int {
	s := checkString(L, 1)
	for i := range len(s) {
		if f(s[i]) != s[i] {
			b := []byte(s)
			for ; i < len(b); i++ {
				b[i] = f(b[i])
			}
			L.Push(lua.LString(b))
			return 1
		}
	}
	L.Push(lua.LString(s))
	return 1
}
