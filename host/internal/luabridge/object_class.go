package luabridge

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"weak"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// kind is what a name means to the owner of a type.
type kind int

const (
	method kind = iota + 1
	property
	constant
)

// class is a type of another plugin's objects as Lua sees it: their metatable, whose functions are methods of all of them. Functions that
// Lua puts there appear on all objects. It does not keep the type alive.
type class struct {
	b         *Bridge
	id        identity // of the type
	name      string
	constants []string
	methods   bool // whether the type has any
	kinds     map[string]kind
	open      bool
	own       *lua.LTable               // what Lua put there
	forward   map[string]*lua.LFunction // calls the owner's method of a name
	originals map[string]sdk.Function   // the owner's methods that Lua has replaced
	prototype sdk.Object                // what the owner exports as the class; nil if that is not known
	table     *lua.LTable
}

// classOf is the class of a type.
func (b *Bridge) classOf(t *sdk.ObjectType) *class {
	id, _ := identityOf(t)
	if c := b.classes.of(id); c != nil {
		return c
	}
	c := b.newClass(id, t)
	b.classes.put(t, c)
	return c
}

func (b *Bridge) newClass(id identity, t *sdk.ObjectType) *class {
	c := &class{
		b: b, id: id, name: t.Name, constants: t.Constants, methods: len(t.Methods) > 0, open: t.Open, kinds: map[string]kind{}, own: b.in.State().NewTable(),
		forward: map[string]*lua.LFunction{}, originals: map[string]sdk.Function{},
	}
	for i, names := range [][]string{t.Methods, t.Properties, t.Constants} {
		for _, name := range names {
			c.kinds[name] = kind(i + 1)
		}
	}
	c.table = b.in.NewProxy(c)
	c.table.RawSetString("__index", c.table)
	c.table.RawSetString("__name", lua.LString(t.Name))
	c.table.RawSetString("__tostring", b.in.State().NewFunction(describe))
	for _, name := range t.Methods {
		if isMetamethod(name) {
			c.table.RawSetString(name, c.forwarder(name))
		}
	}
	return c
}

// classes are those of types that are in use.
type classes struct {
	mu sync.Mutex // guards m, which the garbage collector's cleanups change, too
	m  map[identity]*class
}

func (cs *classes) of(id identity) *class {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return cs.m[id]
}

// put keeps a class until its type is garbage.
func (cs *classes) put(t *sdk.ObjectType, c *class) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.m == nil {
		cs.m = map[identity]*class{}
	}
	cs.m[c.id] = c
	all := weak.Make(cs)
	runtime.AddCleanup(t, func(id identity) {
		cs := all.Value()
		if cs == nil {
			return
		}
		cs.mu.Lock()
		defer cs.mu.Unlock()
		delete(cs.m, id)
	}, c.id)
}

// isMetamethod tells whether a name is one that the interpreter looks for in the metatable's table itself, which is therefore not left empty.
func isMetamethod(name string) bool { return strings.HasPrefix(name, "__") }

// of tells whether an object is of the class.
func (c *class) of(o sdk.Object) bool {
	id, _ := identityOf(o.Type())
	return id == c.id
}

// plain tells whether objects of the class are tables without methods.
func (c *class) plain() bool { return c.open && !c.methods }

// describe is tostring of an object: its type, and the first of its constants that says something.
func describe(L *lua.LState) int {
	o, _ := compat.ObjectOf(L.Get(1))
	f, ok := o.(*objectFace)
	if !ok {
		return pushString(L, "class")
	}
	for _, name := range f.class.constants {
		if s, ok := f.IndexString(L, name).(lua.LString); ok {
			return pushString(L, fmt.Sprintf("%s (%s)", f.class.name, string(s)))
		}
	}
	return pushString(L, fmt.Sprintf("%s: %p", f.class.name, L.Get(1)))
}

// method is what all objects have under a name: a function that Lua put there, or one that calls the owner.
func (c *class) method(name string) lua.LValue {
	if v := c.own.RawGetString(name); v != lua.LNil {
		return v
	}
	if c.kinds[name] == method {
		return c.forwarder(name)
	}
	return lua.LNil
}

// forwarder is the owner's method as a Lua function. Once Lua has replaced the method, only who took the function before still has it, to
// call what was there before.
func (c *class) forwarder(name string) *lua.LFunction {
	if f := c.forward[name]; f != nil {
		return f
	}
	f := c.b.in.State().NewFunction(func(L *lua.LState) int {
		o, _ := compat.ObjectOf(L.Get(1))
		self, ok := o.(*objectFace)
		if !ok {
			L.RaiseError("%s:%s: %s expected, got %s (call methods with a colon)", c.name, name, c.name, L.Get(1).Type())
		}
		if f := self.original(name); f != nil {
			return c.b.callFunction(L, c.name+":"+name, f, 1)
		}
		args, ctx := c.b.arguments(L, 2), c.b.in.Context(L)
		return c.b.await(L, c.name+":"+name, func() ([]any, error) { return self.o.Call(ctx, name, args...) })
	})
	c.forward[name] = f
	return f
}

