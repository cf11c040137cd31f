package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"

	"quatrain/sdk"
	"quatrain/sdk/wire"
)

// bus is a host's bus as this process sees it: the plugin's own hooks, and for events that were asked about those of others.
type bus struct {
	*process
	host string

	mu     sync.Mutex // guards the rest
	events map[string]*happening
	asked  int
}

// maxAsked is how many events the server is asked to tell about. Further ones, which a plugin may make up without end, are fired there.
const maxAsked = 4096

// happening is what is known about one event.
type happening struct {
	own     []*ownHook
	wraps   int  // of our own
	known   bool // whether the server has told about the others
	others  []sdk.Hook
	wrapped bool
	plan    []step // nil if it must be made anew
}

// ownHook is a hook of this plugin.
type ownHook struct {
	number   uint64
	priority float64
	order    uint64 // at the server; 0 if it has not said yet, which is later than all it has
	handler  sdk.Handler
	goesOn   bool // whether the event goes on if the handler fails
}

// step is a part of an event's way: a handler of ours, or handlers of others.
type step struct {
	own    *ownHook
	orders []any
}

var errNoNext = errors.New("a wrapper was called without an event or without what it wraps")

func (b *bus) event(name string) *happening {
	h := b.events[name]
	if h == nil {
		h = &happening{}
		b.events[name] = h
	}
	return h
}

func (b *bus) add(event string, own *ownHook) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.event(event)
	h.own, h.plan = append(h.own, own), nil
}

func (b *bus) remove(event string, own *ownHook) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.event(event)
	at := slices.Index(h.own, own)
	if at < 0 {
		return false
	}
	h.own, h.plan = slices.Delete(slices.Clone(h.own), at, at+1), nil
	b.tidy(event, h)
	return true
}

// tidy forgets an event that nothing is known about.
func (b *bus) tidy(event string, h *happening) {
	if len(h.own) == 0 && h.wraps == 0 && !h.known {
		delete(b.events, event)
	}
}

func (b *bus) wrapped(event string, by int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.event(event)
	h.wraps += by
	b.tidy(event, h)
}

// learn takes what the server tells about an event: rows of order, priority, the number of a hook of ours, and whether it refuses.
func (b *bus) learn(event string, rows sdk.Rows, wrapped bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.event(event)
	h.known, h.wrapped, h.others, h.plan = true, wrapped, nil, nil
	for _, row := range rows {
		a := wire.Args(row)
		order := uint64(a.Number(0))
		if a.At(2) == nil {
			h.others = append(h.others, sdk.Hook{Event: event, Priority: a.Number(1), Order: order})
			continue
		}
		for _, own := range h.own {
			if own.number == uint64(a.Number(2)) {
				own.order, own.goesOn = order, !a.Bool(3)
			}
		}
	}
}

