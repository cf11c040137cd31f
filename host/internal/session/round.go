package session

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"quatrain/sdk"
)

// many is from how many sessions on a batch is written to in rounds, not by a writer for each session.
const many = 32

// round is a walk through the sessions of a large batch. Whoever walks writes what the system takes at once and waits for no peer: a session for which
// more is to be done gets a writer of its own. So its goroutine, its stack and its path through the kernel are not begun anew for each of
// them, which is much where they have gone out of the caches meanwhile.
type round struct {
	outputs []*output
	next    atomic.Int32 // the output that is taken next
	walking atomic.Int32 // walkers
}

// rounds that are over.
var rounds = sync.Pool{New: func() any { return &round{} }}

// walk begins a round and takes over the list, in exchange for an empty one.
func walk(list []*output) (empty []*output) {
	r := rounds.Get().(*round)
	empty, r.outputs = r.outputs, list
	walkers := min(runtime.GOMAXPROCS(0), len(list)/many)
	r.next.Store(0)
	r.walking.Store(int32(walkers))
	for range walkers {
		go r.walk()
	}
	return empty
}

func (r *round) walk() {
	runtime.Gosched() // who has something to send to the same sessions adds it first
	v := visitors.Get().(*visitor)
	for i := r.take(); i < len(r.outputs); i = r.take() {
		v.visit(r.outputs[i])
	}
	v.again()
	visitors.Put(v)
	if r.walking.Add(-1) == 0 {
		r.over()
	}
}

func (r *round) take() int { return int(r.next.Add(1)) - 1 }

// over is called by the last walker.
func (r *round) over() {
	if cap(r.outputs) > maxDirty {
		return
	}
	clear(r.outputs)
	r.outputs = r.outputs[:0]
	rounds.Put(r)
}

// visitor writes to one output after the other.
type visitor struct {
	attempt
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

// again goes to those that have waited for a store. As a rule all wait for the same write.
func (v *visitor) again() {
	if len(v.later) == 0 {
		return
	}
	t := v.later[0].waitsFor()
	durable := t != nil && t.Wait() == nil
	for _, o := range v.later {
		v.visitAfter(o, t, durable)
	}
	clear(v.later)
	v.later = v.later[:0]
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
	return o.raw != nil && len(o.buf.bytes) <= maxPiece && o.filters.out.Load() == 0 && (o.watcher == nil || !o.watcher.Watching())
}

// writeRest is the writer's work after the system has taken a part of a portion.
func (o *output) writeRest(p portion, from int) {
	if o.written(p, o.inPieces(p.conn, p.buf.bytes[from:])) {
		o.write()
	}
}
