// Package event is the event bus of a host, or the global one (sdk.Bus).
//
// The hooks of all events stand in one immutable snapshot that is swapped at every change. Firing an event that nobody hooks is one
// map look-up; no lock is held while handlers run.
package event

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"quatrain/host/internal/failure"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Bus implements sdk.Bus.
type Bus struct {
	log     *slog.Logger
	current atomic.Pointer[snapshot]
	tracer  atomic.Pointer[sdk.Tracer]
	failed  func(plugin, event string)

	mu      sync.Mutex // guards changes of the snapshot, and the rest; no handler runs under it
	seq     uint64
	watches map[string][]*watch
}

// watch is somebody who wants to know who hooks an event.
type watch struct {
	f func(hooks []sdk.Hook, wrapped bool)
}

type wrap struct {
	plugin string
	f      sdk.Wrapper
	seq    uint64
}

// chain is what an event runs through. A chain in a snapshot is never changed.
type chain struct {
	hooks []sdk.Hook // Order names a hook for removal
	wraps []wrap     // newest first
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
	h.Order = b.seq
	b.change(h.Event, func(c *chain) {
		at, _ := slices.BinarySearchFunc(c.hooks, h, func(x, h sdk.Hook) int {
			if x.Before(h) {
				return -1
			}
			return 1
		})
		c.hooks = slices.Insert(slices.Clone(c.hooks), at, h)
	})
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.change(h.Event, func(c *chain) {
			c.hooks = slices.DeleteFunc(slices.Clone(c.hooks), func(x sdk.Hook) bool { return x.Order == h.Order })
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
		for event := range b.watches {
			b.tell(event)
		}
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
	b.tell(event)
}

// Watch calls f with the hooks of an event, now and after each change.
func (b *Bus) Watch(event string, f func(hooks []sdk.Hook, wrapped bool)) (stop func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := &watch{f}
	if b.watches == nil {
		b.watches = map[string][]*watch{}
	}
	b.watches[event] = append(b.watches[event], w)
	w.f(b.look(event))
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.watches[event] = slices.DeleteFunc(b.watches[event], func(x *watch) bool { return x == w })
		if len(b.watches[event]) == 0 {
			delete(b.watches, event)
		}
	}
}

// tell tells those who watch an event. Called with mu held.
func (b *Bus) tell(event string) {
	for _, w := range b.watches[event] {
		w.f(b.look(event))
	}
}

// look is who hooks an event, and whether it is wrapped.
func (b *Bus) look(event string) (hooks []sdk.Hook, wrapped bool) {
	s := b.current.Load()
	c := s.events[event]
	if c == nil {
		return nil, len(s.all) > 0
	}
	return c.hooks, len(s.all) > 0 || len(c.wraps) > 0
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
			list = append(list, c.hooks...)
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
	if late := ev.Late(); late != nil { // a wrapper wants to see the result
		ev.AcceptLate(nil)
		defer ev.AcceptLate(late)
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
				b.report(ev.Name, w.plugin, err)
				err = &HandlerError{Plugin: w.plugin, Event: ev.Name, Err: err}
			}
		}()
		return w.f(ctx, ev, next)
	}
}

// FirePart runs the handlers that pick chooses.
func (b *Bus) FirePart(ctx context.Context, ev *sdk.Event, pick func(h sdk.Hook) bool) (any, error) {
	all, _ := b.look(ev.Name)
	var hooks []sdk.Hook
	for _, h := range all {
		if pick(h) {
			hooks = append(hooks, h)
		}
	}
	return b.run(ctx, ev, hooks)
}

// Direct are the hooks of an event if that is all there is to it.
func (b *Bus) Direct(event string) (hooks []sdk.Hook, ok bool) {
	s := b.current.Load()
	if len(s.all) > 0 || b.tracer.Load() != nil {
		return nil, false
	}
	c := s.events[event]
	if c == nil {
		return nil, true
	}
	return c.hooks, len(c.wraps) == 0
}

// Run runs hooks until one returns a result.
func (b *Bus) Run(ctx context.Context, ev *sdk.Event, hooks []sdk.Hook) (any, error) {
	return b.run(ctx, ev, hooks)
}

func (b *Bus) run(ctx context.Context, ev *sdk.Event, hooks []sdk.Hook) (any, error) {
	for i := range hooks {
		result, err := b.call(ctx, ev, &hooks[i])
		if d, ok := result.(*sdk.Deferral); ok && err == nil {
			if ev.Deferrable() {
				d.OnResume(b.later(ev, &hooks[i], hooks[i+1:]))
				return d, nil
			}
			result, err = nil, fmt.Errorf("a handler of %q returned a deferral, but the event cannot wait", ev.Name)
		}
		result, err = b.verdict(&hooks[i], result, err)
		if result != nil || err != nil {
			return result, err
		}
	}
	return nil, nil
}

// verdict is what the answer of a handler means for the event: nothing, if the handlers behind it are to run.
func (b *Bus) verdict(h *sdk.Hook, result any, err error) (any, error) {
	if err == nil {
		return result, nil
	}
	return nil, b.Failed(h, err)
}

// Failed reports the failure of a handler, and is nil if the handlers behind it are to run.
func (b *Bus) Failed(h *sdk.Hook, err error) error {
	b.report(h.Event, h.Plugin, err)
	if h.OnError == sdk.Continue {
		return nil
	}
	return &HandlerError{Plugin: h.Plugin, Event: h.Event, Err: err}
}

// later goes on with an event when a handler gives its late answer.
func (b *Bus) later(ev *sdk.Event, h *sdk.Hook, rest []sdk.Hook) func(ctx context.Context, result any, err error) {
	late := ev.Late()
	return func(ctx context.Context, result any, err error) {
		result, err = b.verdict(h, result, err)
		if result == nil && err == nil {
			result, err = b.run(ctx, ev, rest)
		}
		if _, again := result.(*sdk.Deferral); !again {
			late.Finish(ctx, result, err)
		}
	}
}

func (b *Bus) call(ctx context.Context, ev *sdk.Event, h *sdk.Hook) (result any, err error) {
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
func (b *Bus) report(event, plugin string, err error) {
	if reported(err) {
		return
	}
	var refusal *stanza.Error
	if errors.As(err, &refusal) { // what the handler wants the sender to be told
		b.log.Debug("refused by a handler", "plugin", plugin, "event", event, "err", err)
		return
	}
	if errors.Is(err, context.Canceled) { // nobody waits for it any longer, since the server stops
		b.log.Debug("a handler was called off", "plugin", plugin, "event", event, "err", err)
		return
	}
	b.log.Error("event handler failed", append([]any{"plugin", plugin, "event", event}, failure.Attrs(err)...)...)
	if b.failed != nil {
		b.failed(plugin, event)
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

var _ sdk.DirectBus = (*Bus)(nil)
