package moduleapi

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	"quatrain/sdk"
)

// timer implements sdk.Timer. Stop and Reschedule may be called from its own function.
type timer struct {
	module *Module
	f      func(ctx context.Context) time.Duration
	forget func(ctx context.Context)

	mu      sync.Mutex // guards the rest
	t       *time.Timer
	stopped bool
	over    bool // it fired for the last time, and is being forgotten: that must not stop what was rescheduled meanwhile
	round   int  // counts re-arming, so that a firing that was rescheduled meanwhile does not re-arm
}

// AddTimer calls f after d, never after the instance was unloaded.
func (m *Module) AddTimer(d time.Duration, f func(ctx context.Context) time.Duration) sdk.Timer {
	t := &timer{module: m, f: f}
	t.forget = m.onUnload(func(context.Context) { t.unloaded() })
	t.Reschedule(d)
	return t
}

func (t *timer) fire() {
	t.mu.Lock()
	round, stopped := t.round, t.stopped
	t.mu.Unlock()
	if stopped || !t.module.Loaded() {
		return
	}
	again := t.run()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped || t.round != round {
		return
	}
	if again > 0 {
		t.arm(again)
		return
	}
	t.stopped, t.over = true, true
	go t.forget(context.Background())
}

// run calls f; a panic ends this one firing.
func (t *timer) run() (again time.Duration) {
	defer func() {
		if p := recover(); p != nil {
			t.module.log.Error("timer panicked", "err", p, "stack", string(debug.Stack()))
		}
	}()
	return t.f(sdk.NewChain(context.Background()))
}

func (t *timer) arm(d time.Duration) {
	t.round++
	t.t = time.AfterFunc(d, t.fire)
}

// Reschedule lets it fire d from now, also after it has fired. A timer that outlives its instance so does not run any more (fire).
func (t *timer) Reschedule(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.t != nil {
		t.t.Stop()
	}
	t.stopped = false
	t.arm(max(d, 0))
}

func (t *timer) halt() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
	if t.t != nil {
		t.t.Stop()
	}
}

func (t *timer) unloaded() {
	t.mu.Lock()
	over := t.over
	t.mu.Unlock()
	if !over {
		t.halt()
	}
}

// Stop ends the timer.
func (t *timer) Stop() {
	t.halt()
	t.forget(context.Background())
}

var _ sdk.Timer = (*timer)(nil)
