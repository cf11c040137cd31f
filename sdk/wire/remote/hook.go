package remote

import (
	"context"
	"fmt"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire"
)

// hook is a hook or wrapper of the plugin's on one of the server's buses. It outlives the process that made it: the next one takes it over, and keeps
// its place among the hooks of the event.
type hook struct {
	plugin *Plugin
	at     place
	undo   func()

	// Guarded by Plugin.mu.
	number uint64
	link   *link // that knows number and f
	f      sdk.Function
}

// place is what hooks are recognised by.
type place struct {
	kind, bus, event string
	priority         float64
	serve            bool
}

func (h *hook) name() uint64 {
	h.plugin.mu.Lock()
	defer h.plugin.mu.Unlock()
	return h.number
}

func (h *hook) peer() *wire.Peer {
	h.plugin.mu.Lock()
	defer h.plugin.mu.Unlock()
	return h.link.peer
}

// hook registers a hook or wrapper, or lets one of a process that died go on with this one's function.
func (a *attached) hook(c *wire.Invocation) error {
	number, at := uint64(c.Args.Number(0)), place{kind: c.Method, bus: c.Args.Text(1), event: c.Args.Text(2)}
	next := 3
	if c.Method == "Hook" {
		at.priority, at.serve = c.Args.Number(3), c.Args.Bool(5)
		next = 4
	}
	f, ok := c.Args.At(next).(sdk.Function)
	if !ok {
		return fmt.Errorf("hook %q: no function", at.event)
	}
	b, err := a.bus(at.bus)
	if err != nil {
		return fmt.Errorf("hook %q: %w", at.event, err)
	}
	h := a.claim(at)
	fresh := h == nil
	if fresh {
		h = &hook{plugin: a.plugin, at: at}
	}
	h.become(number, f)
	if fresh {
		a.register(b, h)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.hooks[number] != nil {
		return fmt.Errorf("hook %q: the number %d is in use", at.event, number)
	}
	a.hooks[number] = h
	return nil
}

func (a *attached) claim(at place) *hook {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, h := range a.stale {
		if h.at == at {
			a.stale = append(a.stale[:i:i], a.stale[i+1:]...)
			return h
		}
	}
	return nil
}

func (h *hook) become(number uint64, f sdk.Function) {
	p := h.plugin
	p.mu.Lock()
	defer p.mu.Unlock()
	h.number, h.f, h.link = number, f, p.link
	p.signal()
}

func (a *attached) register(b sdk.Bus, h *hook) {
	if h.at.kind == "Wrap" {
		h.undo = a.m.WrapOn(b, h.at.event, h.wrap)
		return
	}
	h.undo = a.m.HookOn(tagging{b, h}, h.at.event, h.at.priority, h.handle)
}

// tagging is a bus on which hooks can be recognised.
type tagging struct {
	sdk.Bus
	tag *hook
}

func (t tagging) Add(h sdk.Hook) (remove func()) {
	h.Tag = t.tag
	return t.Bus.Add(h)
}

func (a *attached) unhook(number uint64) error {
	a.mu.Lock()
	h := a.hooks[number]
	delete(a.hooks, number)
	a.mu.Unlock()
	if h == nil {
		return fmt.Errorf("unhooking %d, which is no hook", number)
	}
	h.undo()
	return nil
}

// handle lets the plugin handle an event. Stanzas that it is there for it handles while the sender goes on.
func (h *hook) handle(ctx context.Context, ev *sdk.Event) (any, error) {
	if h.at.serve && ev.Deferrable() {
		return h.late(ctx, ev)
	}
	f, err := h.function(ctx)
	if f == nil || err != nil {
		return nil, err
	}
	lane := ""
	if h.at.serve {
		lane = laneOf(ev)
	}
	return wire.Handle(ctx, f, ev, lane)
}

// laneOf is the lane that the plugin handles a stanza in.
func laneOf(ev *sdk.Event) string {
	if ev.Stanza == nil {
		return ""
	}
	return wire.Lane(ev.Stanza.To())
}

// wrap lets the plugin decide whether and how an event goes on.
func (h *hook) wrap(ctx context.Context, ev *sdk.Event, next sdk.Handler) (any, error) {
	f, err := h.function(ctx)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return next(ctx, ev)
	}
	return wire.Handle(ctx, f, ev, "", wire.Handler(func(ctx context.Context, theirs *sdk.Event) (any, error) {
		wire.Transfer(theirs, ev)
		result, err := next(ctx, ev)
		wire.Transfer(ev, theirs)
		return result, err
	}))
}

// function is what handles the event in the process of now. It waits for a process; nil if that one does not have the hook.
func (h *hook) function(ctx context.Context) (f sdk.Function, err error) {
	chain := sdk.WithChain(ctx)
	p := h.plugin
	deadline := time.Now().Add(p.opts.Timeout)
	for {
		p.mu.Lock()
		l, changed := p.link, p.changed
		switch {
		case p.gone != nil:
			err = p.gone
		case h.link == l && (l.loaded || l.loading != 0):
			f = h.f
		}
		wait := err == nil && f == nil && !l.loaded && l.loading != chain.ID()
		p.mu.Unlock()
		if !wait {
			return f, err
		}
		chain.Wait(func() { err = p.await(ctx, changed, deadline) })
		if err != nil {
			return nil, err
		}
	}
}

// await waits for a change of the plugin's processes.
func (p *Plugin) await(ctx context.Context, changed <-chan struct{}, deadline time.Time) error {
	t := time.NewTimer(time.Until(deadline))
	defer t.Stop()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return fmt.Errorf("plugin %q: %w", p.opts.Name, errNoProcess)
	}
}
