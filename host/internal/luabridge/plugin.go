package luabridge

import (
	"context"
	"errors"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// Plugin is one Lua module: on a host, global, or global and shared with hosts. It implements sdk.Plugin and its optional interfaces.
type Plugin struct {
	b      *Bridge
	source *source
	files  fileList

	// Set by Load, touched only under the interpreter's lock.
	main  *moduleObject
	env   *lua.LTable
	saved any                      // what a predecessor saved, nil if there was none
	on    map[string]*moduleObject // a shared module's host instances
}

// errNotFound is told to the module manager under its own name (Names).
var errNotFound = errors.New("module-not-found")

// Names are the errors that the module manager expects.
type Names struct{ NotFound, NotShared error }

// Source makes Lua plugins for the module manager.
type Source struct {
	b     *Bridge
	names Names
}

// Source is the bridge as a source of plugins.
func (b *Bridge) Source(names Names) *Source { return &Source{b, names} }

// New finds the module's file and makes an instance that has not been loaded.
func (s *Source) New(name, _ string) (sdk.Plugin, error) {
	src, err := s.b.find(name)
	if errors.Is(err, errNotFound) {
		return nil, s.names.NotFound
	}
	if err != nil {
		return nil, err
	}
	return &shareable{Plugin{b: s.b, source: src}, s.names.NotShared}, nil
}

// Check tells whether the module's file compiles. A module that is not Lua is none of its business.
func (s *Source) Check(ctx context.Context, name string) error {
	src, err := s.b.find(name)
	if errors.Is(err, errNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	t := s.b.in.Enter(ctx)
	defer t.Leave()
	_, err = s.b.in.Load(src.code, src.chunkName(), nil)
	return err
}

// Load runs the module's chunk in an environment of its own, then its module.load.
func (p *Plugin) Load(ctx context.Context, m sdk.Module) error {
	if err := p.source.meta.check(m.Name()); err != nil {
		return err
	}
	t := p.b.in.Enter(ctx)
	defer t.Leave()
	p.files.add(p.source)
	p.env = p.b.newEnvironment()
	p.main = newModuleObject(p, m, p.env)
	p.env.RawSetString("module", p.main.table)
	p.b.register(m, p)
	if saved := p.b.savedState(p.saved); saved != nil {
		p.main.extra.RawSetString("saved_state", saved)
	}
	if err := p.run(ctx, t); err != nil {
		p.end(t.L, p.main)
		return err
	}
	p.tellDoubts(ctx, m.Logger())
	return nil
}

// run runs the chunk and module.load.
func (p *Plugin) run(ctx context.Context, t *compat.Thread) error {
	fn, err := p.b.in.Load(p.source.code, p.source.chunkName(), p.env)
	if err != nil {
		return err
	}
	t.L.Push(fn)
	if err := t.PCall(0, 0); err != nil {
		return err
	}
	_, err = p.callback(ctx, p.main, "load")
	return err
}

// Inherit is called before Load: what the predecessor saved stands in module.saved_state while the chunk runs.
func (p *Plugin) Inherit(state any) { p.saved = state }

// savedState is what a predecessor saved: a Lua value of this interpreter, or data from another one. nil if it is nothing.
func (b *Bridge) savedState(state any) lua.LValue {
	switch state := state.(type) {
	case nil:
		return nil
	case ref:
		if state.v == lua.LNil {
			return nil
		}
		return state.v
	}
	return b.toLua(state)
}

// SaveData is Save for a successor in another interpreter: what module.save returns as data (a store's value). What cannot be copied is an
// error that names the place.
func (p *Plugin) SaveData(ctx context.Context) (any, error) {
	t := p.b.in.Enter(ctx)
	defer t.Leave()
	v, err := p.callback(ctx, p.main, "save")
	if err != nil {
		return nil, err
	}
	data, err := p.b.toData(v)
	if err != nil {
		return nil, fmt.Errorf("saved%w", err)
	}
	return data, nil
}

// callback calls the function NAME of a module object if the module set it.
func (p *Plugin) callback(ctx context.Context, o *moduleObject, name string, args ...lua.LValue) (lua.LValue, error) {
	fn, ok := o.extra.RawGetString(name).(*lua.LFunction)
	if !ok {
		return lua.LNil, nil
	}
	results, err := p.b.in.Call(ctx, fn, 1, args...)
	if err != nil {
		return lua.LNil, fmt.Errorf("module.%s: %w", name, err)
	}
	return results[0], nil
}

// Save is module.save.
func (p *Plugin) Save(ctx context.Context) (any, error) {
	t := p.b.in.Enter(ctx)
	defer t.Leave()
	v, err := p.callback(ctx, p.main, "save")
	return ref{v}, err
}

// Restore is module.restore; it is given an empty table if nothing was saved.
func (p *Plugin) Restore(ctx context.Context, state any) error {
	t := p.b.in.Enter(ctx)
	defer t.Leave()
	v := p.b.savedState(state)
	if v == nil {
		v = t.L.NewTable()
	}
	p.main.extra.RawSetString("saved_state", v)
	_, err := p.callback(ctx, p.main, "restore", v)
	return err
}

// Ready is module.ready, and resolves the promises of module:on_ready.
func (p *Plugin) Ready(ctx context.Context) error {
	t := p.b.in.Enter(ctx)
	defer t.Leave()
	_, err := p.callback(ctx, p.main, "ready")
	for _, f := range p.main.onReady {
		if _, e := p.b.in.Call(ctx, f, 0); e != nil && err == nil {
			err = e
		}
	}
	p.main.ready, p.main.onReady = true, nil
	return err
}

// Unload is module.unload. The module object is of no use afterwards.
func (p *Plugin) Unload(ctx context.Context) error {
	t := p.b.in.Enter(ctx)
	defer t.Leave()
	_, err := p.callback(ctx, p.main, "unload")
	p.end(t.L, p.main)
	return err
}

// end undoes what the module manager does not know of.
func (p *Plugin) end(L *lua.LState, o *moduleObject) {
	p.b.forget(o.m)
	o.ended = true
	for _, undo := range o.undo {
		f := L.NewFunction(func(L *lua.LState) int {
			undo(L)
			return 0
		})
		if _, err := p.b.in.PCall(L, f, 0); err != nil {
			logFailure(o.m.Logger(), "unloading", err)
		}
	}
}

// Environment is the module's table of globals, which is what other modules get of it; nil before Load.
func (p *Plugin) Environment() *lua.LTable { return p.env }

// shareable adds what only global modules with module.add_host have.
type shareable struct {
	Plugin
	notShared error
}

// AddHost is module.add_host, with a module object of the host.
func (p *shareable) AddHost(ctx context.Context, m sdk.Module) error {
	t := p.b.in.Enter(ctx)
	defer t.Leave()
	fn, ok := p.main.extra.RawGetString("add_host").(*lua.LFunction)
	if !ok {
		return p.notShared
	}
	env := p.b.layered(p.env)
	o := newModuleObject(&p.Plugin, m, env)
	o.parent = p.main
	env.RawSetString("module", o.table)
	if p.on == nil {
		p.on = map[string]*moduleObject{}
	}
	results, err := p.b.in.Call(ctx, fn, 2, o.table)
	if err != nil || results[0] == lua.LFalse {
		p.end(t.L, o)
	}
	if err != nil {
		return fmt.Errorf("module.add_host: %w", err)
	}
	if results[0] == lua.LFalse {
		return fmt.Errorf("module.add_host refused: %s", lua.LVAsString(results[1]))
	}
	p.on[m.Host()] = o
	p.b.register(m, &p.Plugin)
	return nil
}

// RemoveHost is the unload function that the module set on a host's module object.
func (p *shareable) RemoveHost(ctx context.Context, m sdk.Module) error {
	t := p.b.in.Enter(ctx)
	defer t.Leave()
	o := p.on[m.Host()]
	if o == nil || o.m != m {
		return nil
	}
	_, err := p.callback(ctx, o, "unload")
	delete(p.on, m.Host())
	p.end(t.L, o)
	return err
}

func (b *Bridge) register(m sdk.Module, p *Plugin) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.plugins[m] = p
}

func (b *Bridge) forget(m sdk.Module) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.plugins, m)
}

