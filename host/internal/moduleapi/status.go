package moduleapi

import (
	"context"
	"sync"
	"time"

	"quatrain/sdk"
)

type status struct {
	mu    sync.Mutex // guards the rest
	kind  sdk.Status
	text  string
	since time.Time
}

// SetStatus replaces the status; an error is replaced by anything but an error only with override. It fires module-status/updated.
func (m *Module) SetStatus(ctx context.Context, kind sdk.Status, text string, override bool) {
	s := &m.owner.status
	s.mu.Lock()
	keep := s.kind == sdk.StatusError && kind != sdk.StatusError && !override
	if !keep {
		s.kind, s.text, s.since = kind, text, time.Now()
	}
	s.mu.Unlock()
	if bus := m.Bus(); !keep && bus != nil && bus.Has("module-status/updated") {
		bus.Fire(ctx, sdk.NewEvent("module-status/updated", "name", m.name))
	}
}

// Status is what was set last.
func (m *Module) Status() (kind sdk.Status, text string, since time.Time) {
	s := &m.owner.status
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kind, s.text, s.since
}
