package modulecheck

import (
	"context"
	"log/slog"
	"strings"
	"sync"

	"quatrain/host/internal/luabridge"
	"quatrain/host/internal/luabridge/lualib"
)

// hearing is a log that keeps what is odd.
type hearing struct {
	mu      sync.Mutex // guards the rest
	begun   bool
	records []spoken
}

// spoken is a line of the log.
type spoken struct{ plugin, at, text string }

func (h *hearing) logger() *slog.Logger { return slog.New(&ear{hearing: h}) }

// begin forgets what was said before.
func (h *hearing) begin() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.begun = true
}

// of is what a module has said, and what was said about its file.
func (h *hearing) of(module string) (warnings []Warning) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.records {
		if (r.plugin == module || own(module, r.at)) && !isDry(r.text) {
			warnings = append(warnings, Warning{At: strings.TrimRight(r.at, ": "), Text: wording(r.text)})
		}
	}
	return warnings
}

// isDry is whether a message is about what a server that is only looked at does not do.
func isDry(text string) bool {
	return strings.Contains(text, lualib.ErrNotServing.Error()) || strings.Contains(text, lualib.ErrOffline.Error())
}

// ear is a handler of the log.
type ear struct {
	hearing *hearing
	attrs   []slog.Attr
}

func (*ear) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

func (e *ear) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &ear{e.hearing, append(e.attrs[:len(e.attrs):len(e.attrs)], attrs...)}
}

func (e *ear) WithGroup(string) slog.Handler { return e }

func (e *ear) Handle(_ context.Context, r slog.Record) error {
	if r.Message == luabridge.DoubtMessage {
		return nil // the examination says the same
	}
	s := spoken{text: r.Message}
	note := func(a slog.Attr) bool {
		switch a.Key {
		case "plugin":
			s.plugin = a.Value.String()
		case "at":
			s.at = a.Value.String()
		case "err", "name":
			s.text += ": " + a.Value.String()
		}
		return true
	}
	for _, a := range e.attrs {
		note(a)
	}
	r.Attrs(note)
	e.hearing.mu.Lock()
	defer e.hearing.mu.Unlock()
	if e.hearing.begun {
		e.hearing.records = append(e.hearing.records, s)
	}
	return nil
}
