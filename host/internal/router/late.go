package router

import (
	"context"
	"sync/atomic"
)

// lateStanzas counts the stanzas whose senders do not wait for them, and that are still being handled.
type lateStanzas struct {
	n    atomic.Int64
	none chan struct{} // has something when n may be 0
}

func newLateStanzas() lateStanzas { return lateStanzas{none: make(chan struct{}, 1)} }

func (l *lateStanzas) begin() { l.n.Add(1) }

func (l *lateStanzas) end() {
	if l.n.Add(-1) > 0 {
		return
	}
	select {
	case l.none <- struct{}{}:
	default:
	}
}

// Settle waits until the stanzas have been handled whose senders did not wait: those of clients that have just gone, say. It gives up with ctx.
func (r *Router) Settle(ctx context.Context) error {
	for r.late.n.Load() > 0 {
		select {
		case <-r.late.none:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
