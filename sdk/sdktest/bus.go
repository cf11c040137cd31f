package sdktest

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"

	"quatrain/sdk"
)

// bus carries the events of a host (sdk.Bus).
type bus struct {
	mu      sync.Mutex // guards the rest; no handler runs under it
	last    uint64
	hooks   []sdk.Hook // in the order they run
	wraps   []wrap     // newest first
	watches []*watch
	tracer  sdk.Tracer
}

type wrap struct {
	event  string
	number uint64
	f      sdk.Wrapper
}

type watch struct {
	event string
	f     func(hooks []sdk.Hook, wrapped bool)
}

func (b *bus) Has(event string) bool {
	hooks, wraps := b.look(event)
	return len(hooks) > 0 || len(wraps) > 0
}

func (b *bus) look(event string) (hooks []sdk.Hook, wraps []wrap) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.see(event)
}

// see is look with mu held.
func (b *bus) see(event string) (hooks []sdk.Hook, wraps []wrap) {
	for _, h := range b.hooks {
		if h.Event == event {
			hooks = append(hooks, h)
		}
	}
	for _, w := range b.wraps {
		if w.event == event || w.event == "" {
			wraps = append(wraps, w)
		}
	}
	return hooks, wraps
}

func (b *bus) Add(h sdk.Hook) (remove func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	h.Order = b.last
	b.hooks = append(b.hooks, h)
	slices.SortStableFunc(b.hooks, func(x, y sdk.Hook) int {
		if x.Before(y) {
			return -1
		}
		return 1
	})
	b.tell(h.Event)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.hooks = slices.DeleteFunc(b.hooks, func(x sdk.Hook) bool { return x.Order == h.Order })
		b.tell(h.Event)
	}
}

func (b *bus) Wrap(event, _ string, f sdk.Wrapper) (remove func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	w := wrap{event, b.last, f}
	b.wraps = slices.Insert(b.wraps, 0, w)
	b.tell(event)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.wraps = slices.DeleteFunc(b.wraps, func(x wrap) bool { return x.number == w.number })
		b.tell(event)
	}
}

// tell tells those who watch an event, or all if it is "". Called with mu held.
func (b *bus) tell(event string) {
	for _, w := range b.watches {
		if event == "" || w.event == event {
			hooks, wraps := b.see(w.event)
			w.f(hooks, len(wraps) > 0)
		}
	}
}

func (b *bus) Watch(event string, f func(hooks []sdk.Hook, wrapped bool)) (stop func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := &watch{event, f}
	b.watches = append(b.watches, w)
	hooks, wraps := b.see(event)
	f(hooks, len(wraps) > 0)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.watches = slices.DeleteFunc(b.watches, func(x *watch) bool { return x == w })
	}
}

func (b *bus) Hooks(event string) []sdk.Hook {
	b.mu.Lock()
	defer b.mu.Unlock()
	if event == "" {
		return slices.Clone(b.hooks)
	}
	hooks, _ := b.see(event)
	return hooks
}

func (b *bus) SetTracer(t sdk.Tracer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tracer = t
}

func (b *bus) Fire(ctx context.Context, ev *sdk.Event) (any, error) {
	hooks, wraps := b.look(ev.Name)
	if len(wraps) == 0 {
		return b.run(ctx, ev, hooks)
	}
	ev.AcceptLate(nil) // a wrapper wants to see the result
	next := func(ctx context.Context, ev *sdk.Event) (any, error) { return b.run(ctx, ev, hooks) }
	for _, w := range slices.Backward(wraps) {
		inner := next
		next = func(ctx context.Context, ev *sdk.Event) (any, error) { return w.f(ctx, ev, inner) }
	}
	return next(ctx, ev)
}

func (b *bus) FirePart(ctx context.Context, ev *sdk.Event, pick func(h sdk.Hook) bool) (any, error) {
	hooks, _ := b.look(ev.Name)
	return b.run(ctx, ev, slices.DeleteFunc(hooks, func(h sdk.Hook) bool { return !pick(h) }))
}

// run runs handlers until one has a result. One that answers late lets the others run then.
func (b *bus) run(ctx context.Context, ev *sdk.Event, hooks []sdk.Hook) (any, error) {
	for i, h := range hooks {
		result, err := b.call(ctx, ev, h)
		if d, ok := result.(*sdk.Deferral); ok && err == nil {
			if !ev.Deferrable() {
				return nil, fmt.Errorf("a handler of %q wants to answer late, but the event cannot wait", ev.Name)
			}
			d.OnResume(b.later(ev, h, hooks[i+1:]))
			return d, nil
		}
		if err != nil && h.OnError == sdk.Continue {
			result, err = nil, nil
		}
		if result != nil || err != nil {
			return result, err
		}
	}
	return nil, nil
}

func (b *bus) later(ev *sdk.Event, h sdk.Hook, rest []sdk.Hook) func(ctx context.Context, result any, err error) {
	late := ev.Late()
	return func(ctx context.Context, result any, err error) {
		if err != nil && h.OnError == sdk.Continue {
			err = nil
		}
		if result == nil && err == nil {
			result, err = b.run(ctx, ev, rest)
		}
		if _, again := result.(*sdk.Deferral); !again {
			late.Finish(ctx, result, err)
		}
	}
}

func (b *bus) call(ctx context.Context, ev *sdk.Event, h sdk.Hook) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = nil, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	b.mu.Lock()
	tracer := b.tracer
	b.mu.Unlock()
	if tracer != nil {
		return tracer(ctx, ev, h.Handler)
	}
	return h.Handler(ctx, ev)
}

var _ sdk.Bus = (*bus)(nil)
