package luabridge

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// luaHook marks a hook (sdk.Hook.Tag) whose handler is a Lua function of this bridge.
type luaHook struct {
	b  *Bridge
	fn *lua.LFunction
}

// marking is a bus on which what is hooked gets a mark.
type marking struct {
	sdk.DirectBus
	mark *luaHook
}

func (m marking) Add(h sdk.Hook) (remove func()) {
	h.Tag = m.mark
	return m.DirectBus.Add(h)
}

// marked is the bus to hook fn on.
func (b *Bridge) marked(bus sdk.Bus, fn *lua.LFunction) sdk.Bus {
	if direct, ok := bus.(sdk.DirectBus); ok {
		return marking{direct, &luaHook{b, fn}}
	}
	return bus
}

// fire fires an event for Lua; a failed handler is raised as an error.
func (b *Bridge) fire(L *lua.LState, bus sdk.Bus, name string, data lua.LValue) int {
	direct, ok := bus.(sdk.DirectBus)
	var hooks []sdk.Hook
	if ok {
		hooks, ok = direct.Direct(name)
	}
	if ok && !isEvent(data) {
		return b.fireHere(L, direct, name, data, hooks)
	}
	if !bus.Has(name) {
		L.Push(lua.LNil)
		return 1
	}
	ctx := b.in.Context(L)
	result, err := bus.Fire(ctx, b.luaEvent(ctx, name, data))
	if err != nil {
		raise(L, err)
	}
	L.Push(b.toLua(result))
	return 1
}

// isEvent tells whether what Lua fires is an event that Go fired, passed on under another name.
func isEvent(data lua.LValue) bool {
	o, _ := compat.ObjectOf(data)
	_, is := o.(*eventObject)
	return is
}

// fireHere is fire where the bus tells how the event runs.
func (b *Bridge) fireHere(L *lua.LState, bus sdk.DirectBus, name string, data lua.LValue, hooks []sdk.Hook) int {
	result := lua.LValue(lua.LNil)
	if len(hooks) > 0 {
		var err error
		if result, err = b.run(b.in.Context(L), bus, name, data, hooks); err != nil {
			raise(L, err)
		}
	}
	L.Push(result)
	return 1
}

// run runs hooks as their bus would. Those that are Lua functions are called one after the other on one thread, and are given what was fired; only for
// others an event is made of it.
func (b *Bridge) run(ctx context.Context, bus sdk.DirectBus, name string, data lua.LValue, hooks []sdk.Hook) (lua.LValue, error) {
	t := b.in.Enter(ctx)
	defer func() { t.Leave() }()
	var others *sdk.Event
	for i := range hooks {
		own, ok := hooks[i].Tag.(*luaHook)
		if !ok || own.b != b {
			if others == nil {
				others = b.luaEvent(ctx, name, data)
			}
			others.Values().(*luaValues).refresh(others)
			if result, err := bus.Run(ctx, others, hooks[i:i+1]); result != nil || err != nil {
				return b.toLua(result), err
			}
			continue
		}
		t.L.Push(own.fn)
		t.L.Push(data)
		if err := t.PCall(1, 1); err != nil {
			if err = bus.Failed(&hooks[i], err); err != nil {
				return lua.LNil, err
			}
			t.Leave() // an error may have spoiled it
			t = b.in.Enter(ctx)
			continue
		}
		if result := t.L.Get(-1); result != lua.LNil {
			return result, nil
		}
		t.L.SetTop(0)
	}
	return lua.LNil, nil
}
