package sqlite

import (
	"sync/atomic"
	"time"

	"quatrain/sdk"
)

// batch is the writes of one transaction, and their ticket.
type batch struct {
	w      *writer
	done   chan struct{}
	err    error // set before done is closed, under w.mu
	begun  time.Time
	places map[place]struct{} // that it changes, once it is committed
	wanted atomic.Bool        // somebody waits
	writes int                // guarded by w.mu
	timer  *time.Timer
}

// Wait asks for the commit and returns when it is done. Writers that stand in line are let into the batch first.
func (b *batch) Wait() error {
	select {
	case <-b.done:
		return b.err
	default:
	}
	b.wanted.Store(true)
	if b.w.waiting.Load() == 0 {
		b.w.wake()
	}
	<-b.done
	return b.err
}

// following is the ticket of a chain after a write: b alone, or b after one of another database, which is not known to be done.
func following(old sdk.Ticket, b *batch) sdk.Ticket {
	switch old := old.(type) {
	case nil:
		return b
	case *batch:
		if old.w == b.w {
			return b // that one is durable before, or the same
		}
	}
	return both{old, b}
}

// both are tickets of different stores.
type both struct{ first, second sdk.Ticket }

func (t both) Wait() error {
	err := t.first.Wait()
	if second := t.second.Wait(); err == nil {
		err = second
	}
	return err
}

var _ sdk.Ticket = (*batch)(nil)
