// Package router knows the hosts and the sessions of this server and brings stanzas on their way (RFC 6120 §10, RFC 6121 §8): it decides
// by address only and leaves what happens to the handlers of events.
//
// The session table and the question who owns a host are the doors to a server of several nodes; here both are local.
package router

import (
	"log/slog"
	"maps"
	"slices"
	"sync"

	"quatrain/sdk"
)

// Bus is a host's bus, and whether an event is hooked by nobody but the core's delivery.
type Bus interface {
	sdk.Bus
	OnlyDelivery(event string) bool
}

// Router implements the local session table and routing. Safe for concurrent use.
type Router struct {
	log    *slog.Logger
	global sdk.Bus
	table  table
	heard  audiences
	late   lateStanzas

	mu    sync.RWMutex // guards hosts
	hosts map[string]*Host
}

// New has no hosts yet. global is where events that belong to no host are fired.
func New(global sdk.Bus, log *slog.Logger) *Router {
	return &Router{log: log, global: global, hosts: map[string]*Host{}, late: newLateStanzas()}
}

// AddHost makes a host ours.
func (r *Router) AddHost(name string, t sdk.HostType, bus Bus) *Host {
	h := &Host{router: r, name: name, typ: t, bus: bus}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hosts[name] = h
	return h
}

// RemoveHost gives a host up. Its sessions are the caller's to end.
func (r *Router) RemoveHost(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.hosts, name)
}

// Host is a host of ours, or nil.
func (r *Router) Host(name string) *Host {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.hosts[name]
}

// Origin is a host of ours as the origin of stanzas, or nil.
func (r *Router) Origin(name string) sdk.Session {
	if h := r.Host(name); h != nil {
		return h
	}
	return nil
}

// Hosts are the names of all hosts, sorted.
func (r *Router) Hosts() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Sorted(maps.Keys(r.hosts))
}
