package luascan

import (
	"slices"

	"github.com/yuin/gopher-lua/ast"
)

// call notes what a call asks for.
func (r *reader) call(e *ast.FuncCallExpr) {
	r.exprs(e.Args...)
	if e.Receiver != nil {
		r.methodCall(e)
		return
	}
	if name, ok := requires(e); ok && r.lookUp("require") == (variable{}) {
		r.scan.Libraries = append(r.scan.Libraries, Library{Name: name, Line: e.Line(), Later: r.depth > 0})
		return
	}
	if f := r.fieldOf(e.Func); f.name != "" {
		r.note(f, e.Line())
	}
	if _, plain := e.Func.(*ast.IdentExpr); !plain {
		r.expr(e.Func)
	}
}

func (r *reader) methodCall(e *ast.FuncCallExpr) {
	f := r.fieldOf(e.Receiver)
	if f.library == "" || f.name != "" {
		r.expr(e.Receiver)
		return
	}
	if f.library != Module {
		r.expr(e.Receiver)
	}
	r.note(field{f.library, e.Method}, e.Line())
	name, ok := stringArgument(e, 0)
	if f.library != Module || !ok {
		return
	}
	if kind, isOption := optionKind(e.Method); isOption {
		r.scan.addOption(Option{Name: name, Kind: kind, Optional: len(e.Args) > 1 && !isNil(e.Args[1]), Lines: []int{e.Line()}})
	}
	switch e.Method {
	case "require":
		r.scan.Files = append(r.scan.Files, name)
	case "hook":
		r.scan.Events = append(r.scan.Events, name)
	}
}

func (r *reader) note(f field, line int) {
	if c := (Call{f.library, f.name, line}); !slices.Contains(r.scan.Calls, c) {
		r.scan.Calls = append(r.scan.Calls, c)
	}
}

// addOption adds one, or a place to one that is known.
func (s *Scan) addOption(o Option) {
	for i := range s.Options {
		if known := &s.Options[i]; known.Name == o.Name {
			known.Lines = append(known.Lines, o.Lines...)
			known.Optional = known.Optional || o.Optional
			return
		}
	}
	s.Options = append(s.Options, o)
}

// value is what a variable gets from an expression.
func (r *reader) value(e ast.Expr) variable {
	if call, ok := e.(*ast.FuncCallExpr); ok && call.Receiver != nil && r.fieldOf(call.Receiver) == (field{library: Module}) {
		if _, isOption := optionKind(call.Method); isOption {
			name, _ := stringArgument(call, 0)
			return variable{option: name}
		}
	}
	if call, ok := e.(*ast.FuncCallExpr); ok { // assert(module:get_option…)
		if id, ok := call.Func.(*ast.IdentExpr); ok && id.Value == "assert" && len(call.Args) > 0 {
			return r.value(call.Args[0])
		}
	}
	return variable{field: r.fieldOf(e)}
}

// fieldOf is the library, or the field of one, that an expression is; the zero field for anything else.
func (r *reader) fieldOf(e ast.Expr) field {
	switch e := e.(type) {
	case *ast.IdentExpr:
		return r.lookUp(e.Value).field
	case *ast.FuncCallExpr:
		if name, ok := requires(e); ok {
			return field{library: name}
		}
	case *ast.AttrGetExpr:
		key, ok := e.Key.(*ast.StringExpr)
		if f := r.fieldOf(e.Object); ok && f.library != "" && f.name == "" {
			return field{f.library, key.Value}
		}
	}
	return field{}
}

// requires is the name that a call of require is given.
func requires(e *ast.FuncCallExpr) (name string, ok bool) {
	if id, isName := e.Func.(*ast.IdentExpr); !isName || id.Value != "require" {
		return "", false
	}
	return stringArgument(e, 0)
}

func stringArgument(e *ast.FuncCallExpr, n int) (string, bool) {
	if n >= len(e.Args) {
		return "", false
	}
	s, ok := e.Args[n].(*ast.StringExpr)
	if !ok {
		return "", false
	}
	return s.Value, true
}

func isNil(e ast.Expr) bool {
	_, ok := e.(*ast.NilExpr)
	return ok
}
