// Package moduleapi implements sdk.Module: the server as one plugin instance sees it. Everything an instance registers is remembered
// and undone when it is unloaded.
package moduleapi

import (
	"context"
	"iter"
	"log/slog"

	"quatrain/host/internal/metric"
	"quatrain/host/internal/permission"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Global is the name under which global modules and options stand.
const Global = "*"

// Server is what modules stand on. All fields are immutable and required.
type Server struct {
	Hosts   Hosts
	Router  Router
	Options Options
	Stores  Stores
	Depend  Depender
	Items   *Items
	Grants  *permission.Grants
	Roles   *permission.Stored
	Metrics *metric.Registry
	Log     *slog.Logger
}

// Hosts knows the hosts of the server.
type Hosts interface {
	// Bus is the bus of a host, the global one for "*", nil for a host that is not ours.
	Bus(host string) sdk.Bus
	// Type is the kind of a host; ok is false for a host that is not ours.
	Type(host string) (t sdk.HostType, ok bool)
	// Origin is the host itself as the origin of stanzas.
	Origin(host string) sdk.Session
}

// Router sends what modules send.
type Router interface {
	Post(ctx context.Context, origin sdk.Session, st *stanza.Element) error
	Broadcast(ctx context.Context, host string, to []string, st *stanza.Element) error
	SendEach(ctx context.Context, host, to string, list iter.Seq[*stanza.Printed]) error
}

// Options is the configuration.
type Options interface {
	// Option looks on the host, then globally; OptionAt only in the one section. Values as sdk.Module.Option's.
	Option(host, name string) any
	OptionAt(host, name string) any
	// OnError is what the operator chose for failing handlers of a plugin.
	OnError(plugin string) sdk.OnError
}

// Stores opens stores.
type Stores interface {
	Open(ctx context.Context, host, name, kind string) (any, error)
}

// Depender loads what another module depends on.
type Depender interface {
	Depends(ctx context.Context, m *Module, name string, soft bool) (sdk.Plugin, error)
}
