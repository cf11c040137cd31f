package wire

import (
	"bytes"
	"context"

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
func (p *Peer) SendEach(ctx context.Context, target uint64, to string, list []*stanza.Printed) error {
	chain := sdk.WithChain(ctx)
	for len(list) > 0 {
		lane := Lane(list[0].From())
		args, size := []*pb.Value{text(to)}, 0
		for len(list) > 0 && len(args) <= maxSends && size <= maxSendsBytes && Lane(list[0].From()) == lane {
			args = append(args, &pb.Value{Kind: &pb.Value_Stanza{Stanza: list[0].Bytes()}})
			size += list[0].Len()
			list = list[1:]
		}
		if err := p.cast(chain, lane, &pb.Cast{Target: target, Method: eachMethod, Args: args}); err != nil {
			return err
		}
	}
	return nil
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
