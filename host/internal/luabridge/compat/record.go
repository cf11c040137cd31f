package compat

import (
	"maps"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// gopher-lua fills `{ name = x, type = y }` field by field, and keeps each key in three places: two maps that grow on the way, and a list. So a
// constructor that has only names for keys is compiled into a call, which makes the table as a whole from what all tables of that constructor
// have in common.

// markRecord is followed by the keys in the constants of a chunk, each with keyEnd behind it, until finish puts a function in.
const (
	markRecord = "\x00\xfe quatrain: record \xff\x00"
	keyEnd     = "\x00"
)

// maxRecord is how many fields such a constructor may have: fewer than a table must have to be rebuilt (minCompact), since its list of keys
// belongs to others as well.
const maxRecord = 32

// recordCall is the call for a constructor, or nil if that has other keys than names, or one twice.
func recordCall(e *ast.TableExpr) ast.Expr {
	if len(e.Fields) == 0 || len(e.Fields) > maxRecord {
		return nil
	}
	marker := []byte(markRecord)
	known, values := map[string]bool{}, make([]ast.Expr, len(e.Fields))
	for i, f := range e.Fields {
		key, ok := f.Key.(*ast.StringExpr)
		if !ok || known[key.Value] || strings.Contains(key.Value, keyEnd) {
			return nil
		}
		known[key.Value] = true
		marker = append(append(marker, key.Value...), keyEnd...)
		values[i] = f.Value
	}
	return builtinCall(string(marker), e.Line(), values...)
}

// isRecord tells whether a call is such a constructor.
func isRecord(c *ast.FuncCallExpr) bool {
	s, ok := c.Func.(*ast.StringExpr)
	return ok && strings.HasPrefix(s.Value, markRecord)
}

// record is what the tables of a constructor have in common. It never changes.
type record struct {
	names []string
	keys  []lua.LValue
	index map[lua.LValue]int
}

// recordFunction is the function behind a marker, nil if that is another one's.
func recordFunction(marker string) *lua.LFunction {
	list, ok := strings.CutPrefix(marker, markRecord)
	if !ok {
		return nil
	}
	r := &record{index: map[lua.LValue]int{}}
	for name := range strings.SplitSeq(strings.TrimSuffix(list, keyEnd), keyEnd) {
		key := lua.LValue(lua.LString(name))
		r.index[key] = len(r.keys)
		r.names, r.keys = append(r.names, name), append(r.keys, key)
	}
	r.keys = r.keys[:len(r.keys):len(r.keys)] // what is appended to it is appended to a copy
	return &lua.LFunction{IsG: true, Env: &lua.LTable{Metatable: lua.LNil}, GFunction: r.make}
}

// make is the constructor: the values → table. A name whose value is nil is like one that was deleted.
func (r *record) make(L *lua.LState) int {
	tb := &lua.LTable{Metatable: lua.LNil}
	t := raw(tb)
	t.keys, t.k2i, t.strdict = r.keys, maps.Clone(r.index), make(map[string]lua.LValue, len(r.names))
	for i, name := range r.names {
		if v := L.Get(i + 1); v != lua.LNil {
			t.strdict[name] = v
		}
	}
	L.Push(tb)
	return 1
}
