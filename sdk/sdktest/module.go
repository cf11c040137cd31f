package sdktest

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// module implements sdk.Module on a stage.
type module struct {
	stage *Stage
	owner *module // of a view; itself otherwise

	mu     sync.Mutex // guards the rest
	host   string
	ended  bool
	undos  []func()
	status sdk.Status
	text   string
	since  time.Time
}

func (m *module) Name() string { return m.stage.opts.Name }

func (m *module) Host() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.host
}

func (m *module) HostType() sdk.HostType {
	switch host := m.Host(); {
	case host == "*":
		return sdk.HostGlobal
	case host == m.stage.opts.Host:
		return m.stage.opts.Type
	case slices.Contains(m.stage.opts.Others, host):
		return sdk.HostLocal
	}
	return ""
}

func (m *module) Logger() *slog.Logger {
	return m.stage.log.With("host", m.Host(), "plugin", m.Name())
}

func (m *module) SetGlobal() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.host = "*"
}

func (m *module) Reloading() bool { return false }

func (m *module) Loaded() bool {
	m.owner.mu.Lock()
	defer m.owner.mu.Unlock()
	return !m.owner.ended
}

func (m *module) Bus() sdk.Bus {
	if b := m.stage.bus(m.Host()); b != nil {
		return b
	}
	return nil
}

func (m *module) GlobalBus() sdk.Bus { return m.stage.bus("*") }

func (m *module) undoLater(undo func()) func() {
	m.owner.mu.Lock()
	defer m.owner.mu.Unlock()
	m.owner.undos = append(m.owner.undos, undo)
	return undo
}

func (m *module) end() {
	m.mu.Lock()
	undos := m.undos
	m.undos, m.ended = nil, true
	m.mu.Unlock()
	for _, undo := range slices.Backward(undos) {
		undo()
	}
}

func (m *module) Hook(event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.HookOn(m.Bus(), event, priority, h)
}

func (m *module) HookGlobal(event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.HookOn(m.GlobalBus(), event, priority, h)
}

func (m *module) HookOn(b sdk.Bus, event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.undoLater(b.Add(sdk.Hook{Event: event, Priority: priority, Handler: h, Plugin: m.Name()}))
}

func (m *module) Serve(event string, priority float64, h sdk.Handler) (unhook func()) {
	return m.Hook(event, priority, h)
}

func (m *module) Wrap(event string, w sdk.Wrapper) (unwrap func()) {
	return m.WrapOn(m.Bus(), event, w)
}

func (m *module) WrapOn(b sdk.Bus, event string, w sdk.Wrapper) (unwrap func()) {
	return m.undoLater(b.Wrap(event, m.Name(), w))
}

func (m *module) Fire(ctx context.Context, ev *sdk.Event) (any, error) { return m.Bus().Fire(ctx, ev) }

func (m *module) Send(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	return m.stage.route(ctx, origin, st, false)
}

func (m *module) Broadcast(ctx context.Context, to []string, st *stanza.Element) error {
	for _, address := range to {
		copied := st.Clone()
		copied.SetAttr("to", address)
		if err := m.Send(ctx, nil, copied); err != nil {
			return err
		}
	}
	return nil
}

// SendIQ sends a request; a client's answer is what the test says with Client.Say.
func (m *module) SendIQ(ctx context.Context, origin sdk.Session, st *stanza.Element, timeout time.Duration, done func(context.Context, *sdk.Event, error)) {
	if timeout <= 0 {
		timeout = patience
	}
	var once sync.Once
	var unhook []func()
	finish := func(ctx context.Context, reply *sdk.Event, err error) {
		once.Do(func() {
			for _, f := range unhook {
				f()
			}
			done(ctx, reply, err)
		})
	}
	local, _, resource := jid.Split(st.From())
	class := "full"
	if local == "" {
		class = "host"
	} else if resource == "" {
		class = "bare"
	}
	unhook = append(unhook, m.Hook("iq/"+class, 1, func(ctx context.Context, ev *sdk.Event) (any, error) {
		if ev.Stanza.ID() != st.ID() || ev.Stanza.IsRequest() || ev.Stanza.From() != st.To() {
			return nil, nil
		}
		var err error
		if e := stanza.ParseError(ev.Stanza); e != nil && ev.Stanza.IsError() {
			err = e
		}
		finish(ctx, ev, err)
		return true, nil
	}))
	m.AddTimer(timeout, func(ctx context.Context) time.Duration {
		finish(ctx, nil, &stanza.Error{Type: stanza.Wait, Condition: stanza.RemoteServerTimeout})
		return 0
	})
	if err := m.Send(ctx, origin, st); err != nil {
		finish(ctx, nil, err)
	}
}