// environmentOf is what other modules see of a plugin on a host, nil for none. A plugin that is not Lua shows what it
// exports, or an empty table.
func (b *Bridge) environmentOf(p sdk.Plugin, host string) lua.LValue {
	switch p := p.(type) {
	case nil:
		return lua.LNil
	case sdk.Exporter:
		if s, ok := p.(*shareable); ok && s.b == b {
			return s.environmentOn(host)
		}
		return b.exportsOf(p)
	}
	t := b.in.State().NewTable()
	t.RawSetString("module", b.opaqueModule())
	return t
}

// opaqueModule is what others see as the module object of a plugin that is not Lua: that it is loaded.
func (b *Bridge) opaqueModule() lua.LValue {
	t := b.table(map[string]lua.LGFunction{"get_status": func(L *lua.LState) int {
		L.Push(lua.LString(sdk.StatusCore))
		L.Push(lua.LString("Loaded"))
		return 2
	}})
	t.RawSetString("loaded", lua.LTrue)
	return t
}

// environmentOn is what other modules see of the module on a host.
func (p *shareable) environmentOn(host string) lua.LValue {
	if o := p.on[host]; o != nil {
		return o.env
	}
	if p.env != nil {
		return p.env
	}
	return lua.LNil
}

// moduleValue is the module object of an sdk.Module, nil if it is not a Lua module's.
func (b *Bridge) moduleValue(m sdk.Module) lua.LValue {
	b.mu.Lock()
	p := b.plugins[m]
	b.mu.Unlock()
	if p == nil {
		return b.foreignModule(m)
	}
	if o := p.on[m.Host()]; o != nil && o.m == m {
		return o.table
	}
	return p.main.table
}

// foreignModule stands for a module that is not Lua where one is shown.
func (b *Bridge) foreignModule(m sdk.Module) lua.LValue {
	t := b.in.State().NewTable()
	t.RawSetString("name", lua.LString(m.Name()))
	t.RawSetString("host", lua.LString(m.Host()))
	return t
}

var (
	_ sdk.HostAdder   = (*shareable)(nil)
	_ sdk.HostRemover = (*shareable)(nil)
	_ sdk.Heir        = (*shareable)(nil)
	_ sdk.Saver       = (*shareable)(nil)
	_ sdk.Restorer    = (*shareable)(nil)
	_ sdk.Readier     = (*shareable)(nil)
	_ sdk.Unloader    = (*shareable)(nil)
)
