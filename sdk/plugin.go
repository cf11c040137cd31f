package sdk

import "context"

// Plugin is one instance of a plugin on one host. Everything it does goes through its Module, so that unloading undoes it.
type Plugin interface {
	// Load is called once, before the instance sees any event. An error leaves the plugin unloaded; other plugins are unaffected.
	Load(ctx context.Context, m Module) error
}

// Saver is implemented by plugins that hand state to their successor when they are reloaded.
type Saver interface {
	Save(ctx context.Context) (any, error)
}

// Restorer receives what the predecessor saved, nil if it saved nothing.
type Restorer interface {
	Restore(ctx context.Context, state any) error
}

// Readier is told when the server has started, or right after loading if it already has.
type Readier interface {
	Ready(ctx context.Context) error
}

// Unloader is told before the instance's hooks, items and timers are removed.
type Unloader interface {
	Unload(ctx context.Context) error
}

// HostAdder is implemented by shared plugins: global ones that also serve the hosts they are enabled on. AddHost is called for each
// of them with a module of that host; an error refuses the host.
type HostAdder interface {
	AddHost(ctx context.Context, m Module) error
}

// HostRemover is a HostAdder that is told before what it did for a host is removed. m is the module that AddHost was given.
type HostRemover interface {
	RemoveHost(ctx context.Context, m Module) error
}

// Heir is a Restorer that wants to know before Load what its predecessor saved, nil if it saved nothing.
type Heir interface {
	Inherit(state any)
}