// original is the owner's method that Lua has replaced, nil if it has not.
func (f *objectFace) original(name string) sdk.Function {
	if o := f.class.originals[name]; o != nil {
		return o
	}
	return f.originals[name]
}

func (c *class) TypeName() string      { return "class" }
func (c *class) Metatable() lua.LValue { return lua.LNil }
func (c *class) Len() int              { return 0 }
func (c *class) goValue() any {
	if c.prototype != nil {
		return c.prototype
	}
	return nil
}

func (c *class) Index(L *lua.LState, key lua.LValue) lua.LValue {
	name, ok := key.(lua.LString)
	if !ok {
		return c.own.RawGet(key)
	}
	v := c.method(string(name))
	if v == lua.LNil && c.takesAll() {
		var found any
		c.b.in.Unlocked(L, func() { found, _ = c.prototype.Get(c.b.in.Context(L), string(name)) })
		v = c.b.toLua(found)
	}
	return v
}

// takesAll tells whether the owner takes any function as a method of all objects: it is a Lua module's class.
func (c *class) takesAll() bool { return c.open && c.prototype != nil }

func (c *class) NewIndex(L *lua.LState, key, value lua.LValue) {
	name, isName := key.(lua.LString)
	if isName && c.kinds[string(name)] == method {
		if !c.replaceMethod(L, c.b.prototypeOf(L, c), c.originals, string(name), value) {
			value = lua.LNil
		}
	} else if isName && c.takesAll() {
		if err := c.tell(L, string(name), value); err != nil {
			c.refuse(L, string(name), err)
		}
		return
	}
	compat.RawSet(L, c.own, key, value)
	if isName && isMetamethod(string(name)) {
		c.table.RawSetString(string(name), value)
	}
}

func (c *class) tell(L *lua.LState, name string, value lua.LValue) (err error) {
	v := c.b.toGo(value)
	c.b.in.Unlocked(L, func() { err = c.prototype.Set(c.b.in.Context(L), name, v) })
	return err
}

// replaceMethod lets the owner of o, an object or its prototype, take a function in the place of a method. It is false if that was the
// owner's own method again. originals get what was there.
func (c *class) replaceMethod(L *lua.LState, o sdk.Object, originals map[string]sdk.Function, name string, value lua.LValue) (replaced bool) {
	if o == nil {
		c.refuse(L, name, nil)
	}
	ctx := c.b.in.Context(L)
	original, err := originals[name], error(nil)
	if original == nil {
		var v any
		c.b.in.Unlocked(L, func() { v, err = o.Get(ctx, name) })
		original, _ = v.(sdk.Function)
	}
	replaced = value != lua.LNil && value != c.forward[name]
	var f any
	if replaced {
		f = c.b.toGo(value)
	} else if original != nil {
		f = original
	}
	if err == nil {
		c.b.in.Unlocked(L, func() { err = o.Set(ctx, name, f) })
	}
	if err != nil {
		c.refuse(L, name, err)
	}
	delete(originals, name)
	if replaced && original != nil {
		originals[name] = original
	}
	return replaced
}

func (c *class) refuse(L *lua.LState, name string, err error) {
	if err == nil || errors.Is(err, sdk.ErrNoProperty) {
		L.RaiseError("the method %q of a %s belongs to another plugin, which does not let it be replaced", name, c.name)
	}
	raise(L, fmt.Errorf("replacing the method %q of a %s: %w", name, c.name, err))
}

func (c *class) Next(L *lua.LState, key lua.LValue) (k, v lua.LValue) {
	names := slices.Sorted(maps.Keys(c.names()))
	at := 0
	if name, ok := key.(lua.LString); ok {
		var found bool
		if at, found = slices.BinarySearch(names, string(name)); found {
			at++
		}
	}
	if at >= len(names) {
		return lua.LNil, lua.LNil
	}
	return lua.LString(names[at]), c.method(names[at])
}

func (c *class) names() map[string]bool {
	names := map[string]bool{}
	for name, k := range c.kinds {
		if k == method {
			names[name] = true
		}
	}
	for k := range c.b.fields(c.own) {
		if name, ok := k.(lua.LString); ok {
			names[string(name)] = true
		}
	}
	return names
}
