package sdk

import (
	"context"
	"sync"
)

// Deferral is what a handler returns to answer later: the handlers behind it wait, whoever fired the event goes on. Only an event that is
// Deferrable can be answered so. The event belongs to the handler until it resumes; it must do so exactly once.
type Deferral struct {
	mu     sync.Mutex // guards the rest
	resume func(ctx context.Context, result any, err error)
	early  func() // the answer, if it came before the bus was ready for it
}

// Resume is the handler's late answer: it means what the same return values would have meant. It runs the handlers that are left if
// result and err are nil, and may run in any goroutine.
func (d *Deferral) Resume(ctx context.Context, result any, err error) {
	d.mu.Lock()
	resume := d.resume
	if resume == nil {
		d.early = func() { d.resume(ctx, result, err) }
	}
	d.mu.Unlock()
	if resume != nil {
		resume(ctx, result, err)
	}
}

// OnResume is for buses: f is called with the answer, at once if it is there already.
func (d *Deferral) OnResume(f func(ctx context.Context, result any, err error)) {
	d.mu.Lock()
	d.resume = f
	early := d.early
	d.mu.Unlock()
	if early != nil {
		early()
	}
}

// Finisher takes the result of a firing that was deferred.
type Finisher interface {
	Finish(ctx context.Context, result any, err error)
}

// Deferrable tells whether a handler may return a *Deferral.
func (ev *Event) Deferrable() bool { return ev.late != nil }

// AcceptLate makes the event deferrable: f is called, maybe in another goroutine, with the result of a firing that returned a *Deferral.
// nil takes the permission away.
func (ev *Event) AcceptLate(f Finisher) { ev.late = f }

// Late is what was given to AcceptLate.
func (ev *Event) Late() Finisher { return ev.late }
