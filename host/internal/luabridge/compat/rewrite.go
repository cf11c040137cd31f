package compat

import (
	"errors"
	"strconv"

	"github.com/yuin/gopher-lua/ast"
)

// rewrite repairs in the syntax tree what gopher-lua's compiler would translate wrongly:
//
//   - several variables assigned at once (`a, b = b, a`) are assigned through temporaries;
//   - `x = (f(x))` for the last parameter x does not overwrite x and what follows it before the call;
//   - a generic for gets its three values;
//   - `t[k] = nil` becomes a call, because a deleted key would stay in memory (deletion.go);
//   - `a .. b` becomes a call, to bound sizes and to write numbers as Lua does (concat.go);
//   - `#t` becomes a call, because the end of a list is not where gopher-lua thinks (length.go);
//   - `local f = function` does not see itself, `local function f` does;
//   - numerals are decimal even with leading zeros, and hexadecimal ones of any length;
//   - `{ name = x, type = y }` becomes a call, to make the table as a whole (record.go);
//   - `{ x, key = f() }` gives the value to the key only, not to the list as well;
//   - a loop that is left from an inner block closes that block's variables;
//   - a loop whose body begins with a jump (`for … do break end`) jumps where it should.
//
// Without records tables are filled field by field, which takes fewer registers.
func rewrite(stmts []ast.Stmt, records bool) []ast.Stmt {
	r := &rewriter{records: records}
	return r.block(stmts)
}

type rewriter struct {
	depth   int
	records bool
}

// maxSyntaxDepth bounds how deep a program nests, because the compiler descends on Go's stack, whose end is the end of the process.
const maxSyntaxDepth = 10_000

// errSyntaxDepth is panicked with, and turned into an error by compile.
var errSyntaxDepth = errors.New("chunk has too many syntax levels")

func (r *rewriter) enter() {
	if r.depth++; r.depth > maxSyntaxDepth {
		panic(errSyntaxDepth)
	}
}

func (r *rewriter) block(stmts []ast.Stmt) []ast.Stmt {
	for i, s := range stmts {
		stmts[i] = r.stmt(s)
	}
	return stmts
}

func (r *rewriter) stmt(s ast.Stmt) ast.Stmt {
	r.enter()
	defer func() { r.depth-- }()
	switch s := s.(type) {
	case *ast.AssignStmt:
		r.exprs(s.Lhs)
		r.exprs(s.Rhs)
		return r.assign(s)
	case *ast.LocalAssignStmt:
		r.exprs(s.Exprs)
		hideFromItself(s)
	case *ast.FuncCallStmt:
		s.Expr = r.expr(s.Expr)
	case *ast.DoBlockStmt:
		s.Stmts = r.block(s.Stmts)
	case *ast.WhileStmt:
		s.Condition = r.expr(s.Condition)
		s.Stmts = loopBody(r.block(s.Stmts))
	case *ast.RepeatStmt:
		s.Condition = r.expr(s.Condition)
		s.Stmts = loopBody(r.block(s.Stmts))
	case *ast.IfStmt:
		s.Condition = r.expr(s.Condition)
		s.Then = r.block(s.Then)
		s.Else = r.block(s.Else)
	case *ast.NumberForStmt:
		s.Init, s.Limit = r.expr(s.Init), r.expr(s.Limit)
		if s.Step != nil {
			s.Step = r.expr(s.Step)
		}
		s.Stmts = loopBody(r.block(s.Stmts))
	case *ast.GenericForStmt:
		r.exprs(s.Exprs)
		s.Stmts = loopBody(r.block(s.Stmts))
		return threeValues(s)
	case *ast.FuncDefStmt:
		if s.Name.Func != nil {
			s.Name.Func = r.expr(s.Name.Func)
		}
		if s.Name.Receiver != nil {
			s.Name.Receiver = r.expr(s.Name.Receiver)
		}
		r.expr(s.Func)
	case *ast.ReturnStmt:
		r.exprs(s.Exprs)
	}
	return s
}

func (r *rewriter) exprs(exprs []ast.Expr) {
	for i, e := range exprs {
		exprs[i] = r.expr(e)
	}
}

func (r *rewriter) expr(e ast.Expr) ast.Expr {
	r.enter()
	defer func() { r.depth-- }()
	switch e := e.(type) {
	case *ast.NumberExpr:
		e.Value = numeral(e.Value)
	case *ast.AttrGetExpr:
		e.Object, e.Key = r.expr(e.Object), r.expr(e.Key)
	case *ast.TableExpr:
		for _, f := range e.Fields {
			f.Value = r.expr(f.Value)
			if f.Key != nil {
				f.Key = r.expr(f.Key)
				oneValue(f.Value)
			}
		}
		if call := recordCall(e); call != nil && r.records {
			return call
		}
	case *ast.FuncCallExpr:
		if e.Func != nil {
			e.Func = r.expr(e.Func)
		}
		if e.Receiver != nil {
			e.Receiver = r.expr(e.Receiver)
		}
		r.exprs(e.Args)
	case *ast.LogicalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
	case *ast.RelationalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
	case *ast.StringConcatOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
		return concatCall(e)
	case *ast.ArithmeticOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
	case *ast.UnaryMinusOpExpr:
		e.Expr = r.expr(e.Expr)
	case *ast.UnaryNotOpExpr:
		e.Expr = r.expr(e.Expr)
	case *ast.UnaryLenOpExpr:
		return builtinCall(markLength, e.Line(), single(r.expr(e.Expr)))
	case *ast.FunctionExpr:
		e.Stmts = r.block(e.Stmts)
	}
	return e
}

// oneValue puts a call or `...` in parentheses.
func oneValue(e ast.Expr) {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = true
	case *ast.Comma3Expr:
		e.AdjustRet = true
	}
}

// numeral writes a number so that the compiler's strconv.ParseInt(s, 0, 64) cannot take it for octal or fail.
func numeral(s string) string {
	n, ok := parseNumber(s)
	if !ok {
		return s
	}
	return strconv.FormatFloat(n, 'g', -1, 64)
}
