package compat

import (
	"time"

	"quatrain/sdk"
)

// Release gives the lock up while the chain waits for something (sdk.Holder).
func (it *Interp) Release(c *sdk.Chain) (retake func()) {
	if it.owner.Load() != c {
		return nil
	}
	saved, depth := it.budget, it.depth
	used := it.release(saved)
	return func() { it.reacquire(c, saved, depth, used) }
}

// release gives the lock up in the middle of a call, and tells how much of the budget b the call has used.
func (it *Interp) release(b budget) (used time.Duration) {
	if !b.start.IsZero() {
		used = time.Since(b.start)
	}
	it.owner.Store(nil)
	it.mu.Unlock()
	return used
}

// reacquire takes the lock back for a chain, with the budget as it was.
func (it *Interp) reacquire(c *sdk.Chain, saved budget, depth int, used time.Duration) {
	it.mu.Lock()
	it.owner.Store(c)
	it.budget, it.depth = saved, depth
	if used > 0 {
		it.budget.start = time.Now().Add(-used)
	}
}
