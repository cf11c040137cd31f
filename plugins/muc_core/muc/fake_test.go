package muc_test

import (
	"context"
	"fmt"
	"slices"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

var fakeType = &sdk.ObjectType{Name: "fake", Open: true}

// object is a room or an occupant whose methods a test writes. It notes what it is called with.
type object struct {
	fields  map[string]any
	methods map[string]func(args ...any) []any
	calls   []string
}

func newObject(fields map[string]any) *object {
	return &object{fields: fields, methods: map[string]func(args ...any) []any{}}
}

// newRoom is a room of this JID whose _data can be changed.
func newRoom(jid string) *object {
	return newObject(map[string]any{"jid": jid, "_data": sdk.NewTable(nil, nil)})
}

// answer gives a method that returns always the same.
func (o *object) answer(method string, results ...any) *object {
	o.methods[method] = func(...any) []any { return results }
	return o
}

func (o *object) Type() *sdk.ObjectType { return fakeType }

func (o *object) Get(_ context.Context, property string) (any, error) { return o.fields[property], nil }

func (o *object) Set(_ context.Context, property string, value any) error {
	o.fields[property] = value
	return nil
}

func (o *object) Call(_ context.Context, method string, args ...any) ([]any, error) {
	o.calls = append(o.calls, fmt.Sprintf("%s%v", method, args))
	f := o.methods[method]
	if f == nil {
		return nil, sdk.MethodError(o, method, sdk.ErrNoMethod)
	}
	return f(args...), nil
}

// module is a module with a bus of its own, on a host where muc_core is a class and functions.
type module struct {
	sdk.Module
	hooks   []sdk.Hook
	class   *object
	exports map[string]any
}

func newModule() *module {
	m := &module{class: newObject(map[string]any{})}
	m.exports = map[string]any{"room_mt": m.class}
	return m
}

func (m *module) Hook(event string, priority float64, h sdk.Handler) (unhook func()) {
	m.hooks = append(m.hooks, sdk.Hook{Event: event, Priority: priority, Handler: h})
	slices.SortStableFunc(m.hooks, func(a, b sdk.Hook) int { return int(b.Priority - a.Priority) })
	return func() {}
}

func (m *module) Fire(ctx context.Context, ev *sdk.Event) (any, error) {
	for _, h := range m.hooks {
		if h.Event != ev.Name {
			continue
		}
		if result, err := h.Handler(ctx, ev); result != nil || err != nil {
			return result, err
		}
	}
	return nil, nil
}

func (m *module) Depends(context.Context, string, bool) (sdk.Plugin, error) { return exporter{m}, nil }

// exporter is muc_core.
type exporter struct{ m *module }

func (exporter) Load(context.Context, sdk.Module) error { return nil }

func (e exporter) Export(_ context.Context, name string) (any, error) { return e.m.exports[name], nil }

// session keeps what it is sent.
type session struct {
	sdk.Session
	sent []*stanza.Element
}

func (s *session) Send(_ context.Context, st *stanza.Element) error {
	s.sent = append(s.sent, st)
	return nil
}
