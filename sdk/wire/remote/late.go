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
	once     sync.Once
	share    int64 // of the plugin's window

	// Guarded by lateCalls.mu.
	deadline           time.Time
	earlier, following *lateCall // in order of their deadlines
}

// lateCalls are those that have not been answered. All have the same time, so that the oldest ends first, and one timer does.
type lateCalls struct {
	mu             sync.Mutex // guards the rest
	oldest, newest *lateCall
	timer          *time.Timer
	timed          bool // whether it runs
}

// add gives a call its time; expire is called by the timer when that of some has passed.
func (l *lateCalls) add(c *lateCall, wait time.Duration, expire func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.deadline = time.Now().Add(wait)
	if c.earlier = l.newest; c.earlier != nil {
		c.earlier.following = c
	} else {
		l.oldest = c
	}
	l.newest = c
	switch {
	case l.timed:
		return
	case l.timer == nil:
		l.timer = time.AfterFunc(wait, expire)
	default:
		l.timer.Reset(wait)
	}
	l.timed = true
}

// remove is for a call that is over. Called once.
func (l *lateCalls) remove(c *lateCall) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.earlier != nil {
		c.earlier.following = c.following
	} else {
		l.oldest = c.following
	}
	if c.following != nil {
		c.following.earlier = c.earlier
	} else {
		l.newest = c.earlier
	}
	c.earlier, c.following = nil, nil
}

// expired are the calls whose time has passed. The timer goes on for the others.
func (l *lateCalls) expired() (over []*lateCall) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	c := l.oldest
	for ; c != nil && !c.deadline.After(now); c = c.following {
		over = append(over, c)
	}
	if l.timed = c != nil; l.timed {
		l.timer.Reset(c.deadline.Sub(now))
	}
	return over
}

// expireLate ends the calls whose time has passed, beside each other.
func (p *Plugin) expireLate() {
	for _, c := range p.late.expired() {
		go c.finish(nil, fmt.Errorf("plugin %q: %w (%v)", p.opts.Name, wire.ErrTimeout, p.opts.LateTimeout))
	}
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
	p.late.add(c, p.opts.LateTimeout, p.expireLate)
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
		c.hook.plugin.late.remove(c)
		c.hook.plugin.window.Release(c.share)
		if errors.Is(err, wire.ErrEnded) { // said once for all of them, when the process is seen to have died
			c.hook.plugin.lost.Add(1)
			err = stanza.NewError(stanza.InternalServerError, "")
		}
		c.deferral.Resume(c.chain, result, err)
	})
}
