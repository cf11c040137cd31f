package c2s

import (
	"context"
	"sync"
	"time"
)

// gate slows reading: it may be shut, and it may let only so many bytes through in a second.
type gate struct {
	freed chan struct{} // closed when the gate is no more

	mu    sync.Mutex    // guards the rest
	shut  chan struct{} // closed when it opens; nil if it is open
	cost  time.Duration // of a byte; 0 is no limit
	burst time.Duration // how far reading may be ahead of the limit
	due   time.Time     // when what has been read would have come at the limit
	gone  bool          // freed is closed
}

func newGate() *gate { return &gate{freed: make(chan struct{})} }

// wait returns when reading may go on.
func (g *gate) wait(ctx context.Context) {
	for {
		g.mu.Lock()
		shut, early := g.shut, time.Until(g.due.Add(-g.burst))
		g.mu.Unlock()
		if shut == nil && early <= 0 || !g.rest(ctx, shut, early) {
			return
		}
	}
}

// rest waits for shut, or if that is nil for a time; false if nobody is to be held back any more.
func (g *gate) rest(ctx context.Context, shut <-chan struct{}, early time.Duration) bool {
	var over <-chan time.Time
	if shut == nil {
		timer := time.NewTimer(early)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-shut:
	case <-over:
	case <-g.freed:
		return false
	case <-ctx.Done():
		return false
	}
	return true
}

// waitOpen returns when the gate is not shut.
func (g *gate) waitOpen(ctx context.Context) {
	g.mu.Lock()
	shut := g.shut
	g.mu.Unlock()
	if shut != nil {
		g.rest(ctx, shut, 0)
	}
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut == nil {
		g.shut = make(chan struct{})
	}
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut != nil {
		close(g.shut)
		g.shut = nil
	}
}

// free holds nobody back any more.
func (g *gate) free() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.gone {
		g.gone = true
		close(g.freed)
	}
}

// limit lets bytesPerSecond through, and after a pause as many as in the time of burst at once; 0 is no limit.
func (g *gate) limit(bytesPerSecond float64, burst time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.cost, g.burst, g.due = 0, burst, time.Time{}
	if bytesPerSecond > 0 {
		g.cost = time.Duration(float64(time.Second) / bytesPerSecond)
	}
}

// count notes that n bytes have been read.
func (g *gate) count(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.cost == 0 || n <= 0 {
		return
	}
	if now := time.Now(); g.due.Before(now) {
		g.due = now
	}
	g.due = g.due.Add(time.Duration(n) * g.cost)
}
