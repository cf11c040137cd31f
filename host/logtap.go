package host

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"quatrain/host/internal/luabridge"
)

// logWatchers are told what the server logs. Safe for concurrent use.
type logWatchers struct {
	mu   sync.Mutex // held while list is replaced
	list atomic.Pointer[[]*func(luabridge.LogLine)]
}

// add tells f from now on, until the returned function is called. f must neither wait nor log.
func (w *logWatchers) add(f func(luabridge.LogLine)) (remove func()) {
	w.change(func(list []*func(luabridge.LogLine)) []*func(luabridge.LogLine) { return append(list, &f) })
	return func() {
		w.change(func(list []*func(luabridge.LogLine)) []*func(luabridge.LogLine) {
			return slices.DeleteFunc(list, func(other *func(luabridge.LogLine)) bool { return other == &f })
		})
	}
}

func (w *logWatchers) change(f func(list []*func(luabridge.LogLine)) []*func(luabridge.LogLine)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	next := f(slices.Clone(w.now()))
	w.list.Store(&next)
}

func (w *logWatchers) now() []*func(luabridge.LogLine) {
	if list := w.list.Load(); list != nil {
		return *list
	}
	return nil
}

// logTap is the server's log, of which others may be told. As long as nobody is, it costs a look.
type logTap struct {
	slog.Handler
	watchers *logWatchers
	attrs    []slog.Attr
}

// Enabled is what is written, and everything if somebody listens.
func (t *logTap) Enabled(ctx context.Context, level slog.Level) bool {
	return t.Handler.Enabled(ctx, level) || len(t.watchers.now()) > 0
}

func (t *logTap) Handle(ctx context.Context, r slog.Record) error {
	if list := t.watchers.now(); len(list) > 0 && !luabridge.InLogSink(ctx) {
		line := t.line(r)
		for _, f := range list {
			(*f)(line)
		}
	}
	if !t.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return t.Handler.Handle(ctx, r)
}

// line is a record as Prosody's sinks know them: who says it, how important it is, and one text.
func (t *logTap) line(r slog.Record) luabridge.LogLine {
	attrs := slices.Clone(t.attrs)
	r.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, a)
		return true
	})
	text, names := strings.Builder{}, map[string]string{}
	text.WriteString(r.Message)
	for _, a := range attrs {
		switch a.Key {
		case "host", "plugin", "source", "session":
			names[a.Key] = a.Value.String()
		default:
			fmt.Fprintf(&text, " %s=%v", a.Key, a.Value)
		}
	}
	return luabridge.LogLine{Source: sourceOf(names), Level: strings.ToLower(r.Level.String()), Text: text.String()}
}

func sourceOf(names map[string]string) string {
	switch {
	case names["source"] != "":
		return names["source"]
	case names["session"] != "":
		return names["session"]
	case names["plugin"] != "" && names["host"] != "" && names["host"] != "*":
		return names["host"] + ":" + names["plugin"]
	case names["plugin"] != "":
		return names["plugin"]
	}
	return "general"
}

func (t *logTap) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &logTap{t.Handler.WithAttrs(attrs), t.watchers, append(slices.Clip(t.attrs), attrs...)}
}

func (t *logTap) WithGroup(name string) slog.Handler {
	return &logTap{t.Handler.WithGroup(name), t.watchers, t.attrs}
}
