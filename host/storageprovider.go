package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"quatrain/host/internal/luabridge"
	"quatrain/host/internal/storage"
	"quatrain/sdk"
)

// storageItem is the key of the items that are storage drivers.
const storageItem = "storage-provider"

// storageProviders are the storage drivers that plugins provide, by host. The plugin storage_NAME is loaded when NAME is first asked for.
type storageProviders struct {
	srv *Server

	mu      sync.Mutex // guards the rest; nothing is called under it
	drivers map[providerKey]provided
	loading map[providerKey]*sync.Mutex
	failed  map[providerKey]error // until another driver of the host comes
}

type providerKey struct{ host, name string }

type provided struct {
	item   any
	driver storage.Driver
}

func newStorageProviders(srv *Server) *storageProviders {
	return &storageProviders{srv: srv, drivers: map[providerKey]provided{}, loading: map[providerKey]*sync.Mutex{}, failed: map[providerKey]error{}}
}

// addHost listens to the plugins of a host.
func (p *storageProviders) addHost(host string, bus sdk.Bus) {
	hook := func(event string, f func(host string, item any)) {
		bus.Add(sdk.Hook{Event: event + storageItem, Plugin: "storage", OnError: sdk.Continue, Handler: func(_ context.Context, ev *sdk.Event) (any, error) {
			f(host, ev.Get("item"))
			return nil, nil
		}})
	}
	hook("item-added/", p.added)
	hook("item-removed/", p.removed)
}

func (p *storageProviders) added(host string, item any) {
	d := p.srv.bridge.StorageProvider(item)
	if d == nil {
		p.srv.log.Error("a storage driver has to be a table of a Lua module that runs in the server's process", "host", host)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drivers[providerKey{host, d.Name()}] = provided{item, scriptDriver{d, p.srv.log.With("host", host)}}
	clear(p.failed)
}

func (p *storageProviders) removed(host string, item any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, d := range p.drivers {
		if k.host == host && d.item == item {
			delete(p.drivers, k)
		}
	}
}

// removeHost forgets what failed on a host.
func (p *storageProviders) removeHost(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k := range p.failed {
		if k.host == host {
			delete(p.failed, k)
		}
	}
}

// tryAgain forgets what failed on all hosts.
func (p *storageProviders) tryAgain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.failed)
}

func (p *storageProviders) known(k providerKey) (storage.Driver, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if d, ok := p.drivers[k]; ok {
		return d.driver, nil
	}
	return nil, p.failed[k]
}

// find is the driver of a name on a host.
func (p *storageProviders) find(ctx context.Context, host, name string) (storage.Driver, error) {
	k := providerKey{host, name}
	if d, err := p.known(k); d != nil || err != nil {
		return d, err
	}
	lock := p.lock(k)
	sdk.Lock(ctx, lock)
	defer lock.Unlock()
	if d, err := p.known(k); d != nil || err != nil {
		return d, err
	}
	_, err := p.srv.plugins.Load(sdk.WithChain(ctx), host, "storage_"+name)
	d, _ := p.known(k)
	if d != nil {
		return d, nil
	}
	if err == nil {
		err = errors.New("it provides no storage of this name")
	}
	err = fmt.Errorf("plugin storage_%s: %w", name, err)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed[k] = err
	return nil, err
}

func (p *storageProviders) lock(k providerKey) *sync.Mutex {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.loading[k] == nil {
		p.loading[k] = &sync.Mutex{}
	}
	return p.loading[k]
}

// scriptDriver is the driver of a Lua module, which knows its host.
type scriptDriver struct {
	*luabridge.StorageProvider
	log *slog.Logger
}

func (d scriptDriver) Open(ctx context.Context, _, store, kind string) (any, error) {
	return d.StorageProvider.Open(ctx, store, kind)
}

func (d scriptDriver) Purge(ctx context.Context, _, user string) error {
	err := d.StorageProvider.Purge(ctx, user)
	if errors.Is(err, sdk.ErrUnsupported) {
		d.log.Warn("a storage driver cannot remove what a user has; it has to be deleted by hand", "driver", d.Name(), "username", user)
		return nil
	}
	if err != nil {
		return fmt.Errorf("storage driver %q: %w", d.Name(), err)
	}
	return nil
}

func (d scriptDriver) Stores(ctx context.Context, _, user string) ([]string, error) {
	return d.StorageProvider.Stores(ctx, user)
}

// Close has nothing to do: the module ends with its host.
func (scriptDriver) Close() error { return nil }

// openStores opens the stores of plugins.
type openStores struct{ srv *Server }

func (s openStores) Open(ctx context.Context, host, name, kind string) (any, error) {
	return s.srv.openStore(ctx, host, name, kind)
}

// openStore opens a store for whoever wants one, and tells the plugins of the host.
func (srv *Server) openStore(ctx context.Context, host, name, kind string) (any, error) {
	store, err := srv.stores.Open(ctx, host, name, kind)
	if err != nil {
		return nil, err
	}
	if bus := srv.bus(host); bus != nil && bus.Has("store-opened") {
		return srv.bridge.StoreOpened(sdk.WithChain(ctx), bus, host, name, kind, store)
	}
	return store, nil
}
