package wire

import (
	"bytes"
	"context"
	"iter"
	"slices"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
	"quatrain/xmpp/stanza"
)

// What a chain sends in the name of one host, one stanza after the other, is one cast with many stanzas: somebody who enters a room is
// shown everybody there.

const (
	sendMethod = "Send"
	eachMethod = "SendEach" // with the recipient in the place of the session
	// maxSends is how many stanzas a cast has at most, maxSendsBytes how long it may become.
	maxSends      = 32
	maxSendsBytes = 32 << 10
)

// Send casts a module's "Send" of a stanza without a session in the lane of its sender.
func (p *Peer) Send(ctx context.Context, target uint64, st *stanza.Element) error {
	chain, lane := sdk.WithChain(ctx), Lane(st.From())
	v, err := p.encode(ctx, st)
	if err != nil {
		return err
	}
	if _, held := chain.Batch().(corked); held && p.sendMore(chain.ID(), lane, target, v) {
		return nil
	}
	return p.cast(chain, lane, &pb.Cast{Target: target, Method: sendMethod, Args: []*pb.Value{{}, v}})
}

// SendEach casts a module's "SendEach", in the lane of the senders, with as many stanzas as a cast may have.
func (p *Peer) SendEach(ctx context.Context, target uint64, to string, list iter.Seq[*stanza.Printed]) error {
	chain, first := sdk.WithChain(ctx), text(to)
	next := eachCast{args: []*pb.Value{first}}
	for st := range list {
		if !next.fits(st) {
			if err := p.castEach(chain, target, &next); err != nil {
				return err
			}
			next = eachCast{args: []*pb.Value{first}}
		}
		next.add(st)
	}
	return p.castEach(chain, target, &next)
}

// eachCast is a cast that is being made.
type eachCast struct {
	lane string
	args []*pb.Value
	slab []stanzaValue // for further values
	size int
}

func (c *eachCast) fits(st *stanza.Printed) bool {
	return len(c.args) == 1 || len(c.args) <= maxSends && c.size+st.Len() <= maxSendsBytes && Lane(st.From()) == c.lane
}

func (c *eachCast) add(st *stanza.Printed) {
	if len(c.args) == 1 {
		c.lane = Lane(st.From())
	}
	if len(c.slab) == 0 {
		c.slab = make([]stanzaValue, len(c.args)) // twice as many each time
		c.args = slices.Grow(c.args, len(c.slab))
	}
	v := &c.slab[0]
	c.slab = c.slab[1:]
	v.kind.Stanza = st.Bytes()
	v.value.Kind = &v.kind
	c.args = append(c.args, &v.value)
	c.size += st.Len()
}

func (p *Peer) castEach(chain *sdk.Chain, target uint64, c *eachCast) error {
	if len(c.args) == 1 {
		return nil
	}
	return p.cast(chain, c.lane, &pb.Cast{Target: target, Method: eachMethod, Args: c.args})
}

// sendMore adds a stanza to the cast that the chain sent last, if that waits still and there is credit.
func (p *Peer) sendMore(chain uint64, lane string, target uint64, v *pb.Value) bool {
	size := within(valueSize(v)) // by so much the cast becomes longer
	if p.credit.spend(size) != nil {
		return false
	}
	if p.out.grow(chain, lane, target, v, size) {
		return true
	}
	p.credit.refund(size)
	return false
}

// refund gives back what was not sent.
func (c *credit) refund(bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left += bytes
}

// grow adds a stanza to the last frame that waits, if it is a cast of such ones that has room.
func (o *outbox) grow(chain uint64, lane string, target uint64, v *pb.Value, size int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.frames) == 0 {
		return false
	}
	last := &o.frames[len(o.frames)-1]
	f := last.frame
	c := f.GetCast()
	fits := isSend(c) && c.Method == sendMethod && c.Args[0].GetKind() == nil && len(c.Args) <= maxSends && last.size+size <= maxSendsBytes
	if !fits || f.Chain != chain || c.Target != target || !bytes.Equal(f.Lane, []byte(lane)) {
		return false
	}
	c.Args = append(c.Args, v)
	last.size += size
	return true
}

// isSend is whether a cast sends stanzas for a module.
func isSend(c *pb.Cast) bool {
	return (c.GetMethod() == sendMethod || c.GetMethod() == eachMethod) && len(c.GetArgs()) >= 2
}

// runSends sends one stanza after the other. When the slot has let go of its lane others have the rest (slot.rest).
func (p *Peer) runSends(ctx context.Context, s *slot, c *pb.Cast) {
	for i := 1; i < len(c.Args); i++ {
		if !p.begin(s, i) {
			return
		}
		p.runCast(ctx, &pb.Call{Target: c.Target, Method: c.Method, Args: []*pb.Value{c.Args[0], c.Args[i]}})
	}
}

// runEach is runSends for stanzas that go to one recipient; s is nil if they have no lane. They are given to the module together, and each begins when
// the module takes it. One that fails ends that, and the rest is given again.
func (p *Peer) runEach(ctx context.Context, s *slot, c *pb.Cast) {
	t, err := p.target(c.GetTarget())
	var to any
	if err == nil {
		to, err = p.decode(c.Args[0])
	}
	if err != nil {
		p.refused(eachMethod, err)
		return
	}
	e := &each{peer: p, slot: s, args: c.Args}
	in := &Invocation{Method: eachMethod, Args: []any{to, iter.Seq[*stanza.Printed](e.all)}}
	for taken := -1; !e.ended() && taken != e.at; { // until nobody takes any
		taken, e.err = e.at, nil
		if _, err = call1(ctx, p, t, in); err == nil {
			err = e.err
		}
		if err != nil {
			p.refused(eachMethod, err)
		}
	}
}

// each are the stanzas of a "SendEach", from one on.
type each struct {
	peer *Peer
	slot *slot // may be nil
	args []*pb.Value
	at   int // of the last that has begun; the first stanza is at 1
	over bool
	err  error // of what could not be read
}

func (e *each) ended() bool { return e.over || e.at+1 >= len(e.args) }

// all are those that have not begun.
func (e *each) all(yield func(*stanza.Printed) bool) {
	for !e.ended() {
		if e.slot != nil && !e.peer.begin(e.slot, e.at+1) {
			e.over = true
			return
		}
		e.at++
		var p *stanza.Printed
		if p, e.err = e.peer.prints.of(e.args[e.at].GetStanza()); e.err != nil || !yield(p) {
			return
		}
	}
}

// begin notes that the ith argument is being sent; false if the slot has passed.
func (p *Peer) begin(s *slot, i int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.begun = i
	return !s.passed
}

// rest is a slot for the stanzas of a cast that have not been begun with, nil if there are none. Called with mu held.
func (s *slot) rest() *slot {
	c := s.frame.GetCast()
	if !isSend(c) || s.begun == 0 || s.begun+1 >= len(c.Args) {
		return nil
	}
	left := &pb.Cast{Target: c.Target, Method: c.Method, Args: append([]*pb.Value{c.Args[0]}, c.Args[s.begun+1:]...)}
	f := &pb.Frame{Chain: s.frame.Chain, Lane: s.frame.Lane, Body: &pb.Frame_Cast{Cast: left}}
	s.peer.pin(f)
	r := &slot{peer: s.peer, frame: f, lane: s.lane, after: s.after}
	for _, v := range left.Args[1:] {
		r.cost += within(valueSize(v))
	}
	s.cost -= r.cost
	s.after = nil
	return r
}
