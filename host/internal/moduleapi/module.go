package moduleapi

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Module implements sdk.Module for one instance, or as a view of one bound to another host.
type Module struct {
	srv       *Server
	name      string
	host      string // changed by SetGlobal while loading only
	log       *slog.Logger
	reloading bool
	owner     *Module // of a view: the instance whose life it shares; itself otherwise

	unloaded atomic.Bool
	status   status

	mu     sync.Mutex // guards what follows; nothing is called under it
	undos  map[int]func(ctx context.Context)
	next   int
	stores []string // those opened, for listings

	iqs *pendingIQs
}

// New makes the module of a plugin about to be loaded on a host ("*" for the global scope).
func New(srv *Server, name, host string, reloading bool) *Module {
	m := &Module{srv: srv, name: name, host: host, reloading: reloading, undos: map[int]func(context.Context){}}
	m.log = srv.Log.With("host", host, "plugin", name)
	m.owner = m
	m.iqs = &pendingIQs{module: m}
	return m
}

func (m *Module) Name() string         { return m.name }
func (m *Module) Host() string         { return m.host }
func (m *Module) Logger() *slog.Logger { return m.log }
func (m *Module) Reloading() bool      { return m.reloading }
func (m *Module) Loaded() bool         { return !m.owner.unloaded.Load() }

func (m *Module) HostType() sdk.HostType {
	if m.host == Global {
		return sdk.HostGlobal
	}
	t, _ := m.srv.Hosts.Type(m.host)
	return t
}

// SetGlobal moves the instance to the global scope.
func (m *Module) SetGlobal() {
	m.host = Global
	m.log = m.srv.Log.With("host", Global, "plugin", m.name)
}

// Context is a view of the module bound to another host.
func (m *Module) Context(host string) sdk.Module {
	return &Module{srv: m.srv, name: m.name, host: host, log: m.srv.Log.With("host", host, "plugin", m.name), owner: m.owner, iqs: m.owner.iqs}
}

// Bus is nil for a view of a host that is not ours.
func (m *Module) Bus() sdk.Bus       { return m.srv.Hosts.Bus(m.host) }
func (m *Module) GlobalBus() sdk.Bus { return m.srv.Hosts.Bus(Global) }

// onUnload remembers how to undo something; the returned function does it early.
func (m *Module) onUnload(undo func(ctx context.Context)) (early func(ctx context.Context)) {
	o := m.owner
	o.mu.Lock()
	defer o.mu.Unlock()
	id := o.next
	o.next++
	o.undos[id] = undo
	return func(ctx context.Context) {
		o.mu.Lock()
		_, there := o.undos[id]
		delete(o.undos, id)
		o.mu.Unlock()
		if there {
			undo(ctx)
		}
	}
}

// undoLater is onUnload for what needs no context.
func (m *Module) undoLater(undo func()) (early func()) {
	remove := m.onUnload(func(context.Context) { undo() })
	return func() { remove(context.Background()) }
}

// Undo ends the instance: everything it registered is removed, newest first.
func (m *Module) Undo(ctx context.Context) {
	m.unloaded.Store(true)
	m.mu.Lock()
	undos := m.undos
	m.undos = map[int]func(context.Context){}
	m.mu.Unlock()
	ids := slices.Sorted(maps.Keys(undos))
	for _, id := range slices.Backward(ids) {
		undos[id](ctx)
	}
}

func (m *Module) Hook(event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.HookOn(m.Bus(), event, priority, h)
}

func (m *Module) HookGlobal(event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.HookOn(m.GlobalBus(), event, priority, h)
}

func (m *Module) HookOn(bus sdk.Bus, event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.undoLater(bus.Add(m.hook(event, priority, h)))
}

// Serve is Hook: within the server's process there is nobody to spare the waiting.
func (m *Module) Serve(event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.Hook(event, priority, h)
}

// Keep keeps nothing: what is in the server's process dies with it.
func (m *Module) Keep(string, any)     {}
func (m *Module) Kept() map[string]any { return nil }

// HookDelivery registers the core's own last step for a stanza (sdk.Hook.Delivery).
func (m *Module) HookDelivery(event string, priority float64, h sdk.Handler) (unhook func()) {
	hook := m.hook(event, priority, h)
	hook.Delivery = true
	return m.undoLater(m.Bus().Add(hook))
}

func (m *Module) hook(event string, priority float64, h sdk.Handler) sdk.Hook {
	return sdk.Hook{Event: event, Priority: priority, Handler: h, Plugin: m.name, OnError: m.onError(event)}
}

// onError is what the operator chose for the plugin; but where nobody can be refused anything, one that fails must not keep others from
// hearing of it.
func (m *Module) onError(event string) sdk.OnError {
	switch event {
	case "stream-features", "resource-unbind", "authentication-success", "authentication-failure", "c2s-closed", "presence/initial",
		"user-registered", "user-deleted", "user-password-changed", "user-enabled", "user-disabled", "user-role-changed",
		"host-activated", "host-deactivated", "hosts-activated", "module-loaded", "module-unloaded", "module-reloaded",
		"server-starting", "server-started", "server-stopping", "server-cleanup", "server-stopped", "reloading-config", "config-reloaded",
		"stats-update":
		return sdk.Continue
	}
	return m.srv.Options.OnError(m.name)
}

func (m *Module) Wrap(event string, w sdk.Wrapper) (unwrap func()) {
	return m.WrapOn(m.Bus(), event, w)
}

func (m *Module) WrapOn(bus sdk.Bus, event string, w sdk.Wrapper) (unwrap func()) {
	return m.undoLater(bus.Wrap(event, m.name, w))
}

func (m *Module) Fire(ctx context.Context, ev *sdk.Event) (any, error) {
	bus := m.Bus()
	if bus == nil {
		return nil, fmt.Errorf("firing %q: no host %q", ev.Name, m.host)
	}
	return bus.Fire(ctx, ev)
}

func (m *Module) Send(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	if origin == nil {
		origin = m.srv.Hosts.Origin(m.host)
	}
	return m.srv.Router.Post(sdk.WithChain(ctx), origin, st)
}

func (m *Module) Broadcast(ctx context.Context, to []string, st *stanza.Element) error {
	return m.srv.Router.Broadcast(sdk.WithChain(ctx), m.host, to, st)
}

func (m *Module) SendEach(ctx context.Context, to string, list iter.Seq[*stanza.Printed]) error {
	return m.srv.Router.SendEach(sdk.WithChain(ctx), m.host, to, list)
}

func (m *Module) Option(name string) any         { return m.srv.Options.Option(m.host, name) }
func (m *Module) OptionAt(host, name string) any { return m.srv.Options.OptionAt(host, name) }

func (m *Module) OpenStore(ctx context.Context, name, kind string) (any, error) {
	if m.host == Global {
		return nil, ErrGlobalStorage
	}
	if name == "" {
		name = m.name
	}
	if kind == "" {
		kind = sdk.KindKeyval
	}
	m.owner.opened(name)
	return m.srv.Stores.Open(ctx, m.host, name, kind)
}

func (m *Module) opened(store string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !slices.Contains(m.stores, store) {
		m.stores = append(m.stores, store)
	}
}

// Stores are the names of the stores that the instance has opened.
func (m *Module) Stores() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.stores)
}

func (m *Module) Depends(ctx context.Context, name string, soft bool) (sdk.Plugin, error) {
	return m.srv.Depend.Depends(ctx, m.owner, name, soft)
}

var _ sdk.Module = (*Module)(nil)
