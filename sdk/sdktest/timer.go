package sdktest

import (
	"context"
	"sync"
	"time"

	"quatrain/sdk"
)

// timer is a running timer of the plugin's.
type timer struct {
	f func(ctx context.Context) time.Duration

	mu      sync.Mutex // guards the rest
	t       *time.Timer
	stopped bool
	undo    func()
}

func (m *module) AddTimer(d time.Duration, f func(ctx context.Context) time.Duration) sdk.Timer {
	t := &timer{f: f}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.undo = m.onUndo(t.halt)
	t.t = time.AfterFunc(d, func() { t.fire(m.server.context()) })
	return t
}

func (t *timer) fire(ctx context.Context) {
	t.mu.Lock()
	stopped := t.stopped
	t.mu.Unlock()
	if stopped {
		return
	}
	if again := t.f(ctx); again > 0 {
		t.Reschedule(again)
	}
}

func (t *timer) halt() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
	t.t.Stop()
}

// Stop implements sdk.Timer.
func (t *timer) Stop() { t.undo() }

// Reschedule implements sdk.Timer.
func (t *timer) Reschedule(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.stopped {
		t.t.Reset(d)
	}
}
