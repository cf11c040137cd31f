package compat

import (
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// Object is a Go value that Lua sees as a table (NewProxy). All methods run under the interpreter lock and may raise Lua errors.
type Object interface {
	// Index is the object's own field key, or LNil (or nil); then the __index of Metatable is asked, as with a table.
	Index(L *lua.LState, key lua.LValue) lua.LValue
	// NewIndex sets the object's own field key; value may be LNil.
	NewIndex(L *lua.LState, key, value lua.LValue)
	// Len is what # gives: the number of elements 1, 2, 3 …
	Len() int
	// Next is the field after key (LNil: the first), or LNil (or nil) at the end. It must bear removal of fields on the way.
	Next(L *lua.LState, key lua.LValue) (k, v lua.LValue)
	// Metatable is what getmetatable gives and where operators come from: a table, or LNil (or nil).
	Metatable() lua.LValue
	// TypeName names the kind of object in error messages: "stanza".
	TypeName() string
}

// Inserter is an Object that inserts into its list itself (table.insert); pos is between 1 and Len()+1.
type Inserter interface {
	Insert(L *lua.LState, pos int, value lua.LValue)
}

// Remover is an Object that removes from its list itself (table.remove); pos is between 1 and Len().
type Remover interface {
	Remove(L *lua.LState, pos int) lua.LValue
}

// StringIndexer is an Object with a faster way to fields with constant names. It does the same as Index.
type StringIndexer interface {
	IndexString(L *lua.LState, key string) lua.LValue
}

// Measurer is an Object whose length must be asked for, instead of Len.
type Measurer interface {
	Measure(L *lua.LState) int
}

// Traverser is an Object that is gone through by pairs in a way of its own, so that traversals of one object do not meet.
type Traverser interface {
	// Traverse begins one: next gives the entries, LNil at the end.
	Traverse(L *lua.LState) (next func(L *lua.LState) (k, v lua.LValue))
}

// proxy is a table only by its type: it stays empty and its metatable forwards everything. The table comes first, so that a pointer to
// it is a pointer to the proxy.
type proxy struct {
	lua.LTable
	obj     Object
	strings StringIndexer // obj, or nil
}

// NewProxy makes a table that shows o. Make one per Go value and keep it with the value, because Lua compares tables by identity.
func (it *Interp) NewProxy(o Object) *lua.LTable {
	p := &proxy{obj: o}
	p.strings, _ = o.(StringIndexer)
	p.Metatable = proxyMeta
	return &p.LTable
}

// Proxy is room for a proxy in the Go value that it shows, to make both at once.
type Proxy struct{ p proxy }

// Show is NewProxy in the room of p. The object is that of the first call.
func (it *Interp) Show(p *Proxy, o Object) *lua.LTable {
	if p.p.obj == nil {
		p.p.obj = o
		p.p.strings, _ = o.(StringIndexer)
		p.p.Metatable = proxyMeta
	}
	return &p.p.LTable
}

// ObjectOf is the object behind a table made by NewProxy.
func ObjectOf(v lua.LValue) (Object, bool) {
	if tb, ok := v.(*lua.LTable); ok {
		if o := objectOf(tb); o != nil {
			return o, true
		}
	}
	return nil, false
}

// objectOf is the object behind tb, or nil. Only NewProxy and Show give a table proxyMeta, which Lua never gets hold of; so the cast is sound.
func objectOf(tb *lua.LTable) Object {
	if mt, ok := tb.Metatable.(*lua.LTable); !ok || mt != proxyMeta {
		return nil
	}
	return (*proxy)(unsafe.Pointer(tb)).obj
}

// metatableOf is the metatable that Lua may see of v, or nil.
func metatableOf(L *lua.LState, v lua.LValue) *lua.LTable {
	switch v := v.(type) {
	case *lua.LTable:
		if o := objectOf(v); o != nil {
			mt, _ := o.Metatable().(*lua.LTable)
			return mt
		}
		mt, _ := v.Metatable.(*lua.LTable)
		return mt
	case *lua.LUserData:
		mt, _ := v.Metatable.(*lua.LTable)
		return mt
	case lua.LString:
		return Of(L).lib.stringMeta
	}
	return nil
}

// metamethod is v's metamethod for event, or LNil.
func metamethod(L *lua.LState, v lua.LValue, event string) lua.LValue {
	if mt := metatableOf(L, v); mt != nil {
		return mt.RawGetString(event)
	}
	return lua.LNil
}
