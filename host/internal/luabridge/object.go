package luabridge

import (
	"errors"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// objectFace is an object of another plugin as Lua sees it: a table whose reads and writes go to the owner, but for the fields that Lua
// modules hang on it.
type objectFace struct {
	b         *Bridge
	o         sdk.Object
	class     *class
	own       *lua.LTable             // fields of Lua modules; nil until there is one
	constants map[string]lua.LValue   // as the owner gave them
	originals map[string]sdk.Function // methods of this object only that Lua has replaced, as they were
	meta      lua.LValue              // what setmetatable gave an open object
	walk      *entries                // the newest traversal by next
}

// objectValue is the one table of an object.
func (b *Bridge) objectValue(o sdk.Object) lua.LValue {
	switch o := o.(type) {
	case *tableObject:
		if o.b == b {
			return o.t
		}
	case *classObject:
		if o.b == b {
			return o.t
		}
	}
	f, ok := o.(sdk.Faced)
	if !ok {
		return b.faces.of(o, func() *lua.LTable { return b.newFace(o) })
	}
	t, ok := f.Face(b).(*lua.LTable)
	if !ok {
		t = b.newFace(o)
		f.SetFace(b, t)
	}
	return t
}

func (b *Bridge) newFace(o sdk.Object) *lua.LTable {
	return b.in.NewProxy(&objectFace{b: b, o: o, class: b.classOf(o.Type()), meta: lua.LNil})
}

func (f *objectFace) goValue() any     { return f.o }
func (f *objectFace) TypeName() string { return f.class.name }
func (f *objectFace) Len() int         { return 0 }

// Metatable is the class; a table without methods has none, unless it was given one.
func (f *objectFace) Metatable() lua.LValue {
	if f.class.plain() {
		return f.meta
	}
	return f.class.table
}

// SetMetatable lets Lua give a table without methods a metatable, which only Lua knows of.
func (f *objectFace) SetMetatable(L *lua.LState, mt lua.LValue) {
	if !f.class.plain() {
		L.RaiseError("cannot change the metatable of a %s", f.class.name)
	}
	f.meta = mt
}

func (f *objectFace) Index(L *lua.LState, key lua.LValue) lua.LValue {
	if name, ok := key.(lua.LString); ok {
		return f.IndexString(L, string(name))
	}
	if k, ok := f.o.(sdk.KeyedObject); ok && f.class.open {
		return f.ask(L, compat.ToString(L, key), func() (any, error) { return k.GetKey(f.b.in.Context(L), f.b.toGo(key)) })
	}
	if f.own != nil {
		return f.own.RawGet(key)
	}
	return lua.LNil
}

func (f *objectFace) IndexString(L *lua.LState, name string) lua.LValue {
	if f.own != nil {
		if v := f.own.RawGetString(name); v != lua.LNil {
			return v
		}
	}
	if v := f.class.method(name); v != lua.LNil {
		return v
	}
	if v, ok := f.constants[name]; ok {
		return v
	}
	kind := f.class.kinds[name]
	if kind == 0 && !f.class.open {
		return lua.LNil
	}
	v := f.ask(L, name, func() (any, error) { return f.o.Get(f.b.in.Context(L), name) })
	if kind == constant {
		if f.constants == nil {
			f.constants = map[string]lua.LValue{}
		}
		f.constants[name] = v
	}
	return v
}

// ask reads something at the owner, who may be waited for.
func (f *objectFace) ask(L *lua.LState, name string, read func() (any, error)) lua.LValue {
	var v any
	var err error
	f.b.in.Unlocked(L, func() { v, err = read() })
	if err != nil && !errors.Is(err, sdk.ErrNoProperty) {
		f.fail(L, name, err)
	}
	return f.b.toLua(v)
}

// fail raises what went wrong with a field or method.
func (f *objectFace) fail(L *lua.LState, name string, err error) {
	raise(L, fmt.Errorf("%s.%s: %w", f.class.name, name, err))
}

func (f *objectFace) NewIndex(L *lua.LState, key, value lua.LValue) {
	name, ok := key.(lua.LString)
	if !ok {
		f.setKey(L, key, value)
		return
	}
	switch f.class.kinds[string(name)] {
	case method:
		f.replace(L, string(name), value)
	case constant:
		L.RaiseError("%s.%s never changes and cannot be assigned", f.class.name, string(name))
	case property:
		f.tell(L, string(name), value)
	default:
		if f.class.open {
			f.tell(L, string(name), value)
			return
		}
		f.keep(key, value)
	}
}

func (f *objectFace) setKey(L *lua.LState, key, value lua.LValue) {
	k, ok := f.o.(sdk.KeyedObject)
	if !ok || !f.class.open {
		f.keep(key, value)
		return
	}
	v, goKey := f.b.toGo(value), f.b.toGo(key)
	var err error
	f.b.in.Unlocked(L, func() { err = k.SetKey(f.b.in.Context(L), goKey, v) })
	if err != nil {
		f.fail(L, compat.ToString(L, key), err)
	}
}

// keep hangs a field on the object that is none of its owner's business.
func (f *objectFace) keep(key, value lua.LValue) {
	if f.own == nil {
		f.own = f.b.in.State().CreateTable(0, fewFields)
	}
	f.own.RawSet(key, value)
}

// tell writes a property at the owner.
func (f *objectFace) tell(L *lua.LState, name string, value lua.LValue) {
	if err := f.set(L, name, f.b.toGo(value)); err != nil {
		f.fail(L, name, err)
	}
}

func (f *objectFace) set(L *lua.LState, name string, value any) (err error) {
	f.b.in.Unlocked(L, func() { err = f.o.Set(f.b.in.Context(L), name, value) })
	return err
}

// replace puts a function in the place of a method, of this object only, if its owner lets it be.
func (f *objectFace) replace(L *lua.LState, name string, value lua.LValue) {
	if f.originals == nil {
		f.originals = map[string]sdk.Function{}
	}
	if f.class.replaceMethod(L, f.o, f.originals, name, value) {
		f.keep(lua.LString(name), value)
	} else if f.own != nil {
		compat.RawSet(L, f.own, lua.LString(name), lua.LNil)
	}
}

// Measure is the length of the list.
func (f *objectFace) Measure(L *lua.LState) (n int) {
	if _, ok := f.o.(sdk.Ranger); !ok {
		return 0
	}
	var err error
	f.b.in.Unlocked(L, func() { n, err = sdk.Len(f.b.in.Context(L), f.o) })
	if err != nil {
		f.fail(L, "#", err)
	}
	return n
}

var (
	_ compat.StringIndexer   = (*objectFace)(nil)
	_ compat.MetatableSetter = (*objectFace)(nil)
	_ compat.Measurer        = (*objectFace)(nil)
	_ compat.Traverser       = (*objectFace)(nil)
)
