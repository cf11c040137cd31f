package wire

import (
	"context"
	"errors"
	"fmt"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
)

// call is one that waits for its Return. All but inbox, of which Peer.mu is the guard, is immutable.
type call struct {
	id    uint64
	chain uint64
	outer *call         // of the same chain, which waits until this one is over
	wake  chan struct{} // says that inbox has something
	inbox []item

	// Of a deferred call, for which nobody waits.
	late func(*pb.Frame, error) // is called; nil for others
	line *sdk.Chain             // that it is called in
	ret  *pb.Frame              // the answer, once it is there
}

// do goes on with a deferred call (job).
func (c *call) do(w *worker) {
	c.line.Hold(w)
	defer c.line.Drop()
	c.late(c.ret, nil)
}

// item is what whoever waits for a call has to do: to run a frame of its chain, or to take the answer.
type item struct {
	frame *pb.Frame
	ret   *pb.Frame
}

// ErrTimeout tells that a call was not answered in time.
var ErrTimeout = errors.New("no answer in time")

// Request is a call to make.
type Request struct {
	Target uint64
	Method string
	Args   []any
	Event  *sdk.Event // nil if there is none
	Lane   string
	Wait   time.Duration // at most; 0 for what the peer's options say
}

// Call makes a call and waits for its answer. Meanwhile it runs what the other side wants of the same chain, and what the chain holds is let go.
func (p *Peer) Call(ctx context.Context, r Request) ([]any, error) {
	chain := sdk.WithChain(ctx)
	if chain != ctx && sdk.ChainOf(ctx) == nil {
		ctx = chain
	}
	f, err := p.request(ctx, chain, r)
	if err != nil {
		return nil, err
	}
	p.keepTicket(chain)
	var ret *pb.Frame
	chain.Wait(func() { ret, err = p.exchange(ctx, chain, f) })
	if err != nil {
		return nil, err
	}
	return p.answer(ctx, ret, r.Event)
}

// answer is what a Return says: the results, and what became of the event.
func (p *Peer) answer(ctx context.Context, f *pb.Frame, ev *sdk.Event) ([]any, error) {
	defer p.unpin(f)
	ret := f.GetReturn()
	if ev != nil && ret.GetEvent() != nil {
		if err := p.applyChanges(ctx, ev, ret.GetEvent()); err != nil {
			return nil, err
		}
	}
	if ret.GetError() != nil {
		return nil, decodeError(ret.GetError())
	}
	return p.decodeList(ret.GetResults(), 0)
}

// Defer makes a call whose answer is given to done, in a goroutine of its own. The chain is a new one that nothing else uses.
func (p *Peer) Defer(chain *sdk.Chain, r Request, done func(results []any, err error)) error {
	f, err := p.request(chain, chain, r)
	if err != nil {
		return err
	}
	f.GetCall().Deferred = true
	c := &call{id: f.Id, chain: chain.ID(), line: chain, late: func(ret *pb.Frame, err error) {
		if err != nil {
			done(nil, err)
			return
		}
		done(p.answer(chain, ret, r.Event))
	}}
	p.keepTicket(chain)
	p.mu.Lock()
	if p.ended != nil {
		p.mu.Unlock()
		return p.Err()
	}
	p.calls[c.id] = c
	p.mu.Unlock()
	if err := p.send(f); err != nil {
		p.forget(c)
		return err
	}
	return nil
}

func (p *Peer) request(ctx context.Context, chain *sdk.Chain, r Request) (*pb.Frame, error) {
	args, err := p.encodeAll(ctx, r.Args)
	if err != nil {
		return nil, err
	}
	c := &pb.Call{Target: r.Target, Method: r.Method, Args: args, TimeoutMs: p.timeout(ctx, r.Wait)}
	if r.Event != nil {
		if c.Event, err = p.encodeEvent(ctx, r.Event); err != nil {
			return nil, fmt.Errorf("event %q: %w", r.Event.Name, err)
		}
	}
	f := &pb.Frame{Chain: chain.ID(), Id: p.lastCall.Add(1), Body: &pb.Frame_Call{Call: c}}
	if r.Lane != "" {
		f.Lane = []byte(r.Lane)
	}
	return f, nil
}

// timeout is how long a call waits, in milliseconds: what its chain has left, and not longer than is allowed. 0 is for ever.
func (p *Peer) timeout(ctx context.Context, wait time.Duration) uint32 {
	if wait <= 0 {
		wait = p.opts.Timeout
	}
	if deadline, ok := ctx.Deadline(); ok {
		if left := time.Until(deadline); wait <= 0 || left < wait {
			wait = max(left, time.Millisecond)
		}
	}
	return uint32(wait.Milliseconds())
}

