// Package routertest is a server for the tests of what handles stanzas: hosts with plugins and stores in memory, and clients without a
// network, whose stanzas are handled when Send returns.
package routertest

import (
	"context"
	"log/slog"
	"testing"

	"quatrain/host/internal/event"
	"quatrain/host/internal/metric"
	"quatrain/host/internal/moduleapi"
	"quatrain/host/internal/permission"
	"quatrain/host/internal/router"
	"quatrain/host/internal/session"
	"quatrain/host/internal/storage/memory"
	"quatrain/sdk"
)

// Server is a router with what plugins need around it.
type Server struct {
	Router *router.Router
	Stores *memory.Driver
	// Accounts are the bare JIDs that exist.
	Accounts map[string]bool
	// Options are those of all hosts.
	Options map[string]any

	t      testing.TB
	global *event.Bus
	buses  map[string]*event.Bus
	api    *moduleapi.Server
}

// New makes a server that serves hosts, as VirtualHosts.
func New(t testing.TB, hosts ...string) *Server {
	log := slog.New(slog.DiscardHandler)
	srv := &Server{t: t, Stores: memory.New(nil), Accounts: map[string]bool{}, Options: map[string]any{},
		global: event.NewBus(log, nil), buses: map[string]*event.Bus{}}
	srv.Router = router.New(srv.global, log)
	srv.api = &moduleapi.Server{Hosts: srv, Router: srv.Router, Options: srv.options(), Stores: srv.Stores, Items: moduleapi.NewItems(),
		Grants: permission.NewGrants(), Metrics: metric.NewRegistry(), Log: log}
	for _, h := range hosts {
		srv.AddHost(h, sdk.HostLocal)
	}
	return srv
}

// AddHost makes a host ours.
func (srv *Server) AddHost(name string, t sdk.HostType) *event.Bus {
	bus := event.NewBus(slog.New(slog.DiscardHandler), nil)
	srv.buses[name] = bus
	srv.Router.AddHost(name, t, bus)
	return bus
}

// Load loads a plugin on a host.
func (srv *Server) Load(host, name string, p sdk.Plugin) {
	srv.t.Helper()
	if err := p.Load(srv.t.Context(), moduleapi.New(srv.api, name, host, false)); err != nil {
		srv.t.Fatalf("loading %q on %q: %v", name, host, err)
	}
}

// Hook registers a handler of the test's own.
func (srv *Server) Hook(host, name string, priority float64, h sdk.Handler) {
	srv.buses[host].Add(sdk.Hook{Event: name, Priority: priority, Plugin: "test", Handler: h})
}

// Bus is the bus of a host (moduleapi.Hosts).
func (srv *Server) Bus(host string) sdk.Bus {
	if host == moduleapi.Global {
		return srv.global
	}
	return srv.buses[host]
}

func (srv *Server) Type(host string) (sdk.HostType, bool) {
	h := srv.Router.Host(host)
	if h == nil {
		return "", false
	}
	return h.HostType(), true
}

func (srv *Server) Origin(host string) sdk.Session { return srv.Router.Host(host) }

// OpenKeyval opens a store as the core does.
func (srv *Server) OpenKeyval(ctx context.Context, host, store string) (sdk.Keyval, error) {
	s, err := srv.Stores.Open(ctx, host, store, sdk.KindKeyval)
	if err != nil {
		return nil, err
	}
	return s.(sdk.Keyval), nil
}

// Sessions is the session table as plugins see it, and who exists.
func (srv *Server) Sessions() Sessions { return Sessions{srv} }

// Sessions finds sessions and accounts.
type Sessions struct{ srv *Server }

func (s Sessions) Find(full string) sdk.Session {
	if found := s.srv.Router.Session(full); found != nil {
		return found
	}
	return nil
}

func (s Sessions) Top(bare string) []sdk.Session { return asSessions(s.srv.Router.TopSessions(bare)) }
func (s Sessions) Of(bare string) []sdk.Session  { return asSessions(s.srv.Router.UserSessions(bare)) }

func (s Sessions) Available(bare string) (list []sdk.Session) {
	for _, one := range s.srv.Router.UserSessions(bare) {
		if p, priority := one.Presence(); p != nil && priority >= 0 {
			list = append(list, one)
		}
	}
	return list
}

func (s Sessions) Exists(_ context.Context, username, host string) (bool, error) {
	return s.srv.Accounts[username+"@"+host], nil
}

func asSessions(sessions []*session.Session) (list []sdk.Session) {
	for _, s := range sessions {
		list = append(list, s)
	}
	return list
}

type options struct{ srv *Server }

func (srv *Server) options() options { return options{srv} }

func (o options) Option(_, name string) any   { return o.srv.Options[name] }
func (o options) OptionAt(_, name string) any { return o.srv.Options[name] }
func (o options) OnError(string) sdk.OnError  { return sdk.Reject }
