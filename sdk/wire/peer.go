package wire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
	"weak"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
	"quatrain/xmpp/stanza"
)

// Options of a peer. The zero value is usable but for Root.
type Options struct {
	// Root is what the other side calls by the number 0.
	Root Target
	// Timeout is how long a call waits at most; 0 for ever.
	Timeout time.Duration
	// MaxFrame is the greatest size in bytes of a frame that the other side accepts; 0 for the default.
	MaxFrame int
	// HandOn is for the server's end: whoever has to wait in a lane lets the next go on. At a plugin's end who waits keeps its lane.
	HandOn bool
	// Credit bounds the bytes of casts with a lane that have not run; 0 for no bound. CreditGiven is what the other side allows.
	Credit, CreditGiven int
	// TakesSessions is whether the other side takes Ref.session (Hello.takes_sessions).
	TakesSessions bool
	// MaySend says whether the other side may send a stanza to a session; nil for any.
	MaySend func(st *stanza.Element) error
	// Cork is for a plugin's end: casts of a chain are held back until it ends or waits, but at most so long, so that they go out together. 0
	// holds nothing back.
	Cork time.Duration
	// NewBatch makes what output is held back in while casts follow each other; nil if there is no output.
	NewBatch func() sdk.Batch
	Log      *slog.Logger // nil discards
}

// Target is something of ours that the other side can call, if it is none of the contract's types.
type Target interface {
	// Invoke answers a call, or does what a cast with a lane asks for.
	Invoke(ctx context.Context, c *Invocation) ([]any, error)
}

// Caster takes casts without a lane. It must not block.
type Caster interface {
	Cast(c *Invocation) error
}

// Invocation is a call or a cast as it arrived.
type Invocation struct {
	Method string
	Args   Args
	// Event is what is to be handled or fired, nil if the call has none. What becomes of it is told to the caller.
	Event *sdk.Event
	// Deferred is whether the caller goes on without the answer.
	Deferred bool
}

// Peer is one end of a stream. Safe for concurrent use.
type Peer struct {
	opts   Options
	stream Stream
	log    *slog.Logger
	base   context.Context // of what the other side begins; ends with the stream
	cancel context.CancelFunc

	out     outbox
	exports exports
	imports imports
	types   types
	credit  credit

	tellDropped func(id uint64) // dropped, without holding the peer
	recipients  recipients
	kept        keeper
	prints      prints
	crew        crew

	lastCall atomic.Uint64

	mu      sync.Mutex // guards the rest
	calls   map[uint64]*call
	waiting map[uint64]*call // by chain: the innermost call that waits
	lanes   map[string]*lane
	sending map[uint64]*slot // by chain: what it sent last and has not been sent
	tickets map[uint64]sdk.Ticket
	pings   map[uint64]chan struct{}
	ended   error
	done    chan struct{} // closed with ended
}

// ErrEnded tells that the stream has ended.
var ErrEnded = errors.New("the connection has ended")

// NewPeer makes one end of a stream on which the Hellos have been exchanged.
func NewPeer(stream Stream, opts Options) *Peer {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.MaxFrame <= 0 {
		opts.MaxFrame = DefaultMaxFrame
	}
	p := &Peer{
		opts: opts, stream: stream, log: opts.Log, done: make(chan struct{}),
		calls: map[uint64]*call{}, waiting: map[uint64]*call{}, lanes: map[string]*lane{}, sending: map[uint64]*slot{}, tickets: map[uint64]sdk.Ticket{},
		pings: map[uint64]chan struct{}{},
	}
	p.base, p.cancel = context.WithCancel(context.Background())
	peer := weak.Make(p)
	p.tellDropped = func(id uint64) {
		if p := peer.Value(); p != nil {
			p.dropped(id)
		}
	}
	p.out.init(opts.Cork)
	p.exports.init()
	p.imports.init()
	p.types.init()
	p.credit.init(opts.CreditGiven)
	p.recipients.init()
	p.crew.init()
	return p
}

// Run reads and writes until the stream ends, beginning with frames that came with the Hello. The error is never nil.
func (p *Peer) Run(early []*pb.Frame) error {
	go p.write()
	frames := early
	for {
		for _, f := range frames {
			if err := p.take(f); err != nil {
				p.End(err)
				return err
			}
		}
		b, err := p.stream.Recv()
		if err != nil {
			p.End(fmt.Errorf("%w: %w", ErrEnded, err))
			return p.Err()
		}
		frames = b.GetFrames()
	}
}

// End makes all calls that wait fail with err, and everything that comes later. The stream itself is its owner's.
func (p *Peer) End(err error) {
	p.end(err)
	p.imports.letGo()
}

func (p *Peer) end(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended != nil {
		return
	}
	p.ended = err
	p.cancel()
	close(p.done)
	p.crew.close()
	for id, c := range p.calls {
		if c.late != nil {
			delete(p.calls, id)
			go c.late(nil, err)
		}
	}
}

// Done is closed when the stream has ended; Err then says why.
func (p *Peer) Done() <-chan struct{} { return p.done }

func (p *Peer) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

// take deals with one frame. It does not block. An error is one of the other side's program, and ends the stream.
func (p *Peer) take(f *pb.Frame) error {
	switch body := f.GetBody().(type) {
	case *pb.Frame_Call:
		p.pin(f)
		return p.takeCall(f)
	case *pb.Frame_Return:
		p.pin(f)
		return p.takeReturn(f)
	case *pb.Frame_Cast:
		return p.takeCast(f, body.Cast)
	case *pb.Frame_Type:
		return p.types.learn(body.Type)
	case *pb.Frame_Release:
		return p.exports.release(body.Release.GetId(), body.Release.GetCount())
	case *pb.Frame_Drop:
		p.imports.drop(body.Drop.GetId())
		return nil
	case *pb.Frame_Ping:
		return p.send(&pb.Frame{Body: &pb.Frame_Pong{Pong: body.Ping}})
	case *pb.Frame_Pong:
		p.pong(body.Pong.GetNumber())
		return nil
	case *pb.Frame_Credit:
		p.credit.add(int(body.Credit.GetBytes()))
		return nil
	}
	return fmt.Errorf("a frame of an unknown kind, %T", f.GetBody())
}

// Ping waits until the other side's reader has seen everything that was sent before.
func (p *Peer) Ping(ctx context.Context) error {
	number, seen := p.lastCall.Add(1), make(chan struct{})
	p.mu.Lock()
	p.pings[number] = seen
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.pings, number)
	}()
	if err := p.send(&pb.Frame{Body: &pb.Frame_Ping{Ping: &pb.Ping{Number: number}}}); err != nil {
		return err
	}
	select {
	case <-seen:
		return nil
	case <-p.done:
		return p.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *Peer) pong(number uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if seen := p.pings[number]; seen != nil {
		close(seen)
		delete(p.pings, number)
	}
}
