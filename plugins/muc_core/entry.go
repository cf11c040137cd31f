package muccore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"quatrain/sdk"
)

// maxWait bounds the wait for a room where the chain has no deadline.
const maxWait = time.Minute

// errBusy is what somebody gets whose deadline passed while a room was busy.
var errBusy = errors.New("the room is busy")

// entry lets one chain at a time into a room, in order of arrival, and lets a nested call of that chain in at once. It is held while the
// room's events fire and its stanzas leave. The zero value is ready.
type entry struct {
	mu      sync.Mutex // guards the rest; nothing is called under it
	holder  uint64     // the chain that is in, 0: nobody
	depth   int        // how often it has entered
	waiters []*waiter
}

type waiter struct {
	chain    uint64
	admitted chan struct{} // closed when it is in
}

// enter waits until the chain may enter. The context goes on with that chain; leave must be called once.
func (e *entry) enter(ctx context.Context) (_ context.Context, leave func(), err error) {
	chain := sdk.ChainOf(ctx)
	if chain == nil {
		chain = sdk.NewChain(ctx)
		ctx = chain
	}
	w := e.admit(chain.ID())
	if w == nil {
		return ctx, e.leave, nil
	}
	chain.Wait(func() { err = e.wait(ctx, w) })
	if err != nil {
		return nil, nil, err
	}
	return ctx, e.leave, nil
}

// tryEnter enters if nobody else is in and nobody waits.
func (e *entry) tryEnter(chain uint64) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.take(chain)
}

// take is tryEnter with mu held.
func (e *entry) take(chain uint64) bool {
	if e.holder != chain && (e.holder != 0 || len(e.waiters) > 0) {
		return false
	}
	e.holder = chain
	e.depth++
	return true
}

// admit lets a chain in, or returns what it has to wait for.
func (e *entry) admit(chain uint64) *waiter {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.take(chain) {
		return nil
	}
	w := &waiter{chain, make(chan struct{})}
	e.waiters = append(e.waiters, w)
	return w
}

func (e *entry) wait(ctx context.Context, w *waiter) error {
	limit := time.NewTimer(maxWait)
	defer limit.Stop()
	var cause error
	select {
	case <-w.admitted:
		return nil
	case <-ctx.Done():
		cause = context.Cause(ctx)
	case <-limit.C:
		cause = context.DeadlineExceeded
	}
	if e.giveUp(w) {
		return fmt.Errorf("%w: %w", errBusy, cause)
	}
	return nil // it was admitted at the same moment
}

// giveUp takes a waiter out of the queue; false if it has been admitted.
func (e *entry) giveUp(w *waiter) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	at := slices.Index(e.waiters, w)
	if at < 0 {
		return false
	}
	e.waiters = slices.Delete(e.waiters, at, at+1)
	return true
}

// isHeldBy is whether a chain is in.
func (e *entry) isHeldBy(chain uint64) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.holder == chain
}

// isOutermost is whether the chain that is in leaves by its next leave.
func (e *entry) isOutermost() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.depth == 1
}

func (e *entry) leave() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.depth--
	if e.depth > 0 {
		return
	}
	e.holder = 0
	if len(e.waiters) == 0 {
		return
	}
	w := e.waiters[0]
	e.waiters = slices.Delete(e.waiters, 0, 1)
	e.holder, e.depth = w.chain, 1
	close(w.admitted)
}
