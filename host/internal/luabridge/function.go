package luabridge

import (
	"context"
	"errors"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// functionValue is the one Lua function that calls a function of another plugin.
func (b *Bridge) functionValue(f sdk.Function) lua.LValue {
	if own, ok := f.(*luaFunction); ok && own.b == b {
		return own.fn
	}
	return b.functions.of(f, func() *lua.LFunction {
		face := &functionFace{f}
		fn := b.in.State().NewFunction(func(L *lua.LState) int { return b.callFunction(L, "function", face.f, 1) })
		id, _ := identityOf(fn)
		b.origins.put(id, face)
		return fn
	})
}

// functionFace is what is behind a Lua function that calls another plugin; the function keeps it alive.
type functionFace struct{ f sdk.Function }

// arguments are those from n on as they cross runtimes.
func (b *Bridge) arguments(L *lua.LState, n int) []any {
	var args []any
	for top := L.GetTop(); n <= top; n++ {
		args = append(args, b.toGo(L.Get(n)))
	}
	return args
}

// callFunction calls a function of another plugin with the arguments from n on.
func (b *Bridge) callFunction(L *lua.LState, name string, f sdk.Function, n int) int {
	args, ctx := b.arguments(L, n), b.in.Context(L)
	return b.await(L, name, func() ([]any, error) { return f.Call(ctx, args...) })
}

// await returns to Lua what a call of another plugin returns. Others may run Lua meanwhile, or two chains that call each other's plugins
// would wait for each other.
func (b *Bridge) await(L *lua.LState, name string, call func() ([]any, error)) int {
	var results []any
	var err error
	b.in.Unlocked(L, func() { results, err = call() })
	if errors.Is(err, sdk.ErrGone) {
		b.forgetExports()
	}
	if err != nil {
		raise(L, fmt.Errorf("%s: %w", name, err))
	}
	for _, v := range results {
		L.Push(b.toLua(v))
	}
	return len(results)
}

// rowsValue is an iterator over rows, as for-in takes it.
func (b *Bridge) rowsValue(rows sdk.Rows) lua.LValue {
	return b.in.State().NewFunction(func(L *lua.LState) int {
		if len(rows) == 0 {
			L.Push(lua.LNil)
			return 1
		}
		row := rows[0]
		rows = rows[1:]
		for _, v := range row {
			L.Push(b.toLua(v))
		}
		return len(row)
	})
}

// luaFunction is a Lua function that other plugins call.
type luaFunction struct {
	b  *Bridge
	fn *lua.LFunction
}

// function is the one sdk.Function of a Lua function: that of another plugin if the Lua function stands for it.
func (b *Bridge) function(fn *lua.LFunction) sdk.Function {
	id, _ := identityOf(fn)
	if face := b.origins.find(id); face != nil {
		return face.f
	}
	return b.luaFunctions.of(fn, func() *luaFunction { return &luaFunction{b, fn} })
}

// Call implements sdk.Function.
func (f *luaFunction) Call(ctx context.Context, args ...any) ([]any, error) {
	return f.b.callLua(ctx, f.fn, args)
}

// callLua calls a Lua function from another plugin.
func (b *Bridge) callLua(ctx context.Context, fn lua.LValue, args []any) ([]any, error) {
	t := b.in.Enter(ctx)
	defer t.Leave()
	t.L.Push(fn)
	for _, v := range args {
		t.L.Push(b.toLua(v))
	}
	if err := t.PCall(len(args), lua.MultRet); err != nil {
		return nil, err
	}
	return b.arguments(t.L, 1), nil
}
