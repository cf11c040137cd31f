package session

import (
	"runtime"
	"slices"
	"sync"

	"quatrain/sdk"
)

// each is for how many sessions that wait to be written to another walker is worth its while, atATime how many one takes at once.
const (
	each    = 32
	atATime = 16
)

// Rounds write to the sessions of a server one after the other. Whoever walks writes what the system takes at once and waits for no peer: a session for
// which more is to be done gets a writer of its own. So its goroutine, its stack and its path through the kernel are not begun anew for each of
// them, which is much where they have gone out of the caches meanwhile. Safe for concurrent use.
type Rounds struct {
	mu      sync.Mutex // guards the rest
	waiting []*output
	first   int // of those that wait
	walkers int
}

// NewRounds are the rounds of a server.
func NewRounds() *Rounds { return &Rounds{} }

// add lets outputs be written to, each at the latest when what is before it has been.
func (r *Rounds) add(list []*output) {
	r.mu.Lock()
	if r.first > len(r.waiting)/2 {
		r.waiting, r.first = r.waiting[:copy(r.waiting, r.waiting[r.first:])], 0
	}
	r.waiting = append(r.waiting, list...)
	start := 1 - r.walkers
	if n := (len(r.waiting) - r.first) / each; n > r.walkers {
		start = min(runtime.GOMAXPROCS(0), n) - r.walkers
	}
	r.walkers += max(start, 0)
	r.mu.Unlock()
	for range start {
		go r.walk()
	}
}

func (r *Rounds) walk() {
	v := visitors.Get().(*visitor)
	for {
		// Who has something to send to the same sessions adds it first. And Go's monitor takes the core from a goroutine that works for long and is in the
		// system most of the time, each time at the price of waking another thread.
		runtime.Gosched()
		if !r.take(v) {
			break
		}
		for i, o := range v.next {
			v.next[i] = nil
			v.visit(o)
		}
		v.handOver()
	}
	visitors.Put(v)
}

// take gives a walker the next outputs; false ends it.
func (r *Rounds) take(v *visitor) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	rest := r.waiting[r.first:]
	if len(rest) == 0 {
		r.walkers--
		return false
	}
	n := min(len(rest), atATime)
	v.next = append(v.next[:0], rest[:n]...)
	clear(rest[:n])
	switch r.first += n; {
	case r.first < len(r.waiting):
	case cap(r.waiting) > maxWaiting:
		r.waiting, r.first = nil, 0
	default:
		r.waiting, r.first = r.waiting[:0], 0
	}
	return true
}

// maxWaiting is how long the list of those that wait may be to be kept.
const maxWaiting = 4096

// visitor writes to one output after the other.
type visitor struct {
	attempt
	next  []*output
	later []*output // wait for a store
}

var visitors = sync.Pool{New: func() any { return newVisitor() }}

func newVisitor() *visitor {
	v := &visitor{}
	v.try = v.write
	return v
}

// visit writes to an output unless that waits for a store.
func (v *visitor) visit(o *output) {
	o.mu.Lock()
	o.batch = nil
	switch {
	case o.writing || !o.writable():
		o.mu.Unlock()
	case len(o.tickets) > 0:
		o.mu.Unlock()
		v.later = append(v.later, o)
	default:
		v.serve(o)
	}
}

// handOver gives those that wait for a store to somebody who waits with them.
func (v *visitor) handOver() {
	if len(v.later) > 0 {
		go again(v.later)
		v.later = nil
	}
}

// again goes to outputs that have waited for a store. As a rule all wait for the same write.
func again(later []*output) {
	t := later[0].waitsFor()
	durable := t != nil && t.Wait() == nil
	v := visitors.Get().(*visitor)
	for _, o := range later {
		v.visitAfter(o, t, durable)
	}
	visitors.Put(v)
}

// visitAfter writes to an output that waits for nothing but a ticket, if that is durable. Others get writers, which know what to do.
func (v *visitor) visitAfter(o *output, t sdk.Ticket, durable bool) {
	o.mu.Lock()
	if o.writing || !o.writable() || !durable || slices.ContainsFunc(o.tickets, func(other sdk.Ticket) bool { return other != t }) {
		o.flushLocked()
		return
	}
	v.serve(o)
}

// waitsFor is what an output waits for first, nil if for nothing.
func (o *output) waitsFor() sdk.Ticket {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.tickets) == 0 {
		return nil
	}
	return o.tickets[0]
}

// serve is called with the output's mu held, which it releases. It becomes the output's writer for as long as nothing has to be waited for; then a
// writer goes on.
func (v *visitor) serve(o *output) {
	o.writing = true
	if !o.simple() {
		o.mu.Unlock()
		go o.write()
		return
	}
	raw, p := o.raw, o.take()
	o.mu.Unlock()
	o.within(p)
	n, err := v.attempt.on(raw, p.buf.bytes)
	switch {
	case err == nil && n < len(p.buf.bytes):
		go o.writeRest(p, n)
	case o.written(p, err):
		go o.write()
	}
}

// simple tells whether what waits can be given to the system as it is, without asking anybody. Called with mu held.
func (o *output) simple() bool {
	return o.raw != nil && len(o.buf.bytes) <= maxPiece && o.filters.out.Load() == 0 && !o.watched()
}

// writeRest is the writer's work after the system has taken a part of a portion.
func (o *output) writeRest(p portion, from int) {
	if o.written(p, o.inPieces(p.conn, p.buf.bytes[from:])) {
		o.write()
	}
}
