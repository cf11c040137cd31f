package compat

import (
	"unsafe"

	"github.com/yuin/gopher-lua/ast"

	lua "github.com/yuin/gopher-lua"
)

// markConcat stands for the builtin in the constants of a chunk until finish puts it in.
const markConcat = "\x00\xfe quatrain: concatenate \xff\x00"

// maxOperands is how many operands one call of the builtin takes.
const maxOperands = 100

var concatFunction = &lua.LFunction{IsG: true, Env: &lua.LTable{Metatable: lua.LNil}, GFunction: concatenate}

// concatCall turns `a .. b .. c` into one call of the builtin, because gopher-lua writes numbers with 17 digits and builds strings of any
// size. It costs the same.
func concatCall(e *ast.StringConcatOpExpr) ast.Expr {
	args := []ast.Expr{single(e.Lhs)}
	if c, ok := e.Rhs.(*ast.FuncCallExpr); ok && isBuiltin(c, markConcat) && len(c.Args) < maxOperands {
		args = append(args, c.Args...)
	} else {
		args = append(args, single(e.Rhs))
	}
	return builtinCall(markConcat, e.Line(), args...)
}

// single cuts a call or `...` down to one value.
func single(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = true
	case *ast.Comma3Expr:
		e.AdjustRet = true
	}
	return e
}

func concatenate(L *lua.LState) int {
	n, size := L.GetTop(), 0
	for i := 1; i <= n; i++ {
		switch v := L.Get(i).(type) {
		case lua.LString:
			size += len(v)
		case lua.LNumber:
			size += maxNumeral
		default:
			return concatObjects(L, n)
		}
	}
	var room [128]byte
	if size <= len(room) {
		L.Push(lua.LString(appendAll(L, n, room[:0])))
		return 1
	}
	checkSize(L, size)
	buf := appendAll(L, n, make([]byte, 0, size))
	L.Push(lua.LString(unsafe.String(&buf[0], len(buf)))) // nobody changes buf any more
	return 1
}

func appendAll(L *lua.LState, n int, buf []byte) []byte {
	for i := 1; i <= n; i++ {
		switch v := L.Get(i).(type) {
		case lua.LString:
			buf = append(buf, v...)
		case lua.LNumber:
			buf = appendNumber(buf, float64(v))
		}
	}
	return buf
}

// concatObjects concatenates two at a time from the right, with metamethods.
func concatObjects(L *lua.LState, n int) int {
	acc := L.Get(n)
	for i := n - 1; i >= 1; i-- {
		left := L.Get(i)
		a, ok1 := concatText(left)
		b, ok2 := concatText(acc)
		if ok1 && ok2 {
			checkSize(L, len(a)+len(b))
			acc = lua.LString(a + b)
			continue
		}
		h := metamethod(L, left, "__concat")
		if h == lua.LNil {
			h = metamethod(L, acc, "__concat")
		}
		if h == lua.LNil {
			culprit, at := left, i
			if ok1 {
				culprit, at = acc, i+1
			}
			raisef(L, "attempt to concatenate a %s value%s", culprit.Type(), argumentName(L, at))
		}
		acc = call1(L, h, left, acc)
	}
	L.Push(acc)
	return 1
}

func concatText(v lua.LValue) (string, bool) {
	switch v := v.(type) {
	case lua.LString:
		return string(v), true
	case lua.LNumber:
		return formatNumber(float64(v)), true
	}
	return "", false
}

// argumentName is " (local 'x')" or the like for an argument of the running builtin.
func argumentName(L *lua.LState, n int) string {
	f := &fault{L: L}
	f.look(1)
	if f.fn == nil || opcode(f.inst) != lua.OP_CALL {
		return ""
	}
	return f.variable(L.Get(n).Type().String(), argA(f.inst)+n)
}
