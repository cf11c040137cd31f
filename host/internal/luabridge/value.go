package luabridge

import (
	"fmt"
	"math"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// ref is a Lua value that has no counterpart elsewhere, on its way through Go: it comes back as what it was.
type ref struct{ v lua.LValue }

// goer is a compat.Object that stands for a Go value.
type goer interface{ goValue() any }

// toGo is a Lua value as it crosses runtimes.
func (b *Bridge) toGo(v lua.LValue) any {
	switch v := v.(type) {
	case *lua.LNilType:
		return nil
	case lua.LBool:
		return bool(v)
	case lua.LNumber:
		return float64(v)
	case lua.LString:
		return string(v)
	case *lua.LUserData:
		if f, ok := v.Value.(foreign); ok {
			return f.v
		}
	case *lua.LTable:
		if e, ok := b.stanzas.Element(v); ok {
			return e
		}
		if o, ok := compat.ObjectOf(v); ok {
			if g, ok := o.(goer); ok && g.goValue() != nil {
				return g.goValue()
			}
		}
		if a := b.adopted.of[v]; a != nil {
			return a.s
		}
		return b.tableObject(v)
	case *lua.LFunction:
		return b.function(v)
	}
	return ref{v}
}

// toLua is a value from elsewhere as Lua sees it.
func (b *Bridge) toLua(v any) lua.LValue {
	switch v := v.(type) {
	case nil:
		return lua.LNil
	case ref:
		return v.v
	case lua.LValue:
		return v
	case bool:
		return lua.LBool(v)
	case float64:
		return lua.LNumber(v)
	case int:
		return lua.LNumber(v)
	case string:
		return lua.LString(v)
	case *stanza.Element:
		return b.stanzas.Value(v)
	case sdk.Session:
		return b.sessionValue(v)
	case Conn:
		return b.connValue(v)
	case sdk.Roster:
		return b.rosterValue(v)
	case sdk.Module:
		return b.moduleValue(v)
	case *sdk.Event:
		return b.eventValue(v)
	case sdk.Object:
		return b.objectValue(v)
	case sdk.Function:
		return b.functionValue(v)
	case sdk.Rows:
		return b.rowsValue(v)
	case *stanza.Error:
		return b.errorValue(v)
	case []any:
		return b.listToLua(v)
	case []string:
		t := b.in.State().CreateTable(len(v), 0)
		for _, s := range v {
			t.Append(lua.LString(s))
		}
		return t
	case map[string]any:
		t := b.in.State().CreateTable(0, len(v))
		for k, x := range v {
			t.RawSetString(k, b.toLua(x))
		}
		return t
	case sdk.Data:
		return b.dataToLua(v)
	}
	return b.opaque(v)
}

// foreign is what is behind an opaque value.
type foreign struct{ v any }

// opaque is a Go value that means nothing to Lua: it can be handed on, and comes back as what it was.
func (b *Bridge) opaque(v any) lua.LValue {
	u := b.in.State().NewUserData()
	u.Value = foreign{v}
	return u
}

func (b *Bridge) listToLua(list []any) *lua.LTable {
	t := b.in.State().CreateTable(len(list), 0)
	for _, x := range list {
		t.Append(b.toLua(x))
	}
	return t
}

func (b *Bridge) dataToLua(data sdk.Data) *lua.LTable {
	t := b.in.State().CreateTable(0, len(data))
	// From 1 up first: a list's places are then filled in order, which keeps it a list.
	for i := 1; ; i++ {
		x, ok := data[float64(i)]
		if !ok {
			break
		}
		t.Append(b.toLua(x))
	}
	n := t.Len()
	for k, x := range data {
		if f, ok := k.(float64); ok && f >= 1 && f <= float64(n) && f == math.Trunc(f) {
			continue
		}
		t.RawSet(b.toLua(k), b.toLua(x))
	}
	return t
}

// maxDepth bounds the nesting of stored data, so that a table that contains itself is an error.
const maxDepth = 64

// toData copies a Lua value for storage or configuration: nil, bool, float64, string, or sdk.Data for a table. What cannot be stored is an
// error that names the place.
func (b *Bridge) toData(v lua.LValue) (any, error) {
	data, err := b.toDataAt(v, 0)
	if err != nil {
		return nil, err
	}
	return data, nil
}

// misplaced is a value that cannot be stored.
type misplaced struct {
	place string // where it is, from the outermost table on
	why   string
}

func (m *misplaced) Error() string { return m.place + ": " + m.why }

func (b *Bridge) toDataAt(v lua.LValue, depth int) (any, *misplaced) {
	switch v := v.(type) {
	case *lua.LNilType:
		return nil, nil
	case lua.LBool:
		return bool(v), nil
	case lua.LNumber:
		return float64(v), nil
	case lua.LString:
		return string(v), nil
	case *lua.LTable:
		if depth > maxDepth {
			return nil, &misplaced{why: fmt.Sprintf("table nested more than %d deep", maxDepth)}
		}
		return b.tableToData(v, depth)
	}
	return nil, &misplaced{why: fmt.Sprintf("a %s cannot be stored", v.Type())}
}

func (b *Bridge) tableToData(t *lua.LTable, depth int) (any, *misplaced) {
	if e, ok := b.stanzas.Element(t); ok {
		t = b.stanzas.Preserialized(e)
	}
	data := make(sdk.Data, t.Len())
	for k, v := range b.fields(t) {
		key, err := b.toDataAt(k, maxDepth)
		if err != nil {
			return nil, err
		}
		value, err := b.toDataAt(v, depth+1)
		if err != nil {
			err.place = fmt.Sprintf("[%q]%s", lua.LVAsString(k), err.place)
			return nil, err
		}
		data[key] = value
	}
	return data, nil
}

// fields iterates over a table or proxy, for Go code that Lua has called.
func (b *Bridge) fields(t *lua.LTable) func(yield func(k, v lua.LValue) bool) {
	return func(yield func(k, v lua.LValue) bool) {
		next := t.Next
		if o, ok := compat.ObjectOf(t); ok {
			th := b.in.Enter(b.in.Running()) // an object's owner may be waited for
			defer th.Leave()
			next = func(k lua.LValue) (lua.LValue, lua.LValue) { return o.Next(th.L, k) }
		}
		for k, v := next(lua.LNil); k != lua.LNil && k != nil; k, v = next(k) {
			if !yield(k, v) {
				return
			}
		}
	}
}

// toConfig is toData in the shapes of configuration: []any for lists, map[string]any for other tables.
func toConfig(v any) any {
	data, ok := v.(sdk.Data)
	if !ok {
		return v
	}
	list := make([]any, 0, len(data))
	for i := 1; i <= len(data); i++ {
		x, ok := data[float64(i)]
		if !ok {
			break
		}
		list = append(list, toConfig(x))
	}
	if len(list) == len(data) {
		return list
	}
	m := make(map[string]any, len(data))
	for k, x := range data {
		m[fmt.Sprint(k)] = toConfig(x)
	}
	return m
}
