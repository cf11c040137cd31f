package host

import (
	"context"

	"quatrain/host/internal/luabridge"
	"quatrain/sdk"
)

// LoadPlugin loads a plugin on a host ("*": for the whole server). It is for whoever looks at plugins; a server loads those of its configuration.
func (srv *Server) LoadPlugin(ctx context.Context, host, name string) error {
	return srv.loadPlugin(sdk.WithChain(ctx), host, name)
}

// SetOption changes an option of a host, or a global one ("*"), until the configuration is read again.
func (srv *Server) SetOption(host, name string, value any) error {
	return srv.cfg.Load().Set(host, name, value)
}

// Examine says of a Lua module what can be said without running it.
func (srv *Server) Examine(ctx context.Context, name string) (*luabridge.Examination, error) {
	return srv.bridge.Examine(ctx, name)
}
