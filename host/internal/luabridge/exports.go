package luabridge

import (
	"context"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// exports are what a plugin that is not Lua offers to others, as a table: what module:depends returns. Each field is asked for when it is
// read; functions are kept, so that they are the same each time. What Lua assigns stays in Lua.
type exports struct {
	b     *Bridge
	p     sdk.Exporter
	own   *lua.LTable
	known map[string]lua.LValue // functions and classes
}

// exportsOf is the one table of a plugin. It lives as long as the plugin is loaded.
func (b *Bridge) exportsOf(p sdk.Exporter) lua.LValue {
	if t := b.exported[p]; t != nil {
		return t
	}
	loaded := map[sdk.Exporter]bool{}
	for _, other := range b.exporters() {
		loaded[other] = true
	}
	for other := range b.exported {
		if !loaded[other] {
			delete(b.exported, other)
		}
	}
	t := b.in.NewProxy(&exports{b: b, p: p, own: b.in.State().NewTable(), known: map[string]lua.LValue{}})
	b.exported[p] = t
	return t
}

// exporters are the plugins that are loaded, offer something, and are not of this interpreter.
func (b *Bridge) exporters() (list []sdk.Exporter) {
	for _, host := range append(b.srv.Hosts(), "*") {
		for _, name := range b.srv.PluginNames(host) {
			p, ok := b.srv.Plugin(host, name).(sdk.Exporter)
			if lua, isLua := p.(*shareable); ok && !(isLua && lua.b == b) {
				list = append(list, p)
			}
		}
	}
	return list
}

func (e *exports) TypeName() string      { return "plugin" }
func (e *exports) Metatable() lua.LValue { return lua.LNil }
func (e *exports) Len() int              { return 0 }

func (e *exports) Index(L *lua.LState, key lua.LValue) lua.LValue {
	if name, ok := key.(lua.LString); ok {
		return e.IndexString(L, string(name))
	}
	return e.own.RawGet(key)
}

func (e *exports) IndexString(L *lua.LState, name string) lua.LValue {
	if v := e.own.RawGetString(name); v != lua.LNil {
		return v
	}
	if v := e.known[name]; v != nil {
		return v
	}
	found, err := e.b.export(L, e.p, name)
	if err != nil {
		raise(L, fmt.Errorf("reading %q of a plugin: %w", name, err))
	}
	v := e.b.toLua(found)
	if name == "module" && v == lua.LNil {
		v = e.b.opaqueModule()
	}
	if o, ok := found.(sdk.Object); ok && strings.HasSuffix(name, classSuffix) {
		c := e.b.classOf(o.Type())
		c.prototype, v = o, c.table
	}
	if v.Type() == lua.LTFunction || classBehind(v) != nil {
		e.known[name] = v
	}
	return v
}

// classBehind is the class that a table is, nil for other values.
func classBehind(v lua.LValue) *class {
	o, _ := compat.ObjectOf(v)
	c, _ := o.(*class)
	return c
}

func (b *Bridge) export(L *lua.LState, p sdk.Exporter, name string) (v any, err error) {
	ctx := b.in.Context(L)
	b.in.Unlocked(L, func() { v, err = p.Export(ctx, name) })
	return v, err
}

func (e *exports) NewIndex(_ *lua.LState, key, value lua.LValue) { e.own.RawSet(key, value) }

func (e *exports) Next(_ *lua.LState, key lua.LValue) (k, v lua.LValue) { return e.own.Next(key) }

// classSuffix makes the name that a type's class is exported under of the type's (sdk.ObjectType).
const classSuffix = "_mt"

// prototypeOf is what the owner of a class exports as the class, nil if it does not.
func (b *Bridge) prototypeOf(L *lua.LState, c *class) sdk.Object {
	if c.prototype != nil {
		return c.prototype
	}
	for _, p := range b.exporters() {
		v, err := b.export(L, p, c.name+classSuffix)
		if o, ok := v.(sdk.Object); ok && err == nil && c.of(o) {
			c.prototype = o
			return o
		}
	}
	return nil
}

// forget makes all fields be asked for anew: the plugin's process may be another one.
func (e *exports) forget() {
	for _, v := range e.known {
		if c := classBehind(v); c != nil {
			c.prototype = nil
		}
	}
	clear(e.known)
}

// forgetExports is forget for all plugins, because one of them is gone.
func (b *Bridge) forgetExports() {
	for _, t := range b.exported {
		o, _ := compat.ObjectOf(t)
		o.(*exports).forget()
	}
}

// Export is a global variable of the module, as other plugins see it: a function, an object, a value. What is called like the class of a
// type and is used as a metatable is that.
func (p *Plugin) Export(ctx context.Context, name string) (any, error) {
	t := p.b.in.Enter(ctx)
	defer t.Leave()
	if p.env == nil {
		return nil, nil
	}
	v := p.env.RawGetString(name)
	if mt, ok := v.(*lua.LTable); ok && strings.HasSuffix(name, classSuffix) && mt.RawGetString("__index") == v {
		return p.b.classObject(mt), nil
	}
	return p.b.toGo(v), nil
}

var (
	_ sdk.Exporter         = (*shareable)(nil)
	_ compat.StringIndexer = (*exports)(nil)
)