func (m *module) Option(name string) any      { return m.stage.opts.Config[name] }
func (m *module) OptionAt(_, name string) any { return m.stage.opts.Config[name] }

func (m *module) AddItem(ctx context.Context, key string, value any) {
	m.stage.mu.Lock()
	m.stage.items = append(m.stage.items, item{m.Host(), key, value})
	m.stage.mu.Unlock()
	m.fireItem(ctx, "item-added/"+key, value)
}

func (m *module) fireItem(ctx context.Context, event string, value any) {
	if b := m.Bus(); b != nil && b.Has(event) {
		_, _ = b.Fire(ctx, sdk.NewEvent(event, "item", value)) // logged by the bus
	}
}

func (m *module) RemoveItem(ctx context.Context, key string, value any) {
	m.stage.mu.Lock()
	at := slices.Index(m.stage.items, item{m.Host(), key, value})
	if at >= 0 {
		m.stage.items = slices.Delete(m.stage.items, at, at+1)
	}
	m.stage.mu.Unlock()
	if at >= 0 {
		m.fireItem(ctx, "item-removed/"+key, value)
	}
}

func (m *module) Items(key string) (list []any) {
	m.stage.mu.Lock()
	defer m.stage.mu.Unlock()
	for _, i := range m.stage.items {
		if i.host == m.host && i.key == key {
			list = append(list, i.value)
		}
	}
	return list
}

func (m *module) Keep(string, any)     {}
func (m *module) Kept() map[string]any { return nil }

func (m *module) Depends(_ context.Context, name string, soft bool) (sdk.Plugin, error) {
	p := m.stage.opts.Plugins[name]
	if p == nil && !soft {
		return nil, fmt.Errorf("loading dependency %q: the stage has no such plugin", name)
	}
	return p, nil
}

func (m *module) Context(host string) sdk.Module {
	return &module{stage: m.stage, host: host, owner: m.owner}
}

func (m *module) action(name string) string {
	if strings.HasPrefix(name, ":") {
		return m.Name() + name
	}
	return name
}

// DefaultPermission grants an action to everybody: the stage knows no roles.
func (m *module) DefaultPermission(_, action string) {
	m.stage.mu.Lock()
	defer m.stage.mu.Unlock()
	m.stage.granted[m.action(action)] = true
}

func (m *module) May(_ context.Context, action string, _ sdk.Actor, _ bool) bool {
	m.stage.mu.Lock()
	defer m.stage.mu.Unlock()
	return m.stage.granted[m.action(action)]
}

func (m *module) SetStatus(_ context.Context, status sdk.Status, text string, _ bool) {
	o := m.owner
	o.mu.Lock()
	defer o.mu.Unlock()
	o.status, o.text, o.since = status, text, time.Now()
}

func (m *module) Status() (sdk.Status, string, time.Time) {
	o := m.owner
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.status, o.text, o.since
}

// Metric measures nothing.
func (m *module) Metric(string, string, string, string, ...string) sdk.MetricFamily {
	return unmeasured{}
}

type unmeasured struct{}

func (unmeasured) With(...string) sdk.Metric { return unmeasured{} }
func (unmeasured) Set(float64)               {}
func (unmeasured) Add(float64)               {}
func (unmeasured) Sample(float64)            {}

// AddTimer calls f after d.
func (m *module) AddTimer(d time.Duration, f func(ctx context.Context) time.Duration) sdk.Timer {
	t := &timer{}
	t.t = time.AfterFunc(time.Hour, func() {
		if !m.Loaded() {
			return
		}
		if again := f(sdk.NewChain(context.Background())); again > 0 {
			t.Reschedule(again)
		}
	})
	t.Reschedule(d)
	m.undoLater(t.Stop)
	return t
}

type timer struct{ t *time.Timer }

func (t *timer) Stop()                      { t.t.Stop() }
func (t *timer) Reschedule(d time.Duration) { t.t.Reset(d) }

var _ sdk.Module = (*module)(nil)
