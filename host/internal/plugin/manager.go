// Package plugin loads, couples, reloads and unloads plugin instances (the life cycle that Prosody's modulemanager defines).
//
// A plugin comes from a Source: the core's own ones, Lua files, programs. The manager knows instances and their relations; what a plugin
// is made of is its source's business.
package plugin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"quatrain/host/internal/failure"
	"quatrain/host/internal/moduleapi"
	"quatrain/sdk"
)

var (
	// ErrNotFound is a source's answer for a plugin it does not have.
	ErrNotFound = errors.New("module-not-found")
	// ErrAlreadyLoaded refuses a second instance on a host.
	ErrAlreadyLoaded = errors.New("module-already-loaded")
	// ErrGlobalLoaded refuses a global plugin that does not serve hosts a second time.
	ErrGlobalLoaded = errors.New("global-module-already-loaded")
	// ErrNotLoaded tells that there is nothing to unload or reload.
	ErrNotLoaded = errors.New("module-not-loaded")
	// ErrUnknownHost tells that the host is not ours.
	ErrUnknownHost = errors.New("unknown-host")
	// ErrDisabled tells that a module depends on one that the operator disabled.
	ErrDisabled = errors.New("dependency is disabled")
	// ErrNotShared is what a global plugin's AddHost returns when it does not serve hosts.
	ErrNotShared = errors.New("not a shared module")
)

// Source makes plugins.
type Source interface {
	// New makes an instance that has not been loaded; ErrNotFound if the source has no plugin of the name.
	New(name, host string) (sdk.Plugin, error)
	// Check tells whether the plugin could be made from what is there now (syntax), before an old instance is given up for it.
	Check(ctx context.Context, name string) error
}

// Policy is what the configuration says about plugins.
type Policy interface {
	// Resolve is the name that a plugin is loaded under: the proper one behind an alias.
	Resolve(name string) string
	// Synonyms are the other names that it may be loaded under.
	Synonyms(name string) []string
	// Disabled tells whether the operator listed a plugin in modules_disabled of a host.
	Disabled(host, name string) bool
	// ForceReload tells whether a failing save may be ignored.
	ForceReload(host string) bool
}

// Instance is one loaded plugin on one host. Fields are immutable once it is loaded.
type Instance struct {
	Name, Host string
	Plugin     sdk.Plugin
	Module     *moduleapi.Module
	// Global is the instance whose AddHost made this one; nil for ordinary ones.
	Global *Instance

	dependsOn []key
}

type key struct{ host, name string }

// Manager holds the instances. Safe for concurrent use; plugins may load and unload others from their own functions.
type Manager struct {
	srv     *moduleapi.Server
	sources []Source
	policy  Policy
	log     *slog.Logger

	mu        sync.Mutex // guards the rest; no plugin is called under it
	instances map[key]*Instance
	order     []key // as loaded
	loading   map[key]bool
	early     map[*moduleapi.Module][]key // what modules still loading depend on
	missed    map[key][]key               // dependents of an instance that are not loaded at the moment
	ready     bool
}

// NewManager makes a manager that asks sources in order.
func NewManager(srv *moduleapi.Server, policy Policy, sources ...Source) *Manager {
	return &Manager{srv: srv, sources: sources, policy: policy, log: srv.Log, instances: map[key]*Instance{}, loading: map[key]bool{}, missed: map[key][]key{}, early: map[*moduleapi.Module][]key{}}
}

// Get is the instance of a plugin on a host, or the global one, under the name or another one of the plugin's.
func (m *Manager) Get(host, name string) *Instance {
	if i := m.named(host, name); i != nil {
		return i
	}
	return m.named(moduleapi.Global, name)
}

// Instances lists those of a host ("" for all) in order of loading.
func (m *Manager) Instances(host string) []*Instance {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []*Instance
	for _, k := range m.order {
		if host == "" || k.host == host {
			list = append(list, m.instances[k])
		}
	}
	return list
}

// Load makes and loads a plugin on a host ("*" for the global scope).
func (m *Manager) Load(ctx context.Context, host, name string) (*Instance, error) {
	i, err := m.load(ctx, host, m.policy.Resolve(name), nil)
	if err != nil && !errors.Is(err, ErrAlreadyLoaded) {
		m.logFailure("plugin not loaded", host, name, err)
	}
	return i, err
}

// handover is what a predecessor left for the instance that takes its place.
type handover struct{ state any }

func (m *Manager) load(ctx context.Context, host, name string, from *handover) (*Instance, error) {
	if m.srv.Hosts.Bus(host) == nil {
		return nil, fmt.Errorf("loading %q on %q: %w", name, host, ErrUnknownHost)
	}
	k := key{host, name}
	global, done, err := m.begin(k)
	if err != nil {
		return nil, err
	}
	defer done()
	if global != nil {
		return m.share(ctx, global, host)
	}
	p, err := m.make(name, host)
	if err != nil {
		return nil, err
	}
	i := &Instance{Name: name, Host: host, Plugin: p, Module: moduleapi.New(m.srv, name, host, from != nil)}
	if err := m.start(ctx, i, from); err != nil {
		m.drop(ctx, i)
		return nil, err
	}
	return m.settle(ctx, i, host)
}

