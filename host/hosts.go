package host

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"quatrain/host/internal/config"
	"quatrain/host/internal/event"
	"quatrain/sdk"
)

// hosts answers for the hosts of the server.
type hosts struct{ srv *Server }

// Bus is the bus of a host, the global one for "*", nil for a host that is not ours.
func (h hosts) Bus(host string) sdk.Bus {
	if host == config.Global {
		return h.srv.global
	}
	if b := h.srv.bus(host); b != nil {
		return b
	}
	return nil
}

func (h hosts) Type(host string) (t sdk.HostType, ok bool) {
	if x := h.srv.router.Host(host); x != nil {
		return x.HostType(), true
	}
	return "", false
}

// Origin is the host as the origin of stanzas; nil for one that is not ours.
func (h hosts) Origin(host string) sdk.Session { return h.srv.router.Origin(host) }

func (srv *Server) bus(host string) *event.Bus {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	return srv.buses[host]
}

// activate begins to serve a host: its bus, its accounts, its plugins.
func (srv *Server) activate(ctx context.Context, h config.Host) error {
	if srv.router.Host(h.Name) != nil {
		return fmt.Errorf("host %q is active already", h.Name)
	}
	chain := sdk.WithChain(ctx)
	if err := srv.addHost(chain, h); err != nil {
		return errors.Join(err, srv.deactivate(ctx, h.Name))
	}
	srv.global.Fire(chain, sdk.NewEvent("host-activated", "host", h.Name))
	for _, name := range srv.cfg.Load().Modules(h.Name, builtin(h.Type)) {
		srv.plugins.Load(chain, h.Name, name) // a plugin that fails is logged, and the others run
	}
	return nil
}

// addHost makes a host ours: its bus and its accounts, no other plugins.
func (srv *Server) addHost(ctx context.Context, h config.Host) error {
	bus := event.NewBus(srv.log.With("host", h.Name), srv.errors.count)
	srv.changes.follow(bus)
	srv.mu.Lock()
	srv.buses[h.Name] = bus
	srv.mu.Unlock()
	srv.router.AddHost(h.Name, h.Type, bus)
	srv.providers.addHost(h.Name, bus)
	srv.useRoles(ctx, h.Name)
	if h.Type != sdk.HostLocal {
		return nil
	}
	authentication := srv.cfg.Load().Reader(h.Name).String("authentication")
	srv.users.AddHost(h.Name, bus, authentication)
	if _, err := srv.plugins.Load(ctx, h.Name, "auth_"+authentication); err != nil {
		return fmt.Errorf("the accounts of host %q: %w", h.Name, err)
	}
	return nil
}

// deactivate ends a host's sessions and plugins.
func (srv *Server) deactivate(ctx context.Context, host string) error {
	if srv.router.Host(host) == nil {
		return fmt.Errorf("host %q is not active", host)
	}
	chain := sdk.WithChain(ctx)
	srv.c2s.CloseHost(chain, host, hostGone())
	for s := range srv.router.Sessions() {
		if s.Host() == host {
			s.Close(chain, hostGone())
			srv.router.Unbind(chain, s, nil)
		}
	}
	for _, i := range slices.Backward(srv.plugins.Instances(host)) {
		srv.plugins.Unload(chain, host, i.Name)
	}
	srv.global.Fire(chain, sdk.NewEvent("host-deactivated", "host", host))
	srv.users.RemoveHost(host)
	srv.providers.removeHost(host)
	srv.roles.Use(host, nil)
	srv.router.RemoveHost(host)
	srv.mu.Lock()
	delete(srv.buses, host)
	srv.mu.Unlock()
	return nil
}