// ways is how an event goes: by its plan, or all at the server.
func (b *bus) ways(ctx context.Context, via *module, event string) (plan []step, away bool) {
	b.mu.Lock()
	h := b.events[event]
	if h != nil && h.known {
		defer b.mu.Unlock()
		return h.planned(), h.wrapped || h.wraps > 0 || b.everythingWrapped()
	}
	full := b.asked >= maxAsked
	if !full {
		b.asked++
	}
	b.mu.Unlock()
	if full {
		return nil, true
	}
	if _, err := via.ask(ctx, "Watch", b.host, event); err != nil {
		via.complain("Watch", err)
		return nil, true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	h = b.event(event)
	return h.planned(), !h.known || h.wrapped || h.wraps > 0 || b.everythingWrapped()
}

// has is whether anybody would see an event, if that is known.
func (b *bus) has(event string) (has, known bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.events[event]
	if h == nil || !h.known {
		return false, false
	}
	return len(h.planned()) > 0 || h.wrapped || h.wraps > 0 || b.everythingWrapped(), true
}

func (b *bus) everythingWrapped() bool {
	all := b.events[""]
	return all != nil && all.wraps > 0
}

// planned is the plan. It is never changed, only replaced.
func (h *happening) planned() []step {
	if h.plan != nil {
		return h.plan
	}
	type one struct {
		hook sdk.Hook
		own  *ownHook
	}
	var all []one
	for _, o := range h.own {
		hook := sdk.Hook{Priority: o.priority, Order: o.order}
		if o.order == 0 {
			hook.Order = 1<<63 + o.number
		}
		all = append(all, one{hook, o})
	}
	for _, o := range h.others {
		all = append(all, one{o, nil})
	}
	slices.SortFunc(all, func(x, y one) int {
		if x.hook.Before(y.hook) {
			return -1
		}
		return 1
	})
	h.plan = []step{}
	for _, o := range all {
		last := len(h.plan) - 1
		switch {
		case o.own != nil:
			h.plan = append(h.plan, step{own: o.own})
		case last >= 0 && h.plan[last].own == nil:
			h.plan[last].orders = append(h.plan[last].orders, float64(o.hook.Order))
		default:
			h.plan = append(h.plan, step{orders: []any{float64(o.hook.Order)}})
		}
	}
	return h.plan
}

// moduleBus is a bus in the hands of one of the process's modules, through which the server is asked.
type moduleBus struct {
	*bus
	via *module
}

// Fire runs the plugin's own handlers here, and asks the server for the others in between.
func (b moduleBus) Fire(ctx context.Context, ev *sdk.Event) (any, error) {
	ctx = chained(ctx)
	plan, away := b.ways(ctx, b.via, ev.Name)
	if away {
		return b.fireAway(ctx, ev, nil)
	}
	return b.follow(ctx, ev, plan)
}

func chained(ctx context.Context) context.Context {
	if sdk.ChainOf(ctx) == nil {
		return sdk.NewChain(ctx)
	}
	return ctx
}

func (b moduleBus) follow(ctx context.Context, ev *sdk.Event, plan []step) (result any, err error) {
	for _, s := range plan {
		if s.own == nil {
			result, err = b.fireAway(ctx, ev, s.orders)
		} else {
			result, err = b.call(ctx, ev, s.own)
		}
		if result != nil || err != nil {
			return result, err
		}
	}
	return nil, nil
}

// fireAway lets the server run the handlers with these orders, or all.
func (b moduleBus) fireAway(ctx context.Context, ev *sdk.Event, orders []any) (any, error) {
	var which any
	if orders != nil {
		which = orders
	}
	results, err := b.peer.Call(ctx, wire.Request{Target: b.via.remote.ID(), Method: "Fire", Args: []any{b.host, which}, Event: ev})
	return wire.Args(results).At(0), err
}

// call runs a handler of ours. What goes wrong is logged here.
func (b moduleBus) call(ctx context.Context, ev *sdk.Event, own *ownHook) (result any, err error) {
	result, err = protect(ctx, ev, own.handler)
	if d, ok := result.(*sdk.Deferral); ok && err == nil {
		result, err = nil, fmt.Errorf("a handler of %q returned %T, but the event cannot wait", ev.Name, d)
	}
	var told *failure
	if err == nil || errors.As(err, &told) {
		return result, err
	}
	b.via.log.Error("event handler failed", append([]any{slog.String("event", ev.Name)}, wire.Attrs(err)...)...)
	if own.goesOn {
		return nil, nil
	}
	return nil, &failure{ev.Name, err}
}

// failure is an error that was logged.
type failure struct {
	event string
	err   error
}

func (f *failure) Error() string { return fmt.Sprintf("event %q: %v", f.event, f.err) }
func (f *failure) Unwrap() error { return f.err }

func protect(ctx context.Context, ev *sdk.Event, h sdk.Handler) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			result, err = nil, &wire.Panic{Value: r, Trace: debug.Stack()}
		}
	}()
	return h(ctx, ev)
}

// Has asks the server the first time.
func (b moduleBus) Has(event string) bool {
	if has, known := b.has(event); known {
		return has
	}
	plan, away := b.ways(sdk.NewChain(context.Background()), b.via, event)
	return away || len(plan) > 0
}

func (b moduleBus) Add(h sdk.Hook) (remove func()) {
	return b.via.hook(b.host, h.Event, h.Priority, h.Handler, false)
}

func (b moduleBus) Wrap(event, _ string, w sdk.Wrapper) (remove func()) {
	return b.via.wrap(b.host, event, w)
}

// FirePart is for hooks that Hooks has listed.
func (b moduleBus) FirePart(ctx context.Context, ev *sdk.Event, pick func(h sdk.Hook) bool) (any, error) {
	ctx = chained(ctx)
	plan, _ := b.ways(ctx, b.via, ev.Name)
	var part []step
	for _, s := range plan {
		for _, h := range b.hooksOf(ev.Name, s) {
			if !pick(h) {
				continue
			}
			if s.own != nil {
				part = append(part, s)
			} else {
				part = append(part, step{orders: []any{float64(h.Order)}})
			}
		}
	}
	return b.follow(ctx, ev, part)
}

// Hooks lists an event's hooks; others' have no handler here. It does not list all events.
func (b moduleBus) Hooks(event string) (list []sdk.Hook) {
	plan, _ := b.ways(sdk.NewChain(context.Background()), b.via, event)
	for _, s := range plan {
		list = append(list, b.hooksOf(event, s)...)
	}
	return list
}

func (b moduleBus) hooksOf(event string, s step) (list []sdk.Hook) {
	if s.own != nil {
		return []sdk.Hook{{Event: event, Priority: s.own.priority, Handler: s.own.handler, Plugin: b.via.Name(), Order: s.own.order}}
	}
	for _, order := range s.orders {
		list = append(list, sdk.Hook{Event: event, Order: uint64(number(order))})
	}
	return list
}

// Watch tells once: in a plugin's process nobody runs an event's handlers himself.
func (b moduleBus) Watch(event string, f func(hooks []sdk.Hook, wrapped bool)) (stop func()) {
	_, away := b.ways(sdk.NewChain(context.Background()), b.via, event)
	f(b.Hooks(event), away)
	return func() {}
}

// SetTracer does nothing: handlers elsewhere could not be traced.
func (moduleBus) SetTracer(sdk.Tracer) {}

var _ sdk.Bus = moduleBus{}
