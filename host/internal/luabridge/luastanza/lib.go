// Package luastanza shows element trees to Lua and is the library util.stanza.
//
// A stanza in Lua is the Go tree itself behind empty tables: the element, its "attr" and its "tags" are one proxy each, made when they are
// first looked at and the same table ever after. Reads and writes go to the tree, so there is nothing to convert and one source of truth.
package luastanza

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/xmpp/stanza"
)

// Lib belongs to one interpreter.
type Lib struct {
	in      *compat.Interp
	mt      *lua.LTable // util.stanza's stanza_mt, which modules read and extend
	methods *lua.LTable // its __index
	module  *lua.LTable
}

// New makes the library for an interpreter.
func New(in *compat.Interp) *Lib {
	L := in.State()
	lib := &Lib{in: in, mt: L.NewTable(), methods: L.NewTable(), module: L.NewTable()}
	lib.mt.RawSetString("__name", lua.LString("stanza"))
	lib.mt.RawSetString("__index", lib.methods)
	lib.mt.RawSetString("__tostring", L.NewFunction(lib.toString))
	for _, group := range []map[string]lua.LGFunction{lib.builders(), lib.accessors(), lib.changers()} {
		for name, f := range group {
			lib.methods.RawSetString(name, L.NewFunction(f))
		}
	}
	for name, f := range lib.functions() {
		lib.module.RawSetString(name, L.NewFunction(f))
	}
	lib.module.RawSetString("stanza_mt", lib.mt)
	return lib
}

// Module is what require "util.stanza" returns.
func (lib *Lib) Module() *lua.LTable { return lib.module }

// faces are the tables that stand for an element in Lua. What looks at an element mostly looks at its attributes, so these two are made together.
type faces struct {
	self       compat.Proxy
	attr       compat.Proxy
	object     object
	attributes attrObject
	tags       *lua.LTable // made when it is needed
	extra      *lua.LTable // fields that a module hung on the stanza
}

func facesOf(e *stanza.Element) *faces {
	f, _ := e.Face().(*faces)
	if f == nil {
		f = &faces{}
		e.SetFace(f)
	}
	return f
}

// Value is the element as Lua sees it, nil for nil.
func (lib *Lib) Value(e *stanza.Element) lua.LValue {
	if e == nil {
		return lua.LNil
	}
	f := facesOf(e)
	if f.object.e == nil {
		f.object = object{lib, e}
	}
	return lib.in.Show(&f.self, &f.object)
}

// Element is the tree behind a Lua value. A plain table that a module gave the stanza metatable is copied to a tree.
func (lib *Lib) Element(v lua.LValue) (*stanza.Element, bool) {
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil, false
	}
	if o, ok := compat.ObjectOf(t); ok {
		s, ok := o.(*object)
		if !ok {
			return nil, false
		}
		return s.e, true
	}
	if t.Metatable == lib.mt {
		return lib.fromPlain(t), true
	}
	return nil, false
}

// check is the element that argument n must be.
func (lib *Lib) check(L *lua.LState, n int) *stanza.Element {
	e, ok := lib.Element(L.Get(n))
	if !ok {
		L.ArgError(n, "stanza expected, got "+L.Get(n).Type().String())
	}
	return e
}

// setAttrs replaces the attributes by those of a Lua table, proxy or not. wrong is told of an entry that is none, and raises an error; nil takes what it can.
func setAttrs(L *lua.LState, e *stanza.Element, attrs *lua.LTable, wrong func(k, v lua.LValue)) {
	if o, ok := compat.ObjectOf(attrs); ok {
		if a, ok := o.(*attrObject); ok {
			e.Attrs = append([]stanza.Attr(nil), a.e.Attrs...)
		}
		return
	}
	e.Attrs = make([]stanza.Attr, 0, compat.Fields(attrs))
	compat.Entries(attrs, func(k, v lua.LValue) {
		if _, ok := k.(lua.LString); wrong != nil && (!ok || !lua.LVCanConvToString(v)) {
			wrong(k, v)
		}
		setAttr(L, e, lua.LVAsString(k), lua.LVAsString(v))
	})
}
