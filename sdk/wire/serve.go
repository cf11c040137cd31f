package wire

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
)

// takeCall lets somebody run a call: whoever waits in its chain, its lane, or a goroutine of its own.
func (p *Peer) takeCall(f *pb.Frame) error {
	if f.GetId() == 0 {
		return fmt.Errorf("a call of %q without a number", f.GetCall().GetMethod())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting[f.GetChain()] != nil && f.GetChain() != 0 {
		p.afterSending(f.GetChain(), func() { p.passOn(f) })
		return nil
	}
	deadline := deadlineOf(f.GetCall())
	if len(f.GetLane()) > 0 {
		p.queue(string(f.GetLane()), &slot{peer: p, frame: f, deadline: deadline})
		return nil
	}
	p.afterSending(f.GetChain(), func() { p.crew.add(&detached{p, f, deadline}) })
	return nil
}

// detached is a call that nobody waits for here, and that has no lane (job).
type detached struct {
	peer     *Peer
	frame    *pb.Frame
	deadline time.Time
}

func (d *detached) do(w *worker) { d.peer.runDetached(d.frame, d.deadline, nil, w) }

// afterSending calls f when what a chain has sent before has passed its lane. Called with mu held, as is f.
func (p *Peer) afterSending(chain uint64, f func()) {
	if last := p.sending[chain]; last != nil && chain != 0 {
		last.after = append(last.after, f)
		return
	}
	f()
}

// passOn gives a call to whoever waits in its chain by now. Called with mu held.
func (p *Peer) passOn(f *pb.Frame) {
	if w := p.waiting[f.GetChain()]; w != nil {
		w.push(item{frame: f})
		return
	}
	p.crew.add(&detached{p, f, deadlineOf(f.GetCall())})
}

func deadlineOf(c *pb.Call) time.Time {
	if ms := c.GetTimeoutMs(); ms > 0 {
		return time.Now().Add(time.Duration(ms) * time.Millisecond)
	}
	return time.Time{}
}

// takeCast runs a cast at once, or in its lane.
func (p *Peer) takeCast(f *pb.Frame, c *pb.Cast) error {
	if len(f.GetLane()) == 0 {
		if err := p.castNow(c); err != nil {
			p.log.Error("a message was refused", "method", c.GetMethod(), "err", err)
		}
		return nil
	}
	p.pin(f)
	s := &slot{peer: p, frame: f, cost: castSize(c)}
	if err := p.credit.charge(s.cost, p.opts.Credit, p.opts.MaxFrame); err != nil {
		return err
	}
	if err := p.kept.resolve(c); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if f.GetChain() != 0 {
		p.sending[f.GetChain()] = s
	}
	p.queue(string(f.GetLane()), s)
	return nil
}

func (p *Peer) castNow(c *pb.Cast) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &Panic{Value: r, Trace: debug.Stack()}
		}
	}()
	t, err := p.target(c.GetTarget())
	if err != nil {
		return err
	}
	caster, ok := t.(Caster)
	if !ok {
		return sdk.ErrNoMethod
	}
	args, err := p.decodeList(c.GetArgs(), 0)
	if err != nil {
		return err
	}
	return caster.Cast(&Invocation{Method: c.GetMethod(), Args: args})
}

// runDetached runs a frame for which nobody waits here. What a cast writes is held back in the worker's output.
func (p *Peer) runDetached(f *pb.Frame, deadline time.Time, s *slot, w *worker) {
	ctx := p.base
	if !deadline.IsZero() {
		d := &deadlineContext{Context: ctx, deadline: deadline}
		defer d.end()
		ctx = d
	}
	var chain *sdk.Chain
	if f.GetChain() == 0 || f.GetCast() != nil { // whoever sent goes on beside: what comes of it is another line of control
		chain = sdk.NewChain(ctx)
	} else {
		chain = sdk.ContinueChain(ctx, f.GetChain())
	}
	chain.SetTicket(p.ticket(f.GetChain()))
	switch {
	case p.opts.Cork > 0:
		chain.SetBatch(corked{&p.out})
		defer p.out.tell()
	case w.out != nil && f.GetCast() != nil:
		chain.SetBatch(w.out)
	}
	chain.Hold(w)
	defer chain.Drop()
	if s != nil && p.opts.HandOn {
		chain.Hold(s)
		defer chain.Drop()
	}
	switch c := f.GetCast(); {
	case isSend(c) && c.Method == eachMethod:
		p.runEach(chain, s, c)
		p.unpin(f)
	case isSend(c) && s != nil && len(c.Args) > 2:
		p.runSends(chain, s, c)
		p.unpin(f)
	default:
		p.run(chain, f)
	}
	p.keepTicket(chain)
}

