package host

import (
	"context"

	"quatrain/host/internal/luabridge"
)

// Console runs Lua in the environment that modules see, for the command line.
type Console struct {
	lua *luabridge.Console
}

// Console makes one; what scripts find in the global table arg are name (at 0) and args.
func (srv *Server) Console(ctx context.Context, name string, args []string) *Console {
	return &Console{srv.bridge.NewConsole(ctx, name, args)}
}

// Run runs a chunk and returns its results as tostring shows them. Globals stay for the next one. chunkname is Lua's: "@file" or "=name".
func (c *Console) Run(ctx context.Context, src []byte, chunkname string) ([]string, error) {
	return c.lua.Run(ctx, src, chunkname)
}
