package luabridge

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// Console runs Lua outside of modules, for the command line: in an environment like a module's, which lasts, but without a module object.
type Console struct {
	b   *Bridge
	env *lua.LTable
}

// NewConsole makes one whose global "arg" is the list args, with name at index 0.
func (b *Bridge) NewConsole(ctx context.Context, name string, args []string) *Console {
	t := b.in.Enter(ctx)
	defer t.Leave()
	env, arg := b.newEnvironment(), t.L.NewTable()
	arg.RawSetInt(0, lua.LString(name))
	for i, a := range args {
		arg.RawSetInt(i+1, lua.LString(a))
	}
	env.RawSetString("arg", arg)
	return &Console{b, env}
}

// Run runs a chunk and returns its results as tostring shows them. chunkname is as for load: "@file" or "=name". Errors are those of the
// compiler, or have a traceback.
func (c *Console) Run(ctx context.Context, src []byte, chunkname string) ([]string, error) {
	chain := sdk.NewChain(ctx)
	t := c.b.in.Enter(chain)
	defer t.Leave()
	fn, err := c.b.in.Load(src, chunkname, c.env)
	if err != nil {
		return nil, err
	}
	results, err := c.b.in.Call(chain, fn, lua.MultRet)
	if err != nil {
		return nil, err
	}
	shown := make([]string, len(results))
	for i, v := range results {
		shown[i] = compat.ToString(t.L, v)
	}
	return shown, nil
}
