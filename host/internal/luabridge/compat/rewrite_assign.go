package compat

import (
	"fmt"

	"github.com/yuin/gopher-lua/ast"
)

func (r *rewriter) assign(s *ast.AssignStmt) ast.Stmt {
	if len(s.Lhs) > 1 || len(s.Rhs) > 1 {
		return assignAll(s)
	}
	if isNilExpr(s.Rhs[0]) {
		return deletion(s)
	}
	if call := appendCall(s); call != nil {
		return call
	}
	// `x = (f(x))` would evaluate the call in the register of x if x is the last parameter. One variable takes one value anyway.
	if call, ok := s.Rhs[0].(*ast.FuncCallExpr); ok {
		call.AdjustRet = false
	}
	return s
}

// assignAll evaluates everything first and assigns then, from right to left as the reference implementation does.
func assignAll(s *ast.AssignStmt) ast.Stmt {
	b := &blockBuilder{line: s.Line()}
	assigned := map[string]bool{}
	for _, e := range s.Lhs {
		if id, ok := e.(*ast.IdentExpr); ok {
			assigned[id.Value] = true
		}
	}
	for i, e := range s.Lhs {
		if get, ok := e.(*ast.AttrGetExpr); ok {
			get.Object = b.hold(fmt.Sprintf("(object %d)", i), get.Object, assigned)
			get.Key = b.hold(fmt.Sprintf("(key %d)", i), get.Key, assigned)
		}
	}
	names := make([]string, len(s.Lhs))
	for i := range names {
		names[i] = fmt.Sprintf("(value %d)", i)
	}
	b.local(names, s.Rhs)
	for i := len(s.Lhs) - 1; i >= 0; i-- {
		value := b.ident(names[i])
		if i < len(s.Rhs) && isNilExpr(s.Rhs[i]) {
			value = s.Rhs[i]
		}
		b.assign(s.Lhs[i], value)
	}
	return b.done()
}

// deletion turns `t[k] = nil` into a call of the builtin.
func deletion(s *ast.AssignStmt) ast.Stmt {
	get, ok := s.Lhs[0].(*ast.AttrGetExpr)
	if !ok {
		return s
	}
	fn := &ast.StringExpr{Value: markDelete}
	fn.SetLine(s.Line())
	call := &ast.FuncCallExpr{Func: fn, Args: []ast.Expr{get.Object, get.Key}}
	call.SetLine(s.Line())
	stmt := &ast.FuncCallStmt{Expr: call}
	stmt.SetLine(s.Line())
	return stmt
}

func isNilExpr(e ast.Expr) bool {
	_, ok := e.(*ast.NilExpr)
	return ok
}

// blockBuilder makes `do local … end`. Its names cannot clash with those of the program.
type blockBuilder struct {
	line  int
	stmts []ast.Stmt
}

func (b *blockBuilder) ident(name string) ast.Expr {
	id := &ast.IdentExpr{Value: name}
	id.SetLine(b.line)
	return id
}

func (b *blockBuilder) local(names []string, exprs []ast.Expr) {
	s := &ast.LocalAssignStmt{Names: names, Exprs: exprs}
	s.SetLine(b.line)
	b.stmts = append(b.stmts, s)
}

func (b *blockBuilder) assign(target, value ast.Expr) {
	s := &ast.AssignStmt{Lhs: []ast.Expr{target}, Rhs: []ast.Expr{value}}
	s.SetLine(b.line)
	if isNilExpr(value) {
		b.stmts = append(b.stmts, deletion(s))
		return
	}
	b.stmts = append(b.stmts, s)
}

// hold evaluates e now, unless nothing can change it before it is used.
func (b *blockBuilder) hold(name string, e ast.Expr, assigned map[string]bool) ast.Expr {
	switch e := e.(type) {
	case *ast.StringExpr, *ast.NumberExpr, *ast.TrueExpr, *ast.FalseExpr:
		return e
	case *ast.IdentExpr:
		if !assigned[e.Value] {
			return e
		}
	}
	b.local([]string{name}, []ast.Expr{e})
	return b.ident(name)
}

func (b *blockBuilder) done() ast.Stmt {
	s := &ast.DoBlockStmt{Stmts: b.stmts}
	s.SetLine(b.line)
	s.SetLastLine(b.line)
	return s
}
