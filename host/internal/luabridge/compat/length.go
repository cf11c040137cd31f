package compat

import (
	"github.com/yuin/gopher-lua/ast"

	lua "github.com/yuin/gopher-lua"
)

// gopher-lua keeps an entry with a whole number for a key in the array, however far off, and takes the last one for the length of the
// list. Lua promises any border, but programs keep lists and far numbers in one table, and what the reference implementation does is the
// end of the list. So `#t` is compiled into a call of lengthOf, and `t[#t + 1] = v` into one of appendTo, which costs no more than before.

const (
	markLength = "\x00\xfe quatrain: length \xff\x00"
	markAppend = "\x00\xfe quatrain: append \xff\x00"
)

var (
	lengthFunction = &lua.LFunction{IsG: true, Env: &lua.LTable{Metatable: lua.LNil}, GFunction: lengthOf}
	appendFunction = &lua.LFunction{IsG: true, Env: &lua.LTable{Metatable: lua.LNil}, GFunction: appendTo}
)

// builtinCall calls the builtin behind a marker.
func builtinCall(marker string, line int, args ...ast.Expr) *ast.FuncCallExpr {
	fn := &ast.StringExpr{Value: marker}
	fn.SetLine(line)
	call := &ast.FuncCallExpr{Func: fn, Args: args, AdjustRet: true}
	call.SetLine(line)
	return call
}

// appendCall is the call for `t[#t + 1] = v`, if s is that and v cannot change the length before it is assigned; else nil.
func appendCall(s *ast.AssignStmt) ast.Stmt {
	get, ok := s.Lhs[0].(*ast.AttrGetExpr)
	if !ok {
		return nil
	}
	list, ok1 := get.Object.(*ast.IdentExpr)
	sum, ok2 := get.Key.(*ast.ArithmeticOpExpr)
	if !ok1 || !ok2 || sum.Operator != "+" {
		return nil
	}
	length, ok1 := sum.Lhs.(*ast.FuncCallExpr)
	one, ok2 := sum.Rhs.(*ast.NumberExpr)
	if !ok1 || !ok2 || one.Value != "1" || !isBuiltin(length, markLength) {
		return nil
	}
	if of, ok := length.Args[0].(*ast.IdentExpr); !ok || of.Value != list.Value || callsAnything(s.Rhs[0]) {
		return nil
	}
	stmt := &ast.FuncCallStmt{Expr: builtinCall(markAppend, s.Line(), list, single(s.Rhs[0]))}
	stmt.SetLine(s.Line())
	return stmt
}

func isBuiltin(c *ast.FuncCallExpr, marker string) bool {
	s, ok := c.Func.(*ast.StringExpr)
	return ok && s.Value == marker
}

// callsAnything tells whether evaluating e may run code that changes a list, which a function that is only made does not.
func callsAnything(e ast.Expr) bool {
	found := false
	visitExprs(func(node any) bool {
		switch node := node.(type) {
		case *ast.FuncCallExpr:
			found = found || !isBuiltin(node, markConcat) && !isBuiltin(node, markLength) && !isRecord(node)
		case *ast.FunctionExpr:
			return false
		}
		return !found
	}, e)
	return found
}

func lengthOf(L *lua.LState) int {
	switch v := L.Get(1).(type) {
	case *lua.LTable:
		if v.Metatable == lua.LNil {
			L.Push(integer(raw(v).border()))
			return 1
		}
	case lua.LString:
		L.Push(integer(len(v)))
		return 1
	}
	return objectLength(L)
}

func objectLength(L *lua.LState) int {
	v := L.Get(1)
	if h := metamethod(L, v, "__len"); h != lua.LNil && v.Type() != lua.LTString {
		L.Push(call1(L, h, v))
		return 1
	}
	tb, ok := v.(*lua.LTable)
	if !ok {
		raisef(L, "attempt to get length of a %s value%s", v.Type(), argumentName(L, 1))
	}
	L.Push(integer(rawLen(L, tb)))
	return 1
}

// appendTo is `t[#t + 1] = v`.
func appendTo(L *lua.LState) int {
	v := L.Get(2)
	if tb, ok := L.Get(1).(*lua.LTable); ok && tb.Metatable == lua.LNil {
		t := raw(tb)
		n := t.border()
		switch {
		case v == lua.LNil:
		case n < len(t.array):
			t.array[n] = v
		case n+1 < lua.MaxArrayIndex:
			t.array = append(t.room(), v)
		default:
			tb.RawSetInt(n+1, v)
		}
		return 0
	}
	lengthOf(L)
	n, ok := toNumber(L.Get(-1))
	if !ok {
		raisef(L, "attempt to perform arithmetic on a %s value", L.Get(-1).Type())
	}
	L.SetTable(L.Get(1), lua.LNumber(n+1), v)
	return 0
}

// room is the array, with some room if it has none yet.
func (t *table) room() []lua.LValue {
	if t.array == nil {
		t.array = make([]lua.LValue, 0, 4)
	}
	return t.array
}

// border is the length of the list, found as the reference implementation does: its array's last entry if the array is full, else by
// halving; far entries that it would not keep in the array do not count.
func (t *table) border() int {
	n := t.length()
	if n <= 8 {
		return n
	}
	there := 0
	for k := 1; k < 8; k++ {
		if !isNil(t.array[n*k/8]) {
			there++
		}
	}
	switch {
	case there == 7:
		return n
	case there >= 4:
		full := 16
		for full < n {
			full *= 2
		}
		if full == n {
			return n
		}
		return t.halve(0, full)
	}
	high := 1
	for high <= n && !isNil(t.array[high-1]) {
		high *= 2
	}
	return t.halve(high/2, high)
}

// halve finds a border between low, which is there or 0, and high, which is not.
func (t *table) halve(low, high int) int {
	for high-low > 1 {
		if middle := (low + high) / 2; middle <= len(t.array) && !isNil(t.array[middle-1]) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}