// exchange sends a call and waits.
func (p *Peer) exchange(ctx context.Context, chain *sdk.Chain, f *pb.Frame) (*pb.Frame, error) {
	c := &call{id: f.Id, chain: chain.ID(), wake: make(chan struct{}, 1)}
	if err := p.register(c); err != nil {
		return nil, err
	}
	defer p.leave(c)
	if err := p.send(f); err != nil {
		return nil, err
	}
	var expired <-chan time.Time
	if ms := f.GetCall().GetTimeoutMs(); ms > 0 {
		t := time.NewTimer(time.Duration(ms) * time.Millisecond)
		defer t.Stop()
		expired = t.C
	}
	for {
		select {
		case <-c.wake:
			if ret := p.serveChain(ctx, c); ret != nil {
				return ret, nil
			}
		case <-expired:
			return nil, fmt.Errorf("%w (%d ms)", ErrTimeout, f.GetCall().GetTimeoutMs())
		case <-p.done:
			return nil, p.Err()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (p *Peer) register(c *call) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended != nil {
		return p.ended
	}
	p.calls[c.id] = c
	c.outer = p.waiting[c.chain]
	c.inherit()
	p.waiting[c.chain] = c
	return nil
}

// inherit takes over what the call around this one has not begun with: that goes on only when this one is over, while others, even what this
// one is to run, may stand behind it in a lane. Called with mu held.
func (c *call) inherit() {
	if c.outer == nil {
		return
	}
	kept := make([]item, 0, len(c.outer.inbox))
	for _, it := range c.outer.inbox {
		if it.ret != nil {
			kept = append(kept, it)
		} else {
			c.push(it)
		}
	}
	c.outer.inbox = kept
}

// leave ends a call. What it should still have done others do.
func (p *Peer) leave(c *call) {
	p.mu.Lock()
	delete(p.calls, c.id)
	p.unlink(c)
	left := c.inbox
	c.inbox = nil
	p.mu.Unlock()
	for _, it := range left {
		p.reroute(it)
	}
}

func (p *Peer) unlink(c *call) {
	if p.waiting[c.chain] == c {
		if c.outer == nil {
			delete(p.waiting, c.chain)
		} else {
			p.waiting[c.chain] = c.outer
		}
		return
	}
	for other := p.waiting[c.chain]; other != nil; other = other.outer {
		if other.outer == c {
			other.outer = c.outer
		}
	}
}

func (p *Peer) forget(c *call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.calls, c.id)
}

// reroute finds somebody for what a call that is over has left.
func (p *Peer) reroute(it item) {
	if it.frame == nil {
		p.discard(it.ret)
		return
	}
	if err := p.takeCall(it.frame); err != nil {
		p.log.Debug("a call came too late", "err", err)
	}
}

// push gives whoever waits for c something to do. Called with mu held.
func (c *call) push(it item) {
	c.inbox = append(c.inbox, it)
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// serveChain does what has gathered, in order, until the answer is there.
func (p *Peer) serveChain(ctx context.Context, c *call) *pb.Frame {
	for {
		p.mu.Lock()
		if len(c.inbox) == 0 {
			p.mu.Unlock()
			return nil
		}
		it := c.inbox[0]
		c.inbox = c.inbox[1:]
		p.mu.Unlock()
		if it.ret != nil {
			return it.ret
		}
		p.run(ctx, it.frame)
		p.keepTicket(sdk.ChainOf(ctx))
	}
}

// takeReturn hands an answer to whoever waits for it. Answers that nobody waits for any more are forgotten.
func (p *Peer) takeReturn(ret *pb.Frame) error {
	p.mu.Lock()
	c := p.calls[ret.GetId()]
	if c == nil {
		p.mu.Unlock()
		p.discard(ret)
		return nil
	}
	defer p.mu.Unlock()
	if c.late != nil {
		delete(p.calls, c.id)
	}
	p.afterSending(c.chain, func() {
		switch {
		case c.late != nil:
			c.ret = ret
			p.crew.add(c)
		case p.calls[c.id] == c:
			c.push(item{ret: ret})
		default:
			go p.discard(ret)
		}
	})
	return nil
}

// discard forgets an answer, with the things that it gives.
func (p *Peer) discard(f *pb.Frame) {
	defer p.unpin(f)
	if _, err := p.decodeList(f.GetReturn().GetResults(), 0); err != nil {
		p.log.Debug("a late answer makes no sense", "err", err)
	}
}
