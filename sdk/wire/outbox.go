package wire

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"quatrain/sdk/wire/pb"
)

// A batch is at most so long, unless one frame is longer.
const (
	maxBatchFrames = 256
	maxBatchBytes  = 1 << 20
)

// outbox holds the frames that wait to be written. What is there when the writer is idle goes out at once, what gathers meanwhile goes together, as
// does what a chain sends while it has a corked batch.
type outbox struct {
	wake chan struct{} // tells the writer that there is something
	cork time.Duration // how long a frame waits for others of its chain at most

	mu     sync.Mutex // guards the rest
	frames []outgoing
	told   bool        // whether the writer knows, so that it takes what is added
	timer  *time.Timer // tells the writer of what was held back for long
	timed  bool        // whether it runs
	closed bool
	idle   chan struct{} // closed when all has been written; nil if nobody waits for it
	busy   bool
}

type outgoing struct {
	frame *pb.Frame
	size  int
}

func (o *outbox) init(cork time.Duration) { o.wake, o.cork = make(chan struct{}, 1), cork }

// corked is output of a chain that goes out when it is flushed, soon at any rate (sdk.Batch).
type corked struct{ out *outbox }

func (c corked) Flush() { c.out.tell() }

// tell lets go what is held back.
func (o *outbox) tell() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.frames) > 0 {
		o.tellLocked()
	}
}

// tellLocked is called with mu held.
func (o *outbox) tellLocked() {
	if o.told {
		return
	}
	o.told = true
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// holdLocked tells the writer later. Called with mu held.
func (o *outbox) holdLocked() {
	switch {
	case o.told || o.timed:
		return
	case o.timer == nil:
		o.timer = time.AfterFunc(o.cork, o.expire)
	default:
		o.timer.Reset(o.cork)
	}
	o.timed = true
}

func (o *outbox) expire() {
	o.mu.Lock()
	o.timed = false
	o.mu.Unlock()
	o.tell()
}

// ErrTooLarge tells that a frame would be larger than the other side accepts.
var ErrTooLarge = errors.New("larger than the other side accepts")

// send queues a frame. It does not wait for anything.
func (p *Peer) send(f *pb.Frame) error {
	size := frameSize(f)
	if size > p.opts.MaxFrame {
		return fmt.Errorf("a frame of %d bytes is %w (%d)", size, ErrTooLarge, p.opts.MaxFrame)
	}
	return p.sendSized(f, size, false)
}

// sendSized queues a frame that is not too large. One that is held back goes out with the next that is not, or when the chain's batch is flushed.
func (p *Peer) sendSized(f *pb.Frame, size int, held bool) error {
	o := &p.out
	o.mu.Lock()
	if o.closed {
		o.mu.Unlock()
		return p.Err()
	}
	o.frames = append(o.frames, outgoing{frame: f, size: size})
	if held && len(o.frames) < maxBatchFrames/2 {
		o.holdLocked()
	} else {
		o.tellLocked()
	}
	o.mu.Unlock()
	return nil
}

// write writes until the stream ends.
func (p *Peer) write() {
	for {
		select {
		case <-p.out.wake:
		case <-p.done:
			p.out.close()
			return
		}
		runtime.Gosched() // whoever can run has perhaps something to send, too
		for frames := p.out.take(); len(frames) > 0; frames = p.out.take() {
			if err := p.writeAll(frames); err != nil {
				p.End(fmt.Errorf("%w: %w", ErrEnded, err))
				break
			}
		}
	}
}

func (o *outbox) take() []outgoing {
	o.mu.Lock()
	defer o.mu.Unlock()
	frames := o.frames
	o.frames = nil
	o.busy = len(frames) > 0
	o.told = o.busy
	if !o.busy && o.idle != nil {
		close(o.idle)
		o.idle = nil
	}
	return frames
}

func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.frames = nil
	if o.idle != nil {
		close(o.idle)
		o.idle = nil
	}
}

// Flush waits until everything queued has been written, or the stream has ended.
func (p *Peer) Flush() {
	o := &p.out
	o.mu.Lock()
	if o.closed || !o.busy && len(o.frames) == 0 {
		o.mu.Unlock()
		return
	}
	if o.idle == nil {
		o.idle = make(chan struct{})
	}
	o.tellLocked()
	idle := o.idle
	o.mu.Unlock()
	<-idle
}

func (p *Peer) writeAll(frames []outgoing) error {
	for len(frames) > 0 {
		n, bytes := 0, 0
		for n < len(frames) && n < maxBatchFrames && (n == 0 || bytes+frames[n].size <= maxBatchBytes) {
			bytes += frames[n].size
			n++
		}
		b := &pb.Batch{Frames: make([]*pb.Frame, n)}
		for i := range n {
			b.Frames[i] = frames[i].frame
		}
		if err := p.stream.Send(b); err != nil {
			return err
		}
		frames = frames[n:]
	}
	return nil
}
