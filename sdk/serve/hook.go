package serve

import (
	"context"

	"quatrain/sdk"
	"quatrain/sdk/wire"
)

// Bus and GlobalBus are this process's own: they know the hooks of the plugin and ask the server about others'.
func (m *module) Bus() sdk.Bus       { return moduleBus{m.process.bus(m.Host()), m} }
func (m *module) GlobalBus() sdk.Bus { return moduleBus{m.process.bus("*"), m} }

func (m *module) Hook(event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.hook(m.Host(), event, priority, h, false)
}

func (m *module) HookGlobal(event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.hook("*", event, priority, h, false)
}

func (m *module) HookOn(b sdk.Bus, event string, priority float64, h sdk.Handler) (unhook func()) {
	return b.Add(sdk.Hook{Event: event, Priority: priority, Handler: h, Plugin: m.Name()})
}

func (m *module) Serve(event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.hook(m.Host(), event, priority, h, true)
}

func (m *module) hook(host, event string, priority float64, h sdk.Handler, serve bool) (unhook func()) {
	own := &ownHook{number: m.number(), priority: priority, handler: h}
	b := m.process.bus(host)
	b.add(event, own)
	m.tell("Hook", float64(own.number), host, event, priority, wire.Handler(h), serve)
	return func() {
		if b.remove(event, own) {
			m.tell("Unhook", float64(own.number))
		}
	}
}

func (m *module) Wrap(event string, w sdk.Wrapper) (unwrap func()) {
	return m.wrap(m.Host(), event, w)
}

func (m *module) WrapOn(b sdk.Bus, event string, w sdk.Wrapper) (unwrap func()) {
	return b.Wrap(event, m.Name(), w)
}

func (m *module) wrap(host, event string, w sdk.Wrapper) (unwrap func()) {
	number := m.number()
	b := m.process.bus(host)
	b.wrapped(event, 1)
	m.tell("Wrap", float64(number), host, event, sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
		a := wire.Args(args)
		ev, _ := a.At(0).(*sdk.Event)
		next, ok := a.At(1).(sdk.Function)
		if ev == nil || !ok {
			return nil, errNoNext
		}
		result, err := w(ctx, ev, func(ctx context.Context, ev *sdk.Event) (any, error) { return wire.Handle(ctx, next, ev, "") })
		return []any{result}, err
	}))
	done := false
	return func() {
		if !done {
			done = true
			b.wrapped(event, -1)
			m.tell("Unhook", float64(number))
		}
	}
}
