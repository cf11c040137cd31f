package interop

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
)

// critic writes a server's log to the test's output, and fails the test where a plugin's process crashes or has a data race, and where a handler
// fails: that may look like one that answers nothing. It passes over those that fail once the test ends, since rooms end then while people leave them.
type critic struct {
	slog.Handler
	t      *testing.T
	faults []string // "file:line" of handlers that may fail
}

func newCritic(t *testing.T) *critic {
	return &critic{Handler: slog.NewTextHandler(t.Output(), nil), t: t}
}

func (c *critic) Handle(ctx context.Context, r slog.Record) error {
	switch {
	case r.Message == "event handler failed" && c.t.Context().Err() == nil && !c.excuses(r):
		c.t.Error("a handler has failed, see the log")
	case r.Message == "the plugin's program wrote" && r.Level >= slog.LevelError:
		c.t.Error("a plugin's process complains, see the log")
	}
	return c.Handler.Handle(ctx, r)
}

func (c *critic) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &critic{c.Handler.WithAttrs(attrs), c.t, c.faults}
}

// excuses is whether a handler failed at one of the places where it may.
func (c *critic) excuses(r slog.Record) (known bool) {
	r.Attrs(func(a slog.Attr) bool {
		place, _, _ := strings.Cut(a.Value.String(), ": ")
		known = a.Key == "err" && slices.Contains(c.faults, place)
		return !known
	})
	return known
}
