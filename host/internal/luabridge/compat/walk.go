package compat

import "github.com/yuin/gopher-lua/ast"

// Visit calls f for every statement and expression below stmts, from the outside in, as long as f returns true.
func Visit(stmts []ast.Stmt, f func(node any) bool) {
	for _, s := range stmts {
		visitStmt(s, f)
	}
}

func visitStmt(s ast.Stmt, f func(any) bool) {
	if s == nil || !f(s) {
		return
	}
	switch s := s.(type) {
	case *ast.AssignStmt:
		visitExprs(f, s.Lhs...)
		visitExprs(f, s.Rhs...)
	case *ast.LocalAssignStmt:
		visitExprs(f, s.Exprs...)
	case *ast.FuncCallStmt:
		visitExprs(f, s.Expr)
	case *ast.DoBlockStmt:
		Visit(s.Stmts, f)
	case *ast.WhileStmt:
		visitExprs(f, s.Condition)
		Visit(s.Stmts, f)
	case *ast.RepeatStmt:
		Visit(s.Stmts, f)
		visitExprs(f, s.Condition)
	case *ast.IfStmt:
		visitExprs(f, s.Condition)
		Visit(s.Then, f)
		Visit(s.Else, f)
	case *ast.NumberForStmt:
		visitExprs(f, s.Init, s.Limit, s.Step)
		Visit(s.Stmts, f)
	case *ast.GenericForStmt:
		visitExprs(f, s.Exprs...)
		Visit(s.Stmts, f)
	case *ast.FuncDefStmt:
		visitExprs(f, s.Name.Func, s.Name.Receiver, s.Func)
	case *ast.ReturnStmt:
		visitExprs(f, s.Exprs...)
	}
}

func visitExprs(f func(any) bool, exprs ...ast.Expr) {
	for _, e := range exprs {
		if e != nil && f(e) {
			visitExpr(e, f)
		}
	}
}

func visitExpr(e ast.Expr, f func(any) bool) {
	switch e := e.(type) {
	case *ast.AttrGetExpr:
		visitExprs(f, e.Object, e.Key)
	case *ast.TableExpr:
		for _, field := range e.Fields {
			visitExprs(f, field.Key, field.Value)
		}
	case *ast.FuncCallExpr:
		visitExprs(f, e.Func, e.Receiver)
		visitExprs(f, e.Args...)
	case *ast.LogicalOpExpr:
		visitExprs(f, e.Lhs, e.Rhs)
	case *ast.RelationalOpExpr:
		visitExprs(f, e.Lhs, e.Rhs)
	case *ast.StringConcatOpExpr:
		visitExprs(f, e.Lhs, e.Rhs)
	case *ast.ArithmeticOpExpr:
		visitExprs(f, e.Lhs, e.Rhs)
	case *ast.UnaryMinusOpExpr:
		visitExprs(f, e.Expr)
	case *ast.UnaryNotOpExpr:
		visitExprs(f, e.Expr)
	case *ast.UnaryLenOpExpr:
		visitExprs(f, e.Expr)
	case *ast.FunctionExpr:
		Visit(e.Stmts, f)
	}
}

// mentions tells whether a name occurs anywhere in stmts.
func mentions(stmts []ast.Stmt, name string) bool {
	found := false
	Visit(stmts, func(node any) bool {
		if id, ok := node.(*ast.IdentExpr); ok && id.Value == name {
			found = true
		}
		return !found
	})
	return found
}
