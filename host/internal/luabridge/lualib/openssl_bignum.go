package lualib

import (
	"fmt"
	"math/big"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

const bignumClass = "bignum"

// openOpenSSLBignum makes openssl.bignum: new(number, decimal digits, or hexadecimal ones after "0x") and fromBinary(bytes), with
// arithmetic, comparison, toBinary, toDecimal and toHex.
func (l *library) openOpenSSLBignum(*lua.LState) lua.LValue {
	class := l.class(bignumClass, map[string]lua.LGFunction{
		"toBinary":  func(L *lua.LState) int { return pushString(L, string(checkBignum(L, 1).Bytes())) },
		"toDecimal": func(L *lua.LState) int { return pushString(L, checkBignum(L, 1).String()) },
		"toHex":     func(L *lua.LState) int { return pushString(L, fmt.Sprintf("%X", checkBignum(L, 1))) },
	})
	push := func(L *lua.LState, n *big.Int) int {
		L.Push(l.object(class, n))
		return 1
	}
	L := l.in.State()
	for name, f := range map[string]func(z, x, y *big.Int) *big.Int{
		"__add": (*big.Int).Add, "__sub": (*big.Int).Sub, "__mul": (*big.Int).Mul,
	} {
		class.RawSetString(name, L.NewFunction(func(L *lua.LState) int {
			return push(L, f(new(big.Int), checkBignum(L, 1), checkBignum(L, 2)))
		}))
	}
	for name, f := range map[string]func(z, x, y *big.Int) *big.Int{"__div": (*big.Int).Quo, "__mod": (*big.Int).Mod} {
		class.RawSetString(name, L.NewFunction(func(L *lua.LState) int {
			x, y := checkBignum(L, 1), checkBignum(L, 2)
			if y.Sign() == 0 {
				L.RaiseError("bignum: division by zero")
			}
			return push(L, f(new(big.Int), x, y))
		}))
	}
	for name, holds := range map[string]func(order int) bool{
		"__eq": func(o int) bool { return o == 0 }, "__lt": func(o int) bool { return o < 0 }, "__le": func(o int) bool { return o <= 0 },
	} {
		class.RawSetString(name, L.NewFunction(func(L *lua.LState) int {
			L.Push(lua.LBool(holds(checkBignum(L, 1).Cmp(checkBignum(L, 2)))))
			return 1
		}))
	}
	class.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int { return pushString(L, checkBignum(L, 1).String()) }))
	return l.table(map[string]lua.LGFunction{
		"new":        func(L *lua.LState) int { return push(L, checkBignum(L, 1)) },
		"fromBinary": func(L *lua.LState) int { return push(L, new(big.Int).SetBytes([]byte(L.CheckString(1)))) },
	})
}

// checkBignum is an argument as a whole number: such an object, a number, or its digits.
func checkBignum(L *lua.LState, n int) *big.Int {
	if v, ok := valueOf[*big.Int](L.Get(n)); ok {
		return v
	}
	text := lua.LVAsString(L.Get(n))
	base := 10
	if digits, ok := strings.CutPrefix(strings.ToLower(text), "0x"); ok {
		text, base = digits, 16
	}
	v, ok := new(big.Int).SetString(text, base)
	if !ok {
		L.ArgError(n, "not a whole number: "+text)
	}
	return v
}
