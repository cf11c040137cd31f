package wire

import (
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
)

// lane is a queue of frames that run one after the other. The first is running.
type lane struct {
	key   string
	queue []*slot
}

// slot is a frame's place in a lane. Peer.mu guards all but the immutable peer, frame and deadline.
type slot struct {
	peer     *Peer
	frame    *pb.Frame
	deadline time.Time
	cost     int // of a cast
	begun    int // of a cast that sends many stanzas: which argument

	lane   *lane
	passed bool     // the next one may run
	after  []func() // what the chain does next, to be begun when the slot has passed; called with mu held
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
		go p.work(s)
	}
}

// maxHeld is of about how many casts of a lane the stanzas share their output.
const maxHeld = 64

// work runs a slot, and those behind it unless it has let them go on. What casts that follow each other write goes out together.
func (p *Peer) work(s *slot) {
	var out sdk.Batch
	if p.opts.NewBatch != nil {
		out = p.opts.NewBatch()
	}
	for n := 0; s != nil; {
		n += s.stanzas()
		stop := p.watch(s)
		p.runDetached(s.frame, s.deadline, s, out)
		stop()
		s = p.finish(s)
		if out != nil && (s == nil || s.frame.GetCast() == nil || n >= maxHeld) {
			n = 0
			out.Flush()
		}
	}
}

// stanzas is how many stanzas a slot sends, at least 1.
func (s *slot) stanzas() int {
	if c := s.frame.GetCast(); isSend(c) {
		return len(c.Args) - 1
	}
	return 1
}

// watch lets the next in the lane run when a call does not end in time: whoever made it has given it up.
func (p *Peer) watch(s *slot) (stop func()) {
	if s.deadline.IsZero() {
		return func() {}
	}
	t := time.AfterFunc(time.Until(s.deadline), func() { s.Release(nil) })
	return func() { t.Stop() }
}

// Release lets the next in the lane run, since whoever runs this one has to wait (sdk.Holder).
func (s *slot) Release(*sdk.Chain) (retake func()) {
	p := s.peer
	p.mu.Lock()
	defer p.mu.Unlock()
	if next := p.pass(s); next != nil {
		go p.work(next)
	}
	return nil
}

// pass takes a slot out of its lane, lets its chain go on, and returns the next. Called with mu held.
func (p *Peer) pass(s *slot) *slot {
	if s.passed {
		return nil
	}
	s.passed = true
	chain, rest := s.frame.GetChain(), s.rest()
	if rest != nil {
		if p.sending[chain] == s {
			p.sending[chain] = rest
		}
		s.lane.queue[0] = rest
		return rest
	}
	if p.sending[chain] == s {
		delete(p.sending, chain)
	}
	for _, f := range s.after {
		f()
	}
	s.after = nil
	l := s.lane
	l.queue[0] = nil
	l.queue = l.queue[1:]
	if len(l.queue) == 0 {
		delete(p.lanes, l.key)
		return nil
	}
	return l.queue[0]
}

// finish is called when a slot has run; it returns the next one, which the caller is to run.
func (p *Peer) finish(s *slot) (next *slot) {
	p.mu.Lock()
	next = p.pass(s)
	cost := s.cost
	p.mu.Unlock()
	if cost > 0 {
		p.giveCredit(cost)
	}
	return next
}

var _ sdk.Holder = (*slot)(nil)
