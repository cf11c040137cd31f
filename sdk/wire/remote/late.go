package remote

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/xmpp/stanza"
)

// lateCall is a stanza that the plugin has, or will have as soon as it has a process, while its sender goes on.
type lateCall struct {
	hook     *hook
	ev       *sdk.Event
	chain    *sdk.Chain
	deferral sdk.Deferral
	timer    *time.Timer
	once     sync.Once
	share    int64 // of the plugin's window
}

// late hands a stanza over. If the plugin has too many, the sender waits.
func (h *hook) late(ctx context.Context, ev *sdk.Event) (any, error) {
	p := h.plugin
	share := p.shareOf(ev.Stanza)
	if err := p.enter(ctx, share); err != nil {
		return nil, err
	}
	c := &lateCall{hook: h, ev: ev, chain: sdk.NewChain(context.Background()), share: share}
	if from := sdk.ChainOf(ctx); from != nil {
		c.chain.SetTicket(from.Ticket())
	}
	c.timer = time.AfterFunc(time.Hour, func() { // begins when it is known, since it may be over at once
		c.finish(nil, fmt.Errorf("plugin %q: %w (%v)", p.opts.Name, wire.ErrTimeout, p.opts.LateTimeout))
	})
	c.timer.Reset(p.opts.LateTimeout)
	p.mu.Lock()
	gone, l := p.gone, p.link
	if gone == nil && !l.loaded {
		p.waiting = append(p.waiting, c)
		p.mu.Unlock()
		return &c.deferral, nil
	}
	f := h.f
	if h.link != l {
		f = nil
	}
	p.mu.Unlock()
	switch {
	case gone != nil:
		c.finish(nil, gone)
	case f == nil:
		c.finish(nil, nil)
	default:
		c.hand(f)
	}
	return &c.deferral, nil
}

// unit is how large a stanza may be to count as one: more than nearly all are.
const unit = 4 << 10

// shareOf is what a stanza takes of the window: as many as small ones of its size together, and at most all of it.
func (p *Plugin) shareOf(st *stanza.Element) int64 {
	if st == nil {
		return 1
	}
	return int64(min(1+st.Size()/unit, p.opts.Window))
}

// enter waits until the plugin may have another stanza.
func (p *Plugin) enter(ctx context.Context, share int64) (err error) {
	if p.window.TryAcquire(share) {
		return nil
	}
	sdk.WithChain(ctx).Wait(func() {
		limited, cancel := context.WithTimeout(ctx, p.opts.LateTimeout)
		defer cancel()
		if err = p.window.Acquire(limited, share); err != nil && ctx.Err() == nil {
			err = fmt.Errorf("plugin %q has too much to do: %w", p.opts.Name, stanza.NewError(stanza.ResourceConstraint, "The service is overloaded"))
		}
	})
	return err
}

// send hands a stanza that has waited to a process. Called with Plugin.mu held.
func (c *lateCall) send(l *link) {
	if c.hook.link != l {
		go c.finish(nil, nil)
		return
	}
	if err := c.handTo(c.hook.f); err != nil {
		go c.finish(nil, err)
	}
}

func (c *lateCall) hand(f sdk.Function) {
	if err := c.handTo(f); err != nil {
		c.finish(nil, err)
	}
}

func (c *lateCall) handTo(f sdk.Function) error {
	return wire.HandleLate(c.chain, f, c.ev, laneOf(c.ev), c.hook.plugin.opts.LateTimeout, c.finish)
}

// finish goes on with the event, the first time.
func (c *lateCall) finish(result any, err error) {
	c.once.Do(func() {
		c.timer.Stop()
		c.hook.plugin.window.Release(c.share)
		if errors.Is(err, wire.ErrEnded) { // said once for all of them, when the process is seen to have died
			c.hook.plugin.lost.Add(1)
			err = stanza.NewError(stanza.InternalServerError, "")
		}
		c.deferral.Resume(c.chain, result, err)
	})
}
