package compat

import (
	"time"

	"quatrain/sdk"
)

// release gives the lock up in the middle of a call, and tells how much of the budget b the call has used.
func (it *Interp) release(b budget) (used time.Duration) {
	if !b.start.IsZero() {
		used = time.Since(b.start)
	}
	it.owner.Store(nil)
	it.mu.Unlock()
	return used
}

// reacquire takes the lock back for the chain of t, with the budget as it was.
func (it *Interp) reacquire(t *Thread, saved budget, depth int, used time.Duration) {
	it.retake(t.line.chain, saved, depth, used)
}

func (it *Interp) retake(chain *sdk.Chain, saved budget, depth int, used time.Duration) {
	it.mu.Lock()
	it.owner.Store(chain)
	it.budget, it.depth = saved, depth
	if used > 0 {
		it.budget.start = time.Now().Add(-used)
	}
}