// run runs a call and answers it, or runs a cast.
func (p *Peer) run(ctx context.Context, f *pb.Frame) {
	defer p.unpin(f)
	if c := f.GetCast(); c != nil {
		p.runCast(ctx, &pb.Call{Target: c.GetTarget(), Method: c.GetMethod(), Args: c.GetArgs()})
		return
	}
	late := func(ret *pb.Return) { p.respond(f, ret) }
	ret, deferred, err := p.invoke(ctx, f.GetCall(), late)
	if deferred {
		return
	}
	if err != nil {
		ret.Error = encodeError(err)
	}
	p.keepTicket(sdk.ChainOf(ctx)) // before the answer: what the other side sends after it may be here at once
	p.respond(f, ret)
}

// runCast does what a cast asks for. What is wrong with it is logged.
func (p *Peer) runCast(ctx context.Context, c *pb.Call) {
	ret, _, err := p.invoke(ctx, c, nil)
	if err == nil && ret.GetError() != nil {
		err = decodeError(ret.GetError())
	}
	if err != nil {
		p.refused(c.GetMethod(), err)
	}
}

func (p *Peer) refused(method string, err error) {
	p.log.Error("what the plugin sent was refused", append([]any{"method", method}, attrs(err)...)...)
}

func (p *Peer) respond(f *pb.Frame, ret *pb.Return) {
	answer := &pb.Frame{Chain: f.GetChain(), Id: f.GetId(), Body: &pb.Frame_Return{Return: ret}}
	if err := p.send(answer); err != nil {
		answer.Body = &pb.Frame_Return{Return: &pb.Return{Error: encodeError(err)}}
		_ = p.send(answer) // the stream has ended: nobody waits any more
	}
}

// invoke decodes a call, does it, and encodes its answer, but for the error. deferred means that late is going to be called with the answer.
func (p *Peer) invoke(ctx context.Context, c *pb.Call, late func(*pb.Return)) (ret *pb.Return, deferred bool, err error) {
	ret = &pb.Return{}
	t, err := p.target(c.GetTarget())
	if err != nil {
		return ret, false, err
	}
	in := &Invocation{Method: c.GetMethod(), Deferred: c.GetDeferred()}
	if in.Args, err = p.decodeList(c.GetArgs(), 0); err != nil {
		return ret, false, err
	}
	var before *snapshot
	if c.GetEvent() != nil {
		if in.Event, before, err = p.decodeEvent(ctx, c.GetEvent()); err != nil {
			return ret, false, err
		}
	}
	if in.Deferred && in.Event != nil {
		in.Event.AcceptLate(finisher(func(result any, err error) {
			ret := &pb.Return{}
			p.complete(ctx, ret, in.Event, before, []any{result}, err)
			late(ret)
		}))
	}
	results, err := call1(ctx, p, t, in)
	if len(results) == 1 {
		if d, ok := results[0].(*sdk.Deferral); ok && err == nil && in.Event != nil && in.Event.Deferrable() {
			d.OnResume(in.Event.Late().Finish)
			return nil, true, nil
		}
	}
	p.complete(ctx, ret, in.Event, before, results, err)
	return ret, false, nil
}

type finisher func(result any, err error)

func (f finisher) Finish(_ context.Context, result any, err error) { f(result, err) }

// complete fills in an answer.
func (p *Peer) complete(ctx context.Context, ret *pb.Return, ev *sdk.Event, before *snapshot, results []any, err error) {
	if before != nil && !(ev.Deferrable() && len(results) > 0 && results[0] != nil) { // such an event is over
		changes, failed := p.changes(ctx, ev, before)
		if err == nil {
			err = failed
		}
		ret.Event = changes
	}
	if err == nil {
		ret.Results, err = p.encodeAll(ctx, results)
	}
	if err != nil {
		ret.Error = encodeError(err)
	}
}

// call1 is the call itself. A panic is an error with its stack.
func call1(ctx context.Context, p *Peer, t any, in *Invocation) (results []any, err error) {
	defer func() {
		if r := recover(); r != nil {
			results, err = nil, &Panic{Value: r, Trace: debug.Stack()}
		}
	}()
	return p.dispatch(ctx, t, in)
}

// ticket is the newest write of a chain that is not yet durable.
func (p *Peer) ticket(chain uint64) sdk.Ticket {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tickets[chain]
}

// keepTicket remembers a chain's newest write for what the other side does later in the chain, until it is durable.
func (p *Peer) keepTicket(chain *sdk.Chain) {
	if chain == nil || chain.Ticket() == nil {
		return
	}
	t, id := chain.Ticket(), chain.ID()
	p.mu.Lock()
	known := p.tickets[id] == t
	p.tickets[id] = t
	p.mu.Unlock()
	if known {
		return
	}
	go func() {
		_ = t.Wait() // whoever sends waits for it, too, and sees the error
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.tickets[id] == t {
			delete(p.tickets, id)
		}
	}()
}
