// Package event is the event bus of a host, or the global one (sdk.Bus).
//
// The hooks of all events stand in one immutable snapshot that is swapped at every change. Firing an event that nobody hooks is one
// map look-up; no lock is held while handlers run.
package event

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"quatrain/host/internal/failure"
	"quatrain/sdk"
)

// Bus implements sdk.Bus.
type Bus struct {
	log     *slog.Logger
	current atomic.Pointer[snapshot]
	tracer  atomic.Pointer[sdk.Tracer]
	failed  func(plugin, event string)

	mu  sync.Mutex // guards changes of the snapshot; no handler runs under it
	seq uint64
}

// hook is one registration; seq orders equal priorities and names it for removal.
type hook struct {
	sdk.Hook
	seq uint64
}

type wrap struct {
	plugin string
	f      sdk.Wrapper
	seq    uint64
}

// chain is what an event runs through. A chain in a snapshot is never changed.
type chain struct {
	hooks []hook
	wraps []wrap // newest first
}

type snapshot struct {
	events map[string]*chain
	all    []wrap // wrappers of every event, newest first
}

// NewBus makes a bus. Failures of handlers are logged to log and counted by failed, which may be nil.
func NewBus(log *slog.Logger, failed func(plugin, event string)) *Bus {
	b := &Bus{log: log, failed: failed}
	b.current.Store(&snapshot{events: map[string]*chain{}})
	return b
}

// Has tells whether anybody would see the event.
func (b *Bus) Has(event string) bool {
	s := b.current.Load()
	_, ok := s.events[event]
	return ok || len(s.all) > 0
}

// OnlyDelivery tells whether the event has no hook but the core's own delivery, so that fan-out may skip the bus.
func (b *Bus) OnlyDelivery(event string) bool {
	s := b.current.Load()
	if len(s.all) > 0 || b.tracer.Load() != nil {
		return false
	}
	c := s.events[event]
	if c == nil {
		return true
	}
	for i := range c.hooks {
		if !c.hooks[i].Delivery {
			return false
		}
	}
	return len(c.wraps) == 0
}

// Add registers a hook.
func (b *Bus) Add(h sdk.Hook) (remove func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	seq := b.seq
	b.change(h.Event, func(c *chain) {
		at, _ := slices.BinarySearchFunc(c.hooks, h.Priority, func(x hook, p float64) int {
			if x.Priority >= p {
				return -1 // equal priority: behind those already there
			}
			return 1
		})
		c.hooks = slices.Insert(slices.Clone(c.hooks), at, hook{h, seq})
	})
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.change(h.Event, func(c *chain) {
			c.hooks = slices.DeleteFunc(slices.Clone(c.hooks), func(x hook) bool { return x.seq == seq })
		})
	}
}

// Wrap surrounds one event, or all if event is "".
func (b *Bus) Wrap(event, plugin string, f sdk.Wrapper) (remove func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	w := wrap{plugin, f, b.seq}
	b.changeWraps(event, func(ws []wrap) []wrap { return slices.Insert(slices.Clone(ws), 0, w) })
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.changeWraps(event, func(ws []wrap) []wrap {
			return slices.DeleteFunc(slices.Clone(ws), func(x wrap) bool { return x.seq == w.seq })
		})
	}
}

func (b *Bus) changeWraps(event string, f func([]wrap) []wrap) {
	if event == "" {
		old := b.current.Load()
		b.current.Store(&snapshot{events: old.events, all: f(old.all)})
		return
	}
	b.change(event, func(c *chain) { c.wraps = f(c.wraps) })
}

// change swaps in a snapshot with a changed copy of one event's chain. Called with mu held.
func (b *Bus) change(event string, f func(*chain)) {
	old := b.current.Load()
	c := chain{}
	if had := old.events[event]; had != nil {
		c = *had
	}
	f(&c)
	events := maps.Clone(old.events)
	if len(c.hooks) == 0 && len(c.wraps) == 0 {
		delete(events, event)
	} else {
		events[event] = &c
	}
	b.current.Store(&snapshot{events: events, all: old.all})
}

