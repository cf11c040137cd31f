package interop

import (
	"context"
	"log/slog"
	"testing"
)

// critic writes a server's log to the test's output, and fails the test where a plugin's process crashes or has a data race, and where a handler
// fails: that may look like one that answers nothing. It passes over those that fail once the test ends, since rooms end then while people leave them.
type critic struct {
	slog.Handler
	t *testing.T
}

func newCritic(t *testing.T) *critic {
	return &critic{slog.NewTextHandler(t.Output(), nil), t}
}

func (c *critic) Handle(ctx context.Context, r slog.Record) error {
	switch {
	case r.Message == "event handler failed" && c.t.Context().Err() == nil:
		c.t.Error("a handler has failed, see the log")
	case r.Message == "the plugin's program wrote" && r.Level >= slog.LevelError:
		c.t.Error("a plugin's process complains, see the log")
	}
	return c.Handler.Handle(ctx, r)
}

func (c *critic) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &critic{c.Handler.WithAttrs(attrs), c.t}
}
