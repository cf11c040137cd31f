package serve

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	"quatrain/sdk"
)

// timer implements sdk.Timer in the plugin's process. Stop and Reschedule may be called from its own function.
type timer struct {
	module *module
	f      func(ctx context.Context) time.Duration

	mu      sync.Mutex // guards the rest
	t       *time.Timer
	stopped bool
	round   int // counts arming, so that a firing that was rescheduled meanwhile does not arm again
}

// AddTimer calls f after d, never after the instance was unloaded.
func (m *module) AddTimer(d time.Duration, f func(ctx context.Context) time.Duration) sdk.Timer {
	t := &timer{module: m.owner, f: f}
	t.Reschedule(d)
	return t
}

func (t *timer) Reschedule(d time.Duration) {
	m := t.module
	m.mu.Lock()
	m.timers[t] = true
	m.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = false
	t.arm(max(d, 0))
}

func (t *timer) arm(d time.Duration) {
	if t.t != nil {
		t.t.Stop()
	}
	t.round++
	t.t = time.AfterFunc(d, t.fire)
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
	over := !t.stopped && t.round == round
	if over && again > 0 {
		t.arm(again)
		over = false
	}
	t.mu.Unlock()
	if over {
		t.Stop()
	}
}

// run calls f; a panic ends this one firing.
func (t *timer) run() (again time.Duration) {
	defer func() {
		if p := recover(); p != nil {
			t.module.log.Error("timer panicked", "err", p, "traceback", string(debug.Stack()))
		}
	}()
	return t.f(sdk.NewChain(context.Background()))
}

func (t *timer) halt() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
	if t.t != nil {
		t.t.Stop()
	}
}

// Stop ends the timer.
func (t *timer) Stop() {
	t.halt()
	m := t.module
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.timers, t)
}

var _ sdk.Timer = (*timer)(nil)
