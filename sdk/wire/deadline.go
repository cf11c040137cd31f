package wire

import (
	"context"
	"sync"
	"time"
)

// deadlineContext is context.WithDeadline for contexts of which hardly anybody asks Done: it starts a timer only then.
type deadlineContext struct {
	context.Context
	deadline time.Time

	once   sync.Once
	mu     sync.Mutex // guards the rest
	timed  context.Context
	cancel context.CancelFunc
}

func (d *deadlineContext) Deadline() (time.Time, bool) { return d.deadline, true }

func (d *deadlineContext) start() context.Context {
	d.once.Do(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.timed, d.cancel = context.WithDeadline(d.Context, d.deadline)
	})
	return d.timed
}

func (d *deadlineContext) Done() <-chan struct{} { return d.start().Done() }

func (d *deadlineContext) Err() error {
	if err := d.Context.Err(); err != nil {
		return err
	}
	if !time.Now().Before(d.deadline) {
		return context.DeadlineExceeded
	}
	return nil
}

// end stops the timer, if there is one. Whoever still has the context sees it end with its deadline.
func (d *deadlineContext) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cancel != nil {
		d.cancel()
	}
}
