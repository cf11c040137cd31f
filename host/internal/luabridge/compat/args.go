package compat

import (
	"fmt"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// argError raises "bad argument #n to 'name' (message)". The object of a method call does not count.
func argError(L *lua.LState, n int, message string) {
	name, method := calledName(L)
	if method {
		n--
		if n == 0 {
			raisef(L, "calling '%s' on bad self (%s)", name, message)
		}
	}
	raisef(L, "bad argument #%d to '%s' (%s)", n, name, message)
}

// calledName is what the caller called the running Go function.
func calledName(L *lua.LState) (name string, method bool) {
	f := &fault{L: L}
	f.look(1)
	if f.fn == nil || opcode(f.inst) != lua.OP_CALL && opcode(f.inst) != lua.OP_TAILCALL {
		return "?", false
	}
	kind, name, _ := strings.Cut(nameOf(f.fn, f.pc, argA(f.inst)), " ")
	if name == "" {
		return "?", false
	}
	return strings.Trim(name, "'"), kind == "method"
}

func typeError(L *lua.LState, n int, want string) {
	got := "no value"
	if n <= L.GetTop() {
		got = typeName(L, L.Get(n))
	}
	argError(L, n, fmt.Sprintf("%s expected, got %s", want, got))
}

// typeName is the type of v for messages, or its metatable's __name.
func typeName(L *lua.LState, v lua.LValue) string {
	if s, ok := metamethod(L, v, "__name").(lua.LString); ok {
		return string(s)
	}
	return v.Type().String()
}

func isNone(L *lua.LState, n int) bool      { return n > L.GetTop() }
func isNoneOrNil(L *lua.LState, n int) bool { return L.Get(n) == lua.LNil }

func checkAny(L *lua.LState, n int) lua.LValue {
	if isNone(L, n) {
		argError(L, n, "value expected")
	}
	return L.Get(n)
}

func checkTable(L *lua.LState, n int) *lua.LTable {
	tb, ok := L.Get(n).(*lua.LTable)
	if !ok {
		typeError(L, n, "table")
	}
	return tb
}

func checkFunction(L *lua.LState, n int) *lua.LFunction {
	fn, ok := L.Get(n).(*lua.LFunction)
	if !ok {
		typeError(L, n, "function")
	}
	return fn
}

func checkString(L *lua.LState, n int) string {
	switch v := L.Get(n).(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return formatNumber(float64(v))
	}
	typeError(L, n, "string")
	return ""
}

func optString(L *lua.LState, n int, otherwise string) string {
	if isNoneOrNil(L, n) {
		return otherwise
	}
	return checkString(L, n)
}

func checkNumber(L *lua.LState, n int) float64 {
	if v, ok := L.Get(n).(lua.LNumber); ok {
		return float64(v)
	}
	f, ok := toNumber(L.Get(n))
	if !ok {
		typeError(L, n, "number")
	}
	return f
}

func optNumber(L *lua.LState, n int, otherwise float64) float64 {
	if isNoneOrNil(L, n) {
		return otherwise
	}
	return checkNumber(L, n)
}

func checkInt(L *lua.LState, n int) int { return toInt(checkNumber(L, n)) }

func optInt(L *lua.LState, n, otherwise int) int {
	if isNoneOrNil(L, n) {
		return otherwise
	}
	return checkInt(L, n)
}

// toInt cuts a number off to an integer; what does not fit becomes the nearest that does, NaN the smallest.
func toInt(f float64) int {
	switch {
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f > math.MinInt64:
		return int(f)
	}
	return math.MinInt64
}
