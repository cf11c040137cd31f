package serve

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// logHandler sends the plugin's log to the server, where it appears under host and plugin.
type logHandler struct {
	module *module
	level  slog.Level
	attrs  []slog.Attr
	group  string
}

func (h *logHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.level }

func (h *logHandler) Handle(_ context.Context, r slog.Record) error {
	fields := map[string]any{}
	for _, a := range h.attrs {
		put(fields, "", a)
	}
	r.Attrs(func(a slog.Attr) bool {
		put(fields, h.group, a)
		return true
	})
	return h.module.peer.Tell(h.module.remote.ID(), "Log", float64(r.Level), r.Message, fields)
}

func put(fields map[string]any, group string, a slog.Attr) {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindGroup:
		for _, inner := range v.Group() {
			put(fields, group+a.Key+".", inner)
		}
	case slog.KindBool:
		fields[group+a.Key] = v.Bool()
	case slog.KindInt64:
		fields[group+a.Key] = float64(v.Int64())
	case slog.KindUint64:
		fields[group+a.Key] = float64(v.Uint64())
	case slog.KindFloat64:
		fields[group+a.Key] = v.Float64()
	case slog.KindTime:
		fields[group+a.Key] = v.Time().Format(time.RFC3339Nano)
	case slog.KindString, slog.KindDuration:
		fields[group+a.Key] = v.String()
	default:
		fields[group+a.Key] = fmt.Sprint(v.Any())
	}
}

func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	c := *h
	c.attrs = append([]slog.Attr{}, h.attrs...)
	for _, a := range attrs {
		a.Key = h.group + a.Key
		c.attrs = append(c.attrs, a)
	}
	return &c
}

func (h *logHandler) WithGroup(name string) slog.Handler {
	c := *h
	c.group += name + "."
	return &c
}

// late is the log of what happens outside of the plugin: it is the plugin's as soon as that has one.
type late struct{ p *process }

func (l late) handler() slog.Handler {
	l.p.mu.Lock()
	defer l.p.mu.Unlock()
	if l.p.main == nil {
		return slog.DiscardHandler
	}
	return l.p.main.log.Handler()
}

func (l late) Enabled(ctx context.Context, level slog.Level) bool {
	return l.handler().Enabled(ctx, level)
}
func (l late) Handle(ctx context.Context, r slog.Record) error { return l.handler().Handle(ctx, r) }
func (l late) WithAttrs(attrs []slog.Attr) slog.Handler        { return l.handler().WithAttrs(attrs) }
func (l late) WithGroup(name string) slog.Handler              { return l.handler().WithGroup(name) }

var _ slog.Handler = (*logHandler)(nil)
