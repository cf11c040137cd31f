package compat

import "github.com/yuin/gopher-lua/ast"

// threeValues gives a generic for exactly the generator, the state and the control variable.
func threeValues(s *ast.GenericForStmt) ast.Stmt {
	calls := false
	for _, e := range s.Exprs {
		calls = calls || isMulti(e)
	}
	switch {
	case len(s.Exprs) == 1 && calls && isSimpleCall(s.Exprs[0]):
		return s
	case !calls && len(s.Exprs) <= 3:
		for len(s.Exprs) < 3 {
			e := &ast.NilExpr{}
			e.SetLine(s.Line())
			s.Exprs = append(s.Exprs, e)
		}
		return s
	}
	b := &blockBuilder{line: s.Line()}
	names := []string{"(generator)", "(state)", "(control)"}
	b.local(names, s.Exprs)
	s.Exprs = []ast.Expr{b.ident(names[0]), b.ident(names[1]), b.ident(names[2])}
	b.stmts = append(b.stmts, s)
	return b.done()
}

// isSimpleCall tells whether an expression calls a variable with variables, as pairs(t) does. Anything deeper in this place is compiled
// into registers that the loop uses itself: `for x in f().list[2]:items() do` indexes nil.
func isSimpleCall(e ast.Expr) bool {
	call, ok := e.(*ast.FuncCallExpr)
	if !ok || call.Receiver != nil {
		return false
	}
	if _, ok := call.Func.(*ast.IdentExpr); !ok {
		return false
	}
	for _, arg := range call.Args {
		if _, ok := arg.(*ast.IdentExpr); !ok {
			return false
		}
	}
	return true
}

// isMulti tells whether an expression may have any number of values.
func isMulti(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		return !e.AdjustRet
	case *ast.Comma3Expr:
		return !e.AdjustRet
	}
	return false
}

// hideFromItself keeps `local f = function` from being visible in its own body. The parser leaves no mark on it but the missing last
// line; a second value, which is thrown away, makes the compiler declare the variable afterwards.
func hideFromItself(s *ast.LocalAssignStmt) {
	if len(s.Names) != 1 || len(s.Exprs) != 1 || s.LastLine() != 0 {
		return
	}
	fn, ok := s.Exprs[0].(*ast.FunctionExpr)
	if !ok || !mentions(fn.Stmts, s.Names[0]) {
		return
	}
	e := &ast.NilExpr{}
	e.SetLine(s.Line())
	s.Exprs = append(s.Exprs, e)
}

func loopBody(body []ast.Stmt) []ast.Stmt {
	return noJumpFirst(closeOnBreak(body))
}

// noJumpFirst puts an instruction before a jump at the start of a loop's body: the compiler's optimization of jumps to jumps takes the
// distance of one it has already translated for a label.
func noJumpFirst(body []ast.Stmt) []ast.Stmt {
	if !beginsWithJump(body) {
		return body
	}
	b := &blockBuilder{line: body[0].Line()}
	b.local([]string{"(start)"}, nil)
	return append(b.stmts, body...)
}

func beginsWithJump(body []ast.Stmt) bool {
	if len(body) == 0 {
		return false
	}
	switch s := body[0].(type) {
	case *ast.BreakStmt, *ast.GotoStmt:
		return true
	case *ast.LabelStmt:
		return beginsWithJump(body[1:])
	case *ast.DoBlockStmt:
		return len(s.Stmts) == 0 || beginsWithJump(s.Stmts)
	case *ast.RepeatStmt:
		return len(s.Stmts) == 0 || beginsWithJump(s.Stmts)
	case *ast.IfStmt:
		return beginsWithConstant(s.Condition)
	case *ast.WhileStmt:
		return beginsWithConstant(s.Condition)
	}
	return false
}

// beginsWithConstant tells whether the first part of a condition is known, so that it becomes a jump or nothing.
func beginsWithConstant(e ast.Expr) bool {
	switch e := e.(type) {
	case ast.ConstExpr:
		return true
	case *ast.LogicalOpExpr:
		return beginsWithConstant(e.Lhs)
	case *ast.UnaryNotOpExpr:
		return beginsWithConstant(e.Expr)
	}
	return false
}

// closeOnBreak makes a break in an inner block close the variables of that block too. The compiler closes them only if the loop's own
// block has captured variables, so give it one: a function that never runs.
func closeOnBreak(body []ast.Stmt) []ast.Stmt {
	if !breaksInside(body) || !hasFunction(body) {
		return body
	}
	b := &blockBuilder{line: body[0].Line()}
	b.local([]string{"(captured)"}, nil)
	inner := &blockBuilder{line: b.line}
	fn := &ast.FunctionExpr{ParList: &ast.ParList{}, Stmts: []ast.Stmt{&ast.ReturnStmt{Exprs: []ast.Expr{b.ident("(captured)")}}}}
	inner.local([]string{"(never)"}, []ast.Expr{fn})
	never := &ast.IfStmt{Condition: &ast.FalseExpr{}, Then: inner.stmts}
	never.SetLine(b.line)
	return append(append(b.stmts, never), body...)
}

// breaksInside tells whether an inner block of a loop's body breaks the loop.
func breaksInside(body []ast.Stmt) bool {
	found := false
	for _, s := range body {
		visitStmt(s, func(node any) bool {
			switch node.(type) {
			case *ast.BreakStmt:
				found = true
			case ast.Expr, *ast.WhileStmt, *ast.RepeatStmt, *ast.NumberForStmt, *ast.GenericForStmt:
				return false
			}
			return true
		})
	}
	return found
}

func hasFunction(body []ast.Stmt) bool {
	found := false
	Visit(body, func(node any) bool {
		switch node.(type) {
		case *ast.FunctionExpr, *ast.FuncDefStmt:
			found = true
		}
		return !found
	})
	return found
}
