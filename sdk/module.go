package sdk

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"quatrain/xmpp/stanza"
)

// HostType is the kind of host a module is loaded on.
type HostType string

const (
	HostLocal     HostType = "local"
	HostComponent HostType = "component"
	HostGlobal    HostType = "global"
)

// Module is what a plugin instance sees of the server. All of it may be used from Load until the instance is unloaded, from any
// goroutine; what was registered through it is undone when the instance is unloaded.
type Module interface {
	// Name is the plugin's name, without prefix.
	Name() string
	// Host is the domain the instance serves, "*" for a global one.
	Host() string
	HostType() HostType
	// Logger carries host and plugin.
	Logger() *slog.Logger
	// SetGlobal makes the instance a global one. Only while loading.
	SetGlobal()
	// Reloading is true while a successor loads; it then gets what its predecessor saved.
	Reloading() bool
	// Loaded is false once the instance has been unloaded.
	Loaded() bool

	// Bus is the host's event bus (the global one for global modules), GlobalBus the server's. Register through Hook and friends,
	// not on the bus itself, which knows nothing of unloading.
	Bus() Bus
	GlobalBus() Bus
	// Hook registers on the module's host; HookGlobal on the global bus; HookOn on any. The returned function unhooks early.
	Hook(event string, priority float64, h Handler) (unhook func())
	HookGlobal(event string, priority float64, h Handler) (unhook func())
	HookOn(bus Bus, event string, priority float64, h Handler) (unhook func())
	// Serve is Hook for the stanzas that this plugin is there for, such as those to a component's rooms: where the plugin runs in a process
	// of its own, the sender does not wait for the handler. Stanzas to one bare JID are handled in order, others beside them.
	Serve(event string, priority float64, h Handler) (unhook func())
	Wrap(event string, w Wrapper) (unwrap func())
	WrapOn(bus Bus, event string, w Wrapper) (unwrap func())
	// Fire fires on the module's bus.
	Fire(ctx context.Context, ev *Event) (any, error)

	// Send routes a stanza as from the module's host: st must have "from" and "to". origin may be nil (the host itself).
	Send(ctx context.Context, origin Session, st *stanza.Element) error
	// Broadcast sends st to each of the JIDs: the fan-out primitive, one serialisation for all recipients.
	Broadcast(ctx context.Context, to []string, st *stanza.Element) error
	// SendEach sends stanzas to one JID, in order, each as Broadcast does: what somebody gets many of that others have got, too, such as who
	// else is in a room. They must have "from".
	SendEach(ctx context.Context, to string, list iter.Seq[*stanza.Printed]) error
	// SendIQ sends a request and calls done exactly once, with the event that holds the reply, or with a *stanza.Error: that of an
	// error reply, remote-server-timeout after timeout (0: 120 s), conflict for an id that is pending, resource-constraint for the
	// oldest when more than 256 are pending.
	SendIQ(ctx context.Context, origin Session, st *stanza.Element, timeout time.Duration, done func(ctx context.Context, reply *Event, err error))

	// Option is the raw value of a configuration option: bool, float64, string, []any, map[string]any, nil if unset. It is looked up
	// on the host, then globally.
	Option(name string) any
	// OptionAt is Option of one section only: the module's host, or "*".
	OptionAt(host, name string) any

	// AddItem offers a value, which must be comparable, under a key; handlers of item-added/KEY see it.
	AddItem(ctx context.Context, key string, value any)
	RemoveItem(ctx context.Context, key string, value any)
	// Items are those of all modules of the host, in order of adding.
	Items(key string) []any

	// OpenStore opens the store of the name (the module's own if "") as one of the store kinds; the value implements that kind's
	// interface. Global modules have no stores.
	OpenStore(ctx context.Context, name, kind string) (any, error)

	// Keep holds a value (as a store's) in the server's memory for the plugin that takes this one's place after its process has died; nil
	// lets go of it. Kept are the values that a predecessor left. Both are empty for a plugin in the server's process and after Unload.
	Keep(key string, value any)
	Kept() map[string]any

	// AddTimer calls f after d. If f returns more than 0, it is called again after that.
	AddTimer(d time.Duration, f func(ctx context.Context) time.Duration) Timer

	// Depends makes sure that another plugin is loaded on the host (or globally) and returns its instance, which is an Exporter if it offers
	// anything. The two are coupled: when that one is reloaded or unloaded, so is this one. With soft, a plugin the operator disabled is
	// (nil, nil).
	Depends(ctx context.Context, name string, soft bool) (Plugin, error)

	// Context is a view of this module bound to another host, for options, stores, events and permissions there.
	Context(host string) Module

	// DefaultPermission grants an action (":" at its start stands for the module's name) to a role and those above it, until the module is
	// unloaded.
	DefaultPermission(role, action string)
	// May tells whether an actor is permitted an action; denials are logged unless quiet.
	May(ctx context.Context, action string, actor Actor, quiet bool) bool

	SetStatus(ctx context.Context, status Status, text string, override bool)
	Status() (status Status, text string, since time.Time)

	// Metric is a family of measurements under the module's name; kinds are "gauge", "counter", "histogram".
	Metric(kind, name, unit, description string, labels ...string) MetricFamily
}

// Actor is who wants something: by session, or by JID.
type Actor struct {
	Session Session
	JID     string
}

// Status of a module, worst last.
type Status string

const (
	StatusCore  Status = "core"
	StatusInfo  Status = "info"
	StatusWarn  Status = "warn"
	StatusError Status = "error"
)

// Timer is a running timer.
type Timer interface {
	Stop()
	// Reschedule lets it fire d from now.
	Reschedule(d time.Duration)
}

// MetricFamily is one metric with its labels.
type MetricFamily interface {
	With(labels ...string) Metric
}

// Metric is one series.
type Metric interface {
	Set(v float64)
	Add(v float64)
	Sample(v float64)
}