// SetTracer installs or, with nil, removes a function that is called in place of each handler.
func (b *Bus) SetTracer(t sdk.Tracer) {
	if t == nil {
		b.tracer.Store(nil)
		return
	}
	b.tracer.Store(&t)
}

// Hooks lists the hooks of an event in the order they run, or of all events, by name, if event is "".
func (b *Bus) Hooks(event string) []sdk.Hook {
	s := b.current.Load()
	names := []string{event}
	if event == "" {
		names = slices.SortedFunc(maps.Keys(s.events), cmp.Compare[string])
	}
	var list []sdk.Hook
	for _, name := range names {
		if c := s.events[name]; c != nil {
			for _, h := range c.hooks {
				list = append(list, h.Hook)
			}
		}
	}
	return list
}

// Fire runs the handlers of ev.Name until one returns a result.
func (b *Bus) Fire(ctx context.Context, ev *sdk.Event) (any, error) {
	s := b.current.Load()
	c := s.events[ev.Name]
	if c == nil && len(s.all) == 0 {
		return nil, nil
	}
	if c == nil {
		c = &chain{}
	}
	if len(c.wraps) == 0 && len(s.all) == 0 {
		return b.run(ctx, ev, c.hooks)
	}
	next := func(ctx context.Context, ev *sdk.Event) (any, error) { return b.run(ctx, ev, c.hooks) }
	for _, ws := range [][]wrap{s.all, c.wraps} { // the event's own run first, so they are outermost
		for i := len(ws) - 1; i >= 0; i-- {
			next = b.around(ws[i], next)
		}
	}
	return next(ctx, ev)
}

func (b *Bus) around(w wrap, next sdk.Handler) sdk.Handler {
	return func(ctx context.Context, ev *sdk.Event) (result any, err error) {
		defer func() {
			if p := recover(); p != nil {
				result, err = nil, &PanicError{Value: p, Stack: debug.Stack()}
			}
			if err != nil && !reported(err) {
				b.report(ev, w.plugin, err)
				err = &HandlerError{Plugin: w.plugin, Event: ev.Name, Err: err}
			}
		}()
		return w.f(ctx, ev, next)
	}
}

func (b *Bus) run(ctx context.Context, ev *sdk.Event, hooks []hook) (any, error) {
	for i := range hooks {
		result, err := b.call(ctx, ev, &hooks[i])
		if err != nil {
			b.report(ev, hooks[i].Plugin, err)
			if hooks[i].OnError == sdk.Continue {
				continue
			}
			return nil, &HandlerError{Plugin: hooks[i].Plugin, Event: ev.Name, Err: err}
		}
		if result != nil {
			return result, nil
		}
	}
	return nil, nil
}

func (b *Bus) call(ctx context.Context, ev *sdk.Event, h *hook) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = nil, &PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	if t := b.tracer.Load(); t != nil {
		return (*t)(ctx, ev, h.Handler)
	}
	return h.Handler(ctx, ev)
}

// report logs a failure where it happened; the layers above only see that there was one.
func (b *Bus) report(ev *sdk.Event, plugin string, err error) {
	if reported(err) {
		return
	}
	b.log.Error("event handler failed", append([]any{"plugin", plugin, "event", ev.Name}, failure.Attrs(err)...)...)
	if b.failed != nil {
		b.failed(plugin, ev.Name)
	}
}

// HandlerError is what Fire returns when a handler failed. It has been logged.
type HandlerError struct {
	Plugin, Event string
	Err           error
}

func (e *HandlerError) Error() string {
	return fmt.Sprintf("plugin %q: event %q: %v", e.Plugin, e.Event, e.Err)
}

func (e *HandlerError) Unwrap() error { return e.Err }

// PanicError is a handler's panic.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.Value, e.Stack) }

var _ sdk.Bus = (*Bus)(nil)
