package sdktest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// module is what the plugin is given (sdk.Module).
type module struct {
	server    *Server
	host      string
	reloading bool
	kept      map[string]any // of a predecessor that was killed
	owner     *module        // of a view of another host; itself otherwise

	gone atomic.Bool

	mu     sync.Mutex // guards the rest; nothing is called under it
	undos  map[int]func()
	next   int
	status sdk.Status
	text   string
	since  time.Time
}

func newModule(s *Server, host string, reloading bool) *module {
	m := &module{server: s, host: host, reloading: reloading, undos: map[int]func(){}}
	m.owner = m
	return m
}

// onUndo remembers how to undo something; early does it before the end.
func (m *module) onUndo(f func()) (early func()) {
	o := m.owner
	o.mu.Lock()
	defer o.mu.Unlock()
	o.next++
	number := o.next
	o.undos[number] = f
	return func() {
		o.mu.Lock()
		f := o.undos[number]
		delete(o.undos, number)
		o.mu.Unlock()
		if f != nil {
			f()
		}
	}
}

// undo undoes everything, newest first.
func (m *module) undo() {
	m.gone.Store(true)
	m.mu.Lock()
	undos := m.undos
	m.undos = map[int]func(){}
	m.mu.Unlock()
	for _, number := range slices.Backward(slices.Sorted(maps.Keys(undos))) {
		undos[number]()
	}
}

func (m *module) Name() string         { return m.server.o.Name }
func (m *module) Host() string         { return m.host }
func (m *module) Logger() *slog.Logger { return m.server.log.With("host", m.host, "plugin", m.Name()) }
func (m *module) SetGlobal()           { m.host = "*" }
func (m *module) Reloading() bool      { return m.reloading }
func (m *module) Loaded() bool         { return !m.owner.gone.Load() }

func (m *module) HostType() sdk.HostType {
	switch {
	case m.host == "*":
		return sdk.HostGlobal
	case m.host == m.server.o.Host && m.server.o.Component:
		return sdk.HostComponent
	}
	return sdk.HostLocal
}

func (m *module) Bus() sdk.Bus       { return m.server.bus(m.host) }
func (m *module) GlobalBus() sdk.Bus { return m.server.bus("*") }

func (m *module) Hook(event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.HookOn(m.Bus(), event, priority, h)
}

func (m *module) HookGlobal(event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.HookOn(m.GlobalBus(), event, priority, h)
}

func (m *module) HookOn(bus sdk.Bus, event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.onUndo(bus.Add(sdk.Hook{Event: event, Priority: priority, Handler: h, Plugin: m.Name()}))
}

func (m *module) Serve(event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.Hook(event, priority, h)
}

func (m *module) Wrap(event string, w sdk.Wrapper) (unwrap func()) {
	return m.WrapOn(m.Bus(), event, w)
}

func (m *module) WrapOn(bus sdk.Bus, event string, w sdk.Wrapper) (unwrap func()) {
	return m.onUndo(bus.Wrap(event, m.Name(), w))
}

func (m *module) Fire(ctx context.Context, ev *sdk.Event) (any, error) { return m.Bus().Fire(ctx, ev) }

func (m *module) Send(ctx context.Context, _ sdk.Session, st *stanza.Element) error {
	return m.server.route(ctx, st)
}

func (m *module) Broadcast(ctx context.Context, to []string, st *stanza.Element) error {
	for _, address := range to {
		one := st.Clone()
		one.SetAttr("to", address)
		if err := m.server.route(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

func (m *module) SendEach(ctx context.Context, to string, list iter.Seq[*stanza.Printed]) error {
	for p := range list {
		one, err := xmlstream.ParseElement(p.Bytes())
		if err != nil {
			return err
		}
		one.SetAttr("to", to)
		if err := m.server.route(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// lastID is of the requests that come without one.
var lastID atomic.Uint64

func (m *module) SendIQ(ctx context.Context, _ sdk.Session, st *stanza.Element, timeout time.Duration, done func(ctx context.Context, reply *sdk.Event, err error)) {
	if st.ID() == "" {
		st.SetAttr("id", "request-"+strconv.FormatUint(lastID.Add(1), 10))
	}
	m.server.ask(ctx, st, timeout, done)
}

func (m *module) Option(name string) any { return m.OptionAt(m.server.o.Host, name) }

// OptionAt has all options on the plugin's host.
func (m *module) OptionAt(host, name string) any {
	if host != m.server.o.Host {
		return nil
	}
	m.server.mu.Lock()
	defer m.server.mu.Unlock()
	return m.server.settings[name]
}

func (m *module) OpenStore(_ context.Context, name, kind string) (any, error) {
	switch {
	case m.host == "*":
		return nil, errors.New("global modules have no stores")
	case kind == sdk.KindArchive:
		return nil, fmt.Errorf("archives are for servers: %w", sdk.ErrUnsupported)
	}
	return m.server.store(m.host, name), nil
}

func (m *module) Keep(key string, value any) {
	m.server.mu.Lock()
	defer m.server.mu.Unlock()
	m.server.kept[key] = stored(value)
}

func (m *module) Kept() map[string]any { return m.kept }

func (m *module) Depends(_ context.Context, name string, soft bool) (sdk.Plugin, error) {
	p, ok := m.server.o.Others[name]
	if !ok && !soft {
		return nil, fmt.Errorf("there is no plugin %q: name it in Options.Others", name)
	}
	return p, nil
}

func (m *module) Context(host string) sdk.Module {
	return &module{server: m.server, host: host, owner: m.owner, undos: map[int]func(){}}
}

func (m *module) DefaultPermission(string, string) {}

// May knows what was allowed by Server.Allow.
func (m *module) May(_ context.Context, action string, actor sdk.Actor, _ bool) bool {
	who := actor.JID
	if actor.Session != nil {
		who = actor.Session.JID()
	}
	address, err := jid.Parse(who)
	if strings.HasPrefix(action, ":") {
		action = m.Name() + action
	}
	m.server.mu.Lock()
	defer m.server.mu.Unlock()
	return err == nil && m.server.allowed[[2]string{address.Bare().String(), action}]
}

func (m *module) SetStatus(_ context.Context, status sdk.Status, text string, _ bool) {
	m.owner.mu.Lock()
	defer m.owner.mu.Unlock()
	m.owner.status, m.owner.text, m.owner.since = status, text, time.Now()
}

func (m *module) Status() (status sdk.Status, text string, since time.Time) {
	m.owner.mu.Lock()
	defer m.owner.mu.Unlock()
	return m.owner.status, m.owner.text, m.owner.since
}

func (m *module) Metric(string, string, string, string, ...string) sdk.MetricFamily {
	return noMetric{}
}

// noMetric takes values and forgets them.
type noMetric struct{}

func (noMetric) With(...string) sdk.Metric { return noMetric{} }
func (noMetric) Set(float64)               {}
func (noMetric) Add(float64)               {}
func (noMetric) Sample(float64)            {}

var _ sdk.Module = (*module)(nil)
