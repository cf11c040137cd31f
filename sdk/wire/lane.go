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
	passed bool        // the next one may run
	timer  *time.Timer // lets the next one run when a call does not end in time; nil as long as none waits
	after  []func()    // what the chain does next, to be begun when the slot has passed; called with mu held
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
		p.crew.add(s)
		return
	}
	l.queue[0].watch()
}

// maxHeld is of about how many casts of a lane the stanzas share their output.
const maxHeld = 64

// do runs a slot, and casts behind it; what they write goes out together. Whoever is behind those takes his turn after all that wait (job).
func (s *slot) do(w *worker) {
	p := s.peer
	if w.out == nil && p.opts.NewBatch != nil {
		w.out = p.opts.NewBatch()
	}
	isCast := s.frame.GetCast() != nil
	for n := 0; s != nil; {
		n += s.stanzas()
		p.runDetached(s.frame, s.deadline, s, w)
		if s = p.finish(s); !isCast || n >= maxHeld || s != nil && s.frame.GetCast() == nil {
			break
		}
	}
	if w.out != nil && isCast {
		w.out.Flush()
	}
	if s != nil {
		p.crew.add(s)
	}
}

// stanzas is how many stanzas a slot sends, at least 1.
func (s *slot) stanzas() int {
	if c := s.frame.GetCast(); isSend(c) {
		return len(c.Args) - 1
	}
	return 1
}

// watch lets the next in the lane run when the call that runs does not end in time: whoever made it has given it up. Called with mu held.
func (s *slot) watch() {
	if s.timer == nil && !s.deadline.IsZero() {
		s.timer = time.AfterFunc(time.Until(s.deadline), func() { s.Release(nil) })
	}
}

// Release lets the next in the lane run, since whoever runs this one has to wait (sdk.Holder).
func (s *slot) Release(*sdk.Chain) (retake func()) {
	p := s.peer
	p.mu.Lock()
	defer p.mu.Unlock()
	if next := p.pass(s); next != nil {
		p.crew.add(next)
	}
	return nil
}

// pass takes a slot out of its lane, lets its chain go on, and returns the next. Called with mu held.
func (p *Peer) pass(s *slot) *slot {
	if s.passed {
		return nil
	}
	s.passed = true
	if s.timer != nil {
		s.timer.Stop()
	}
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
	if len(l.queue) > 1 {
		l.queue[0].watch()
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
