package wire

import (
	"context"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
)

// lane is a queue of frames that run one after the other. The first is running.
type lane struct {
	key   string
	queue []*slot
}

// slot is a frame's place in a lane. Peer.mu guards all but the immutable peer, frame, deadline and cost.
type slot struct {
	peer     *Peer
	frame    *pb.Frame
	deadline time.Time
	cost     int // of a cast

	lane    *lane
	owner   *call         // whoever waits for it runs the slot when it is its turn; nil for a goroutine of its own
	granted chan struct{} // of a slot with an owner: closed when it is its turn
	deputy  chan struct{} // of a slot that runs in the place of its owner, who waits elsewhere: closed when it has run
	started bool
	passed  bool     // the next one may run
	after   []func() // is called when the slot is over
}

// queue puts a slot at the end of a lane. Called with mu held.
func (p *Peer) queue(key string, s *slot) {
	l := p.lanes[key]
	if l == nil {
		l = &lane{key: key}
		p.lanes[key] = l
	}
	s.lane = l
	l.queue = append(l.queue, s)
	if len(l.queue) == 1 {
		p.start(s)
	}
}

// start lets the first slot of a lane run. Called with mu held.
func (p *Peer) start(s *slot) {
	s.started = true
	switch {
	case s.owner == nil:
		go p.work(s)
	case s.owner.away:
		close(s.granted)
		p.depute(s)
	default:
		close(s.granted)
	}
}

// depute lets a slot run that is at the head of its lane and whose owner waits elsewhere, maybe for what comes behind it. Called with mu held.
func (p *Peer) depute(s *slot) {
	s.deputy = make(chan struct{})
	go p.work(s)
}

// work runs a slot, and those behind it as long as nobody else has to.
func (p *Peer) work(s *slot) {
	for s != nil {
		stop := p.watch(s)
		p.runDetached(s.frame, s.deadline, s)
		stop()
		s = p.finish(s)
	}
}

// watch lets the next in the lane run when a call does not end in time: whoever made it has given it up.
func (p *Peer) watch(s *slot) (stop func()) {
	if s.deadline.IsZero() {
		return func() {}
	}
	t := time.AfterFunc(time.Until(s.deadline), func() { s.Release(nil) })
	return func() { t.Stop() }
}

// takeTurn waits for a slot's turn and runs it in the chain of ctx, unless a deputy has. false tells that the owner's time is over.
func (p *Peer) takeTurn(ctx context.Context, s *slot, expired <-chan time.Time) bool {
	if !p.await(s.granted, expired) {
		p.disown(s)
		return false
	}
	p.mu.Lock()
	deputy := s.deputy
	p.mu.Unlock()
	if deputy != nil {
		return p.await(deputy, expired)
	}
	chain := sdk.ChainOf(ctx)
	chain.Hold(s)
	p.run(ctx, s.frame)
	chain.Drop()
	if next := p.finish(s); next != nil {
		go p.work(next)
	}
	return true
}

func (p *Peer) await(event <-chan struct{}, expired <-chan time.Time) bool {
	select {
	case <-event:
		return true
	case <-p.done:
	case <-expired:
	}
	return false
}

// disown gives a slot, whose waiter is gone, to its lane.
func (p *Peer) disown(s *slot) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.owner == nil {
		return
	}
	s.owner = nil
	if s.started && s.deputy == nil {
		go p.work(s)
	}
}

// Release lets the next in the lane run, since whoever runs this one has to wait (sdk.Holder).
func (s *slot) Release(*sdk.Chain) (retake func()) {
	p := s.peer
	p.mu.Lock()
	defer p.mu.Unlock()
	if next := p.pass(s); next != nil {
		p.start(next)
	}
	return nil
}

// pass takes a slot out of its lane and returns the next. Called with mu held.
func (p *Peer) pass(s *slot) *slot {
	if s.passed {
		return nil
	}
	s.passed = true
	l := s.lane
	l.queue[0] = nil
	l.queue = l.queue[1:]
	if len(l.queue) == 0 {
		delete(p.lanes, l.key)
		return nil
	}
	return l.queue[0]
}

// finish is called when a slot has run; it returns the next one if the caller is to run it.
func (p *Peer) finish(s *slot) (next *slot) {
	p.mu.Lock()
	next = p.pass(s)
	if next != nil && next.owner != nil {
		p.start(next)
		next = nil
	}
	if s.deputy != nil {
		close(s.deputy)
	}
	if next != nil {
		next.started = true
	}
	if chain := s.frame.GetChain(); p.sending[chain] == s {
		delete(p.sending, chain)
	}
	after := s.after
	s.after = nil
	p.mu.Unlock()
	for _, f := range after {
		f()
	}
	if s.cost > 0 {
		p.giveCredit(s.cost)
	}
	return next
}

var _ sdk.Holder = (*slot)(nil)
