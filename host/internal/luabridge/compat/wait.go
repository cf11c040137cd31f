package compat

import (
	"time"

	"quatrain/sdk"
)

// Release gives the lock up in the middle of a call (sdk.Holder), and with it the budget and the depth of that call.
func (it *Interp) Release() (retake func()) {
	chain, saved, depth := it.owner.Load(), it.budget, it.depth
	var used time.Duration
	if !saved.start.IsZero() {
		used = time.Since(saved.start)
	}
	it.owner.Store(nil)
	it.mu.Unlock()
	return func() {
		it.mu.Lock()
		it.owner.Store(chain)
		it.budget, it.depth = saved, depth
		if used > 0 {
			it.budget.start = time.Now().Add(-used)
		}
	}
}

var _ sdk.Holder = (*Interp)(nil)
