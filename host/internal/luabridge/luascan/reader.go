package luascan

import (
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"

	"quatrain/host/internal/luabridge/compat"
)

// field is a function of a library, or the library itself if name is "".
type field struct{ library, name string }

// variable is what is known of a local variable: what it was made from.
type variable struct {
	field  field
	option string // the option's name, "" if it is not one
}

// reader walks through a syntax tree with the local variables in sight.
type reader struct {
	scan     *Scan
	scopes   []map[string]variable
	assigned map[string]bool // names that are assigned to somewhere: their variables are not followed
	tested   map[field]bool
	depth    int // of functions
}

func (r *reader) finish() *Scan {
	s := r.scan
	s.Calls = slices.DeleteFunc(s.Calls, func(c Call) bool {
		return r.tested[field{c.Library, c.Function}] || r.tested[field{c.Library, ""}] || c.Library == Module && s.sets[c.Function]
	})
	return s
}

// assignedNames are the variables that something else than their declaration gives a value.
func assignedNames(stmts []ast.Stmt) map[string]bool {
	names := map[string]bool{}
	compat.Visit(stmts, func(node any) bool {
		if s, ok := node.(*ast.AssignStmt); ok {
			for _, target := range s.Lhs {
				if id, ok := target.(*ast.IdentExpr); ok {
					names[id.Value] = true
				}
			}
		}
		return true
	})
	return names
}

func (r *reader) block(stmts []ast.Stmt) {
	r.scopes = append(r.scopes, map[string]variable{})
	for _, s := range stmts {
		r.stmt(s)
	}
	r.scopes = r.scopes[:len(r.scopes)-1]
}

// hide declares names of which nothing is known.
func (r *reader) hide(names ...string) {
	for _, n := range names {
		r.scopes[len(r.scopes)-1][n] = variable{}
	}
}

func (r *reader) declare(name string, v variable) {
	if r.assigned[name] {
		v = variable{}
	}
	r.scopes[len(r.scopes)-1][name] = v
}

func (r *reader) lookUp(name string) variable {
	for _, scope := range slices.Backward(r.scopes) {
		if v, ok := scope[name]; ok {
			return v
		}
	}
	if name == "module" {
		return variable{field: field{library: Module}}
	}
	return variable{}
}

func (r *reader) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.LocalAssignStmt:
		r.local(s)
	case *ast.AssignStmt:
		r.assign(s)
	case *ast.FuncCallStmt:
		r.expr(s.Expr)
	case *ast.DoBlockStmt:
		r.block(s.Stmts)
	case *ast.WhileStmt:
		r.condition(s.Condition)
		r.block(s.Stmts)
	case *ast.RepeatStmt:
		r.block(s.Stmts)
		r.condition(s.Condition)
	case *ast.IfStmt:
		r.condition(s.Condition)
		r.block(s.Then)
		r.block(s.Else)
	case *ast.NumberForStmt:
		r.exprs(s.Init, s.Limit, s.Step)
		r.loop(s.Stmts, s.Name)
	case *ast.GenericForStmt:
		r.exprs(s.Exprs...)
		r.loop(s.Stmts, s.Names...)
	case *ast.FuncDefStmt:
		r.define(s)
	case *ast.ReturnStmt:
		r.exprs(s.Exprs...)
	}
}

func (r *reader) loop(stmts []ast.Stmt, names ...string) {
	r.scopes = append(r.scopes, map[string]variable{})
	r.hide(names...)
	r.block(stmts)
	r.scopes = r.scopes[:len(r.scopes)-1]
}

func (r *reader) local(s *ast.LocalAssignStmt) {
	values := make([]variable, len(s.Names))
	for i, e := range s.Exprs {
		r.expr(e)
		if i < len(values) {
			values[i] = r.value(e)
		}
	}
	for i, name := range s.Names {
		r.declare(name, values[i])
	}
}

func (r *reader) assign(s *ast.AssignStmt) {
	r.exprs(s.Rhs...)
	for _, target := range s.Lhs {
		if a, ok := target.(*ast.AttrGetExpr); ok {
			r.set(a)
		}
	}
}

// set notes that the file gives a library's field a value.
func (r *reader) set(a *ast.AttrGetExpr) {
	if f := r.fieldOf(a); f.name != "" {
		r.tested[f] = true
		if f.library == Module {
			r.scan.sets[f.name] = true
		}
		return
	}
	r.exprs(a.Object, a.Key)
}

func (r *reader) define(s *ast.FuncDefStmt) {
	if a, ok := s.Name.Func.(*ast.AttrGetExpr); ok {
		r.set(a)
	}
	if f := r.fieldOf(s.Name.Receiver); f == (field{library: Module}) {
		r.scan.sets[s.Name.Method] = true
	}
	r.function(s.Func, s.Name.Method != "")
}

func (r *reader) function(f *ast.FunctionExpr, method bool) {
	r.depth++
	r.scopes = append(r.scopes, map[string]variable{})
	for _, name := range f.ParList.Names {
		if name != "module" { // as in module.add_host(module)
			r.hide(name)
		}
	}
	if method {
		r.hide("self")
	}
	r.block(f.Stmts)
	r.scopes = r.scopes[:len(r.scopes)-1]
	r.depth--
}

// condition is an expression whose value decides: what it reads is tested, not relied on.
func (r *reader) condition(e ast.Expr) {
	if f := r.fieldOf(e); f != (field{}) {
		r.tested[f] = true
		return
	}
	switch e := e.(type) {
	case *ast.LogicalOpExpr:
		r.condition(e.Lhs)
		r.condition(e.Rhs)
	case *ast.UnaryNotOpExpr:
		r.condition(e.Expr)
	case *ast.RelationalOpExpr:
		r.condition(e.Lhs)
		r.condition(e.Rhs)
	default:
		r.expr(e)
	}
}

func (r *reader) exprs(list ...ast.Expr) {
	for _, e := range list {
		if e != nil {
			r.expr(e)
		}
	}
}

func (r *reader) expr(e ast.Expr) {
	switch e := e.(type) {
	case *ast.IdentExpr:
		r.use(e)
	case *ast.FuncCallExpr:
		r.call(e)
	case *ast.FunctionExpr:
		r.function(e, false)
	case *ast.LogicalOpExpr, *ast.UnaryNotOpExpr, *ast.RelationalOpExpr:
		r.condition(e)
	case *ast.AttrGetExpr:
		r.exprs(e.Object, e.Key)
	case *ast.TableExpr:
		for _, f := range e.Fields {
			r.exprs(f.Key, f.Value)
		}
	case *ast.StringConcatOpExpr:
		r.exprs(e.Lhs, e.Rhs)
	case *ast.ArithmeticOpExpr:
		r.exprs(e.Lhs, e.Rhs)
	case *ast.UnaryMinusOpExpr:
		r.expr(e.Expr)
	case *ast.UnaryLenOpExpr:
		r.expr(e.Expr)
	}
}

// use notes where the variable of an option is used.
func (r *reader) use(e *ast.IdentExpr) {
	name := r.lookUp(e.Value).option
	for i := range r.scan.Options {
		if o := &r.scan.Options[i]; name != "" && o.Name == name {
			o.Lines = append(o.Lines, e.Line())
		}
	}
}

func optionKind(method string) (kind string, ok bool) { return strings.CutPrefix(method, "get_option") }
