package session

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"quatrain/sdk"
)

const (
	// step is how exactly waiting output is accounted for.
	step = 64 << 10
	// share is the part of the room that is left which one session may take: 1/8. As all sessions take from the same rest, what waits
	// altogether never reaches the limit, however many do not read.
	share = 8
	// lateAt is the part of its queue at which a session is late (1/4), caughtUpAt that at which it no longer is.
	lateAt, caughtUpAt = 4, 8
	// stall is how long a peer may take to accept a piece of maxPiece bytes and still count as one that reads.
	stall = time.Second
	// maxHold is how long whoever sends to a late peer waits for it at most.
	maxHold = 5 * time.Second
)

// Pressure is what all sessions of a server that share it owe their peers: it bounds what waits altogether, and remembers who sends more than
// somebody takes, so that they can be held up. Safe for concurrent use; nil bounds nothing and holds nobody up.
type Pressure struct {
	limit int64 // bytes; 0 for any number
	used  atomic.Int64

	pressing atomic.Int32       // len(sources)
	mu       sync.Mutex         // guards sources; an output's lock is never taken under it
	sources  map[string]*output // by the bare JID that stanzas come from, a late one of those they went to
}

// NewPressure bounds what waits for all peers together to a number of bytes, 0 for any.
func NewPressure(limit int) *Pressure {
	return &Pressure{limit: int64(limit), sources: map[string]*output{}}
}

// Waiting is how many bytes wait for peers that are behind, to the nearest 64 KiB for each.
func (p *Pressure) Waiting() int { return int(p.used.Load()) }

// room is how much may wait for one peer whose own limit is queue.
func (p *Pressure) room(queue int) int {
	if p == nil || p.limit == 0 {
		return queue
	}
	return int(min(int64(queue), max(0, p.limit-p.used.Load())/share))
}

func (p *Pressure) charge(bytes int) {
	if p != nil && bytes != 0 {
		p.used.Add(int64(bytes))
	}
}

// press notes that a stanza from an address went to a late peer.
func (p *Pressure) press(from string, o *output) {
	if p == nil || from == "" {
		return
	}
	bare := bareOf(from)
	p.mu.Lock()
	defer p.mu.Unlock()
	if o.late.Load() && p.sources[bare] == nil { // it may have caught up meanwhile
		p.sources[bare] = o
		p.pressing.Store(int32(len(p.sources)))
	}
}

// forget is told that a peer is not late any more, or that there is no use in waiting for it.
func (p *Pressure) forget(o *output) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for from, other := range p.sources {
		if other == o {
			delete(p.sources, from)
		}
	}
	p.pressing.Store(int32(len(p.sources)))
}

// Hold makes whoever sends to the bare JID of an address, or from it, wait until a peer reads what came from there before. Only a peer that
// does read is waited for, and for five seconds at most: who does not is left behind, and loses its session in the end.
func (p *Pressure) Hold(ctx context.Context, from, to string) {
	if p == nil || p.pressing.Load() == 0 {
		return
	}
	for _, address := range [...]string{to, from} {
		bare := bareOf(address)
		p.mu.Lock()
		o := p.sources[bare]
		p.mu.Unlock()
		if o != nil {
			sdk.WithChain(ctx).Wait(func() { o.awaitPeer(ctx) })
		}
	}
}

// bareOf is a prepared address without its resource.
func bareOf(address string) string {
	bare, _, _ := strings.Cut(address, "/")
	return bare
}
