package compat

import (
	"fmt"
	"math"
	"math/bits"

	lua "github.com/yuin/gopher-lua"
)

// openBit makes bit32 (Lua 5.2 §6.7) and bit (LuaJIT's BitOp, whose results are signed).
func (it *Interp) openBit() {
	unsigned := func(u uint32) lua.LValue { return lua.LNumber(u) }
	signed := func(u uint32) lua.LValue { return lua.LNumber(int32(u)) }
	it.register("bit32", map[string]lua.LGFunction{
		"arshift": shift(unsigned, arithmeticShift),
		"band":    fold(unsigned, math.MaxUint32, func(a, b uint32) uint32 { return a & b }),
		"bnot":    bitUnary(unsigned, func(u uint32) uint32 { return ^u }),
		"bor":     fold(unsigned, 0, func(a, b uint32) uint32 { return a | b }),
		"btest":   bitTest,
		"bxor":    fold(unsigned, 0, func(a, b uint32) uint32 { return a ^ b }),
		"extract": bitExtract,
		"lrotate": shift(unsigned, rotate),
		"lshift":  shift(unsigned, logicalShift),
		"replace": bitReplace,
		"rrotate": shift(unsigned, func(u uint32, n int) uint32 { return rotate(u, -n) }),
		"rshift":  shift(unsigned, func(u uint32, n int) uint32 { return logicalShift(u, -n) }),
	})
	it.register("bit", map[string]lua.LGFunction{
		"arshift": shift(signed, func(u uint32, n int) uint32 { return arithmeticShift(u, n&31) }),
		"band":    fold(signed, math.MaxUint32, func(a, b uint32) uint32 { return a & b }),
		"bnot":    bitUnary(signed, func(u uint32) uint32 { return ^u }),
		"bor":     fold(signed, 0, func(a, b uint32) uint32 { return a | b }),
		"bswap":   bitUnary(signed, bits.ReverseBytes32),
		"bxor":    fold(signed, 0, func(a, b uint32) uint32 { return a ^ b }),
		"lshift":  shift(signed, func(u uint32, n int) uint32 { return u << (n & 31) }),
		"rol":     shift(signed, rotate),
		"ror":     shift(signed, func(u uint32, n int) uint32 { return rotate(u, -n) }),
		"rshift":  shift(signed, func(u uint32, n int) uint32 { return u >> (n & 31) }),
		"tobit":   bitUnary(signed, func(u uint32) uint32 { return u }),
		"tohex":   bitToHex,
	})
}

// checkBits is argument n modulo 2^32.
func checkBits(L *lua.LState, n int) uint32 {
	f := math.Mod(math.RoundToEven(checkNumber(L, n)), 1<<32)
	return uint32(int64(f))
}

func fold(result func(uint32) lua.LValue, neutral uint32, op func(a, b uint32) uint32) lua.LGFunction {
	return func(L *lua.LState) int {
		acc := neutral
		for i := 1; i <= L.GetTop(); i++ {
			acc = op(acc, checkBits(L, i))
		}
		L.Push(result(acc))
		return 1
	}
}

func bitUnary(result func(uint32) lua.LValue, op func(uint32) uint32) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(result(op(checkBits(L, 1))))
		return 1
	}
}

func shift(result func(uint32) lua.LValue, op func(u uint32, n int) uint32) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(result(op(checkBits(L, 1), checkInt(L, 2))))
		return 1
	}
}

// logicalShift goes left, with a negative n right.
func logicalShift(u uint32, n int) uint32 {
	switch {
	case n <= -32 || n >= 32:
		return 0
	case n < 0:
		return u >> -n
	}
	return u << n
}

// arithmeticShift goes right, with a negative n left.
func arithmeticShift(u uint32, n int) uint32 {
	if n < 0 {
		return logicalShift(u, -n)
	}
	return uint32(int32(u) >> min(n, 31))
}

func rotate(u uint32, n int) uint32 { return bits.RotateLeft32(u, n&31) }

func bitTest(L *lua.LState) int {
	acc := uint32(math.MaxUint32)
	for i := 1; i <= L.GetTop(); i++ {
		acc &= checkBits(L, i)
	}
	L.Push(lua.LBool(acc != 0))
	return 1
}

// bitField reads the arguments field and width from index n on.
func bitField(L *lua.LState, n int) (field int, mask uint32) {
	field, width := checkInt(L, n), optInt(L, n+1, 1)
	if field < 0 {
		argError(L, n, "field cannot be negative")
	}
	if width <= 0 {
		argError(L, n+1, "width must be positive")
	}
	if field+width > 32 {
		raisef(L, "trying to access non-existent bits")
	}
	return field, uint32(1<<width - 1)
}

func bitExtract(L *lua.LState) int {
	field, mask := bitField(L, 2)
	L.Push(lua.LNumber(checkBits(L, 1) >> field & mask))
	return 1
}

func bitReplace(L *lua.LState) int {
	field, mask := bitField(L, 3)
	L.Push(lua.LNumber(checkBits(L, 1)&^(mask<<field) | (checkBits(L, 2)&mask)<<field))
	return 1
}

func bitToHex(L *lua.LState) int {
	n := optInt(L, 2, 8)
	format := "%08x"
	if n < 0 {
		format, n = "%08X", -n
	}
	s := fmt.Sprintf(format, checkBits(L, 1))
	L.Push(lua.LString(s[8-min(n, 8):]))
	return 1
}