// begin reserves the place of an instance; global is the loaded global instance that it would be a host of.
func (m *Manager) begin(k key) (global *Instance, done func(), err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.instances[k] != nil {
		return nil, nil, ErrAlreadyLoaded
	}
	if m.loading[k] {
		return nil, nil, fmt.Errorf("loading %q on %q: it depends on itself", k.name, k.host)
	}
	m.loading[k] = true
	done = func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.loading, k)
	}
	return m.instances[key{moduleapi.Global, k.name}], done, nil
}

func (m *Manager) make(name, host string) (sdk.Plugin, error) {
	for _, s := range m.sources {
		p, err := s.New(name, host)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		return p, err
	}
	return nil, fmt.Errorf("%w: %q is neither shipped nor in plugin_paths", ErrNotFound, name)
}

// start runs Load and Restore.
func (m *Manager) start(ctx context.Context, i *Instance, from *handover) error {
	if heir, ok := i.Plugin.(sdk.Heir); ok && from != nil {
		heir.Inherit(from.state)
	}
	if err := protect(func() error { return i.Plugin.Load(ctx, i.Module) }); err != nil {
		return err
	}
	r, ok := i.Plugin.(sdk.Restorer)
	if from == nil || !ok {
		return nil
	}
	return protect(func() error { return r.Restore(ctx, from.state) })
}

// settle lists a loaded instance and tells about it. An instance that made itself global is also shared with the host it was loaded for.
func (m *Manager) settle(ctx context.Context, i *Instance, host string) (*Instance, error) {
	i.Host = i.Module.Host()
	k := key{i.Host, i.Name}
	m.mu.Lock()
	if m.instances[k] != nil {
		m.mu.Unlock()
		if u, ok := i.Plugin.(sdk.Unloader); ok {
			protect(func() error { return u.Unload(ctx) }) // it was loaded for nothing; what it says to that does not matter
		}
		m.drop(ctx, i)
		return nil, ErrGlobalLoaded
	}
	m.put(k, i)
	ready := m.ready
	m.mu.Unlock()
	sayLoaded(ctx, i)
	m.announce(ctx, "module-loaded", i)
	if ready {
		m.tellReady(ctx, i)
	}
	if i.Host == moduleapi.Global && host != moduleapi.Global {
		if _, err := m.share(ctx, i, host); err != nil && !errors.Is(err, ErrGlobalLoaded) {
			return i, err
		}
	}
	return i, nil
}

func (m *Manager) put(k key, i *Instance) {
	m.instances[k] = i
	m.order = append(m.order, k)
	i.dependsOn = m.early[i.Module]
	delete(m.early, i.Module)
}

// share adds a host to a global plugin.
func (m *Manager) share(ctx context.Context, global *Instance, host string) (*Instance, error) {
	adder, ok := global.Plugin.(sdk.HostAdder)
	if !ok {
		return nil, ErrGlobalLoaded
	}
	i := &Instance{Name: global.Name, Host: host, Plugin: global.Plugin, Module: moduleapi.New(m.srv, global.Name, host, false), Global: global}
	err := protect(func() error { return adder.AddHost(ctx, i.Module) })
	if err != nil {
		i.Module.Undo(ctx)
		if errors.Is(err, ErrNotShared) {
			return nil, ErrGlobalLoaded
		}
		return nil, err
	}
	m.mu.Lock()
	m.put(key{host, i.Name}, i)
	m.mu.Unlock()
	sayLoaded(ctx, i)
	m.announce(ctx, "module-loaded", i)
	return i, nil
}

// sayLoaded is the status of an instance that has not given itself one while loading.
func sayLoaded(ctx context.Context, i *Instance) {
	if kind, _, _ := i.Module.Status(); kind == "" {
		i.Module.SetStatus(ctx, sdk.StatusCore, "Loaded", false)
	}
}

// drop gives up an instance that did not load.
func (m *Manager) drop(ctx context.Context, i *Instance) {
	i.Module.Undo(ctx)
	finish(ctx, i)
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.early, i.Module)
}

func (m *Manager) announce(ctx context.Context, event string, i *Instance) {
	bus := m.srv.Hosts.Bus(i.Host)
	if bus != nil && bus.Has(event) {
		bus.Fire(ctx, sdk.NewEvent(event, "module", i.Name, "host", i.Host)) // the bus logs failures
	}
}

func (m *Manager) logFailure(message, host, name string, err error) {
	m.log.Error(message, append([]any{"host", host, "plugin", name}, failure.Attrs(err)...)...)
}

// protect turns a panic into an error.
func protect(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}
