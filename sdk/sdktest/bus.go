package sdktest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// bus is an sdk.Bus that is simple.
type bus struct {
	log *slog.Logger

	mu      sync.Mutex // guards the rest; no handler is called under it
	seq     uint64
	hooks   []sdk.Hook // in the order in which they run
	wraps   []*wrap
	watches []*watch
}

type wrap struct {
	event string
	w     sdk.Wrapper
}

type watch struct {
	event string
	f     func(hooks []sdk.Hook, wrapped bool)
}

func (b *bus) Has(event string) bool {
	hooks, wraps := b.look(event)
	return len(hooks)+len(wraps) > 0
}

func (b *bus) look(event string) ([]sdk.Hook, []*wrap) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lookLocked(event)
}

func (b *bus) lookLocked(event string) (hooks []sdk.Hook, wraps []*wrap) {
	for _, h := range b.hooks {
		if h.Event == event || event == "" {
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

// tell tells those who watch an event. Called with mu held.
func (b *bus) tell(event string) {
	for _, w := range b.watches {
		if w.event == event || event == "" {
			hooks, wraps := b.lookLocked(w.event)
			w.f(hooks, len(wraps) > 0)
		}
	}
}

func (b *bus) Add(h sdk.Hook) (remove func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	h.Order = b.seq
	at := 0
	for at < len(b.hooks) && b.hooks[at].Before(h) {
		at++
	}
	b.hooks = slices.Insert(slices.Clone(b.hooks), at, h)
	b.tell(h.Event)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.hooks = slices.DeleteFunc(slices.Clone(b.hooks), func(x sdk.Hook) bool { return x.Order == h.Order })
		b.tell(h.Event)
	}
}

func (b *bus) Wrap(event, _ string, f sdk.Wrapper) (remove func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := &wrap{event, f}
	b.wraps = append([]*wrap{w}, b.wraps...)
	b.tell(event)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.wraps = slices.DeleteFunc(slices.Clone(b.wraps), func(x *wrap) bool { return x == w })
		b.tell(event)
	}
}

func (b *bus) Fire(ctx context.Context, ev *sdk.Event) (any, error) {
	hooks, wraps := b.look(ev.Name)
	next := func(ctx context.Context, ev *sdk.Event) (any, error) { return b.run(ctx, ev, hooks) }
	if len(wraps) > 0 {
		late := ev.Late()
		ev.AcceptLate(nil)
		defer ev.AcceptLate(late)
	}
	for _, w := range slices.Backward(wraps) {
		inner := next
		next = func(ctx context.Context, ev *sdk.Event) (any, error) { return w.w(ctx, ev, inner) }
	}
	return next(ctx, ev)
}

func (b *bus) FirePart(ctx context.Context, ev *sdk.Event, pick func(h sdk.Hook) bool) (any, error) {
	hooks, _ := b.look(ev.Name)
	return b.run(ctx, ev, slices.DeleteFunc(hooks, func(h sdk.Hook) bool { return !pick(h) }))
}

func (b *bus) run(ctx context.Context, ev *sdk.Event, hooks []sdk.Hook) (any, error) {
	for i, h := range hooks {
		result, err := b.call(ctx, ev, h)
		if d, ok := result.(*sdk.Deferral); ok && err == nil {
			if !ev.Deferrable() {
				return nil, fmt.Errorf("a handler of %q returned a deferral, but the event cannot wait", ev.Name)
			}
			late := ev.Late()
			d.OnResume(func(ctx context.Context, result any, err error) {
				if result == nil && err == nil {
					result, err = b.run(ctx, ev, hooks[i+1:])
				}
				if _, again := result.(*sdk.Deferral); !again {
					late.Finish(ctx, result, err)
				}
			})
			return d, nil
		}
		if err != nil && h.OnError == sdk.Continue {
			continue
		}
		if result != nil || err != nil {
			return result, err
		}
	}
	return nil, nil
}

func (b *bus) call(ctx context.Context, ev *sdk.Event, h sdk.Hook) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			result, err = nil, fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
		if err != nil {
			b.log.Error("event handler failed", "plugin", h.Plugin, "event", ev.Name, "err", err)
		}
	}()
	return h.Handler(ctx, ev)
}

func (b *bus) Hooks(event string) []sdk.Hook {
	hooks, _ := b.look(event)
	return hooks
}

func (b *bus) Watch(event string, f func(hooks []sdk.Hook, wrapped bool)) (stop func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := &watch{event, f}
	b.watches = append(b.watches, w)
	hooks, wraps := b.lookLocked(event)
	f(hooks, len(wraps) > 0)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.watches = slices.DeleteFunc(b.watches, func(x *watch) bool { return x == w })
	}
}

// SetTracer does nothing.
func (*bus) SetTracer(sdk.Tracer) {}

// unwrap is the stanza error in an error, nil if there is none.
func unwrap(err error) any {
	var e *stanza.Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

var _ sdk.Bus = (*bus)(nil)
