package luabridge

import (
	"context"
	"maps"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// tableObject is a Lua table that other plugins hold: open, with the functions of its metatable as methods.
type tableObject struct {
	b    *Bridge
	t    *lua.LTable
	kind *sdk.ObjectType
}

// plainTable is the type of tables without a metatable.
var plainTable = &sdk.ObjectType{Name: "table", Open: true}

// tableObject is the one object of a table.
func (b *Bridge) tableObject(t *lua.LTable) *tableObject {
	return b.tables.of(t, func() *tableObject { return &tableObject{b, t, b.tableType(t)} })
}

// tableType is the type of a table: one for each metatable.
func (b *Bridge) tableType(t *lua.LTable) *sdk.ObjectType {
	mt, ok := t.Metatable.(*lua.LTable)
	if _, proxy := compat.ObjectOf(t); !ok || proxy {
		return plainTable
	}
	return b.typeBelow(mt)
}

// typeBelow is the type of the tables with a metatable.
func (b *Bridge) typeBelow(mt *lua.LTable) *sdk.ObjectType {
	return &b.tableTypes.of(mt, func() *metatableType {
		kind := &metatableType{mt: mt, ObjectType: sdk.ObjectType{Name: "table", Open: true}}
		if name, ok := mt.RawGetString("__name").(lua.LString); ok {
			kind.Name = string(name)
		}
		kind.Methods = methodsBelow(mt)
		return kind
	}).ObjectType
}

// maxClasses is how many classes above each other are looked at.
const maxClasses = 8

// methodsBelow are the names of the functions that tables with a metatable inherit now. There may be more later; the type is open.
func methodsBelow(mt *lua.LTable) []string {
	names := map[string]bool{}
	if mt.RawGetString("__tostring") != lua.LNil {
		names["__tostring"] = true
	}
	for range maxClasses {
		class, ok := mt.RawGetString("__index").(*lua.LTable)
		if !ok {
			break
		}
		for k, v := class.Next(lua.LNil); k != lua.LNil; k, v = class.Next(k) {
			if name, ok := k.(lua.LString); ok && v.Type() == lua.LTFunction && !isMetamethod(string(name)) {
				names[string(name)] = true
			}
		}
		if mt, ok = class.Metatable.(*lua.LTable); !ok {
			break
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// metatableType is the type of all tables with a metatable.
type metatableType struct {
	sdk.ObjectType
	mt *lua.LTable
}

// classObject is a metatable that a module exports as the class of the tables which have it.
type classObject struct{ tableObject }

// classObject is the one class object of a metatable.
func (b *Bridge) classObject(mt *lua.LTable) *classObject {
	return b.tableClasses.of(mt, func() *classObject { return &classObject{tableObject{b, mt, b.typeBelow(mt)}} })
}

// Type implements sdk.Object.
func (o *tableObject) Type() *sdk.ObjectType { return o.kind }

// Get implements sdk.Object.
func (o *tableObject) Get(ctx context.Context, property string) (any, error) {
	return o.GetKey(ctx, property)
}

// Set implements sdk.Object.
func (o *tableObject) Set(ctx context.Context, property string, value any) error {
	return o.SetKey(ctx, property, value)
}

// GetKey implements sdk.KeyedObject.
func (o *tableObject) GetKey(ctx context.Context, key any) (v any, err error) {
	t := o.b.in.Enter(ctx)
	defer t.Leave()
	found, err := o.b.field(t, o.t, o.b.toLua(key))
	return o.b.toGo(found), err
}

// field is the field of a key, whatever has to be asked for it.
func (b *Bridge) field(t *compat.Thread, table *lua.LTable, key lua.LValue) (lua.LValue, error) {
	if _, proxy := compat.ObjectOf(table); !proxy {
		if v := table.RawGet(key); v != lua.LNil || table.Metatable == lua.LNil {
			return v, nil
		}
	}
	v := lua.LValue(lua.LNil)
	err := protect(t, func(L *lua.LState) { v = L.GetTable(table, key) })
	return v, err
}

// setField sets the field of a key, whoever has to be told.
func (b *Bridge) setField(t *compat.Thread, table *lua.LTable, key, value lua.LValue) error {
	return protect(t, func(L *lua.LState) {
		if table.Metatable == lua.LNil {
			compat.RawSet(L, table, key, value) // lets go of the key of a nil
			return
		}
		L.SetTable(table, key, value)
	})
}

// SetKey implements sdk.KeyedObject.
func (o *tableObject) SetKey(ctx context.Context, key, value any) error {
	if key == nil {
		return sdk.MethodError(o, "nil", sdk.ErrNoProperty)
	}
	t := o.b.in.Enter(ctx)
	defer t.Leave()
	return o.b.setField(t, o.t, o.b.toLua(key), o.b.toLua(value))
}

// Call implements sdk.Object: method(table, args…).
func (o *tableObject) Call(ctx context.Context, method string, args ...any) ([]any, error) {
	t := o.b.in.Enter(ctx)
	defer t.Leave()
	fn, err := o.b.field(t, o.t, lua.LString(method))
	if err != nil {
		return nil, err
	}
	if mt, ok := o.t.Metatable.(*lua.LTable); ok && fn == lua.LNil && isMetamethod(method) {
		fn = mt.RawGetString(method)
	}
	if fn == lua.LNil {
		return nil, sdk.MethodError(o, method, sdk.ErrNoMethod)
	}
	return o.b.callLua(ctx, fn, append([]any{o}, args...))
}

// Range implements sdk.Ranger.
func (o *tableObject) Range(ctx context.Context, f func(key, value any) bool) error {
	keys, values, err := o.entries(ctx)
	for i, key := range keys {
		if !f(key, values[i]) {
			break
		}
	}
	return err
}

func (o *tableObject) entries(ctx context.Context) (keys, values []any, err error) {
	t := o.b.in.Enter(ctx)
	defer t.Leave()
	err = protect(t, func(L *lua.LState) {
		for k, v := compat.Next(L, o.t, lua.LNil); k != lua.LNil; k, v = compat.Next(L, o.t, k) {
			keys, values = append(keys, o.b.toGo(k)), append(values, o.b.toGo(v))
		}
	})
	return keys, values, err
}

// Len implements sdk.Lister.
func (o *tableObject) Len(ctx context.Context) (n int, err error) {
	t := o.b.in.Enter(ctx)
	defer t.Leave()
	err = protect(t, func(L *lua.LState) { n = compat.Len(L, o.t) })
	return n, err
}

// protect runs f so that what it raises is an error.
func protect(t *compat.Thread, f func(L *lua.LState)) error {
	t.L.Push(t.L.NewFunction(func(L *lua.LState) int {
		f(L)
		return 0
	}))
	return t.PCall(0, 0)
}

var (
	_ sdk.KeyedObject = (*tableObject)(nil)
	_ sdk.Ranger      = (*tableObject)(nil)
	_ sdk.Lister      = (*tableObject)(nil)
)
