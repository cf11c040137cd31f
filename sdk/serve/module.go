package serve

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/xmpp/stanza"
)

// module implements sdk.Module in the plugin's process.
type module struct {
	*process
	remote *wire.Remote
	owner  *module // of a view of another host; itself otherwise
	kept   map[string]any
	log    *slog.Logger

	ended   atomic.Bool
	options options

	mu     sync.Mutex // guards the rest
	host   string
	typ    sdk.HostType
	views  map[string]*module
	timers map[*timer]bool
}

// newModule makes the module that Load and AddHost are given.
func (p *process) newModule(args wire.Args) *module {
	remote, _ := args.At(0).(*wire.Remote)
	m := p.moduleOf(remote)
	m.owner, m.kept = m, args.Map(1)
	return m
}

func (p *process) moduleOf(remote *wire.Remote) *module {
	m := &module{process: p, remote: remote, views: map[string]*module{}, timers: map[*timer]bool{}}
	m.host, _ = remote.Constant("host").(string)
	typ, _ := remote.Constant("type").(string)
	m.typ = sdk.HostType(typ)
	m.log = slog.New(&logHandler{module: m, level: slog.Level(number(remote.Constant("level")))})
	return m
}

func number(v any) float64 {
	f, _ := v.(float64)
	return f
}

func (m *module) Name() string {
	name, _ := m.remote.Constant("name").(string)
	return name
}

func (m *module) Host() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.host
}

func (m *module) HostType() sdk.HostType {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.typ
}

func (m *module) Logger() *slog.Logger { return m.log }
func (m *module) Reloading() bool      { return m.remote.Constant("reloading") == true }
func (m *module) Loaded() bool         { return !m.owner.ended.Load() }

// ask calls the server's end of the module. What fails without an error to return is logged there or here.
func (m *module) ask(ctx context.Context, method string, args ...any) (wire.Args, error) {
	results, err := m.remote.Ask(ctx, method, args...)
	return results, err
}

// question is ask for methods that cannot fail.
func (m *module) question(ctx context.Context, method string, args ...any) wire.Args {
	results, err := m.ask(ctx, method, args...)
	if err != nil {
		m.complain(method, err)
	}
	return results
}

// tell is for what is done in order and without an answer.
func (m *module) tell(method string, args ...any) {
	if err := m.peer.Tell(m.remote.ID(), method, args...); err != nil {
		m.complain(method, err)
	}
}

// complain writes to the log that something did not reach the server, unless there is no server any more.
func (m *module) complain(method string, err error) {
	if !errors.Is(err, wire.ErrEnded) {
		m.log.Error("the server was not reached", "method", method, "err", err)
	}
}

func (m *module) SetGlobal() {
	m.question(context.Background(), "SetGlobal")
	m.mu.Lock()
	defer m.mu.Unlock()
	m.host, m.typ = "*", sdk.HostGlobal
}

// Context is the same view each time.
func (m *module) Context(host string) sdk.Module {
	o := m.owner
	o.mu.Lock()
	view := o.views[host]
	o.mu.Unlock()
	if view != nil {
		return view
	}
	remote, ok := o.question(context.Background(), "Context", host).At(0).(*wire.Remote)
	if !ok {
		return o
	}
	view = m.moduleOf(remote)
	view.owner = o
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.views[host] == nil {
		o.views[host] = view
	}
	return o.views[host]
}

func (m *module) Fire(ctx context.Context, ev *sdk.Event) (any, error) { return m.Bus().Fire(ctx, ev) }

func (m *module) Send(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	if origin == nil {
		return m.peer.Send(ctx, m.remote.ID(), st)
	}
	return m.peer.Cast(ctx, wire.Lane(st.From()), m.remote.ID(), "Send", sessionValue(origin), st)
}

// sessionValue is nil for no session, whatever its type.
func sessionValue(s sdk.Session) any {
	if s == nil {
		return nil
	}
	return s
}

func (m *module) Broadcast(ctx context.Context, to []string, st *stanza.Element) error {
	return m.peer.CastTo(ctx, wire.Lane(st.From()), m.remote.ID(), "Broadcast", to, st)
}

func (m *module) SendEach(ctx context.Context, to string, list iter.Seq[*stanza.Printed]) error {
	return m.peer.SendEach(ctx, m.remote.ID(), to, list)
}

func (m *module) SendIQ(ctx context.Context, origin sdk.Session, st *stanza.Element, timeout time.Duration, done func(context.Context, *sdk.Event, error)) {
	if st.ID() == "" {
		st.SetAttr("id", uuid.NewString())
	}
	answer := sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
		switch v := wire.Args(args).At(0).(type) {
		case *sdk.Event:
			var err error
			if e, ok := wire.Args(args).At(1).(*stanza.Error); ok {
				err = e
			}
			done(ctx, v, err)
		case *stanza.Error:
			done(ctx, nil, v)
		default:
			done(ctx, nil, errors.New(wire.Args(args).Text(0)))
		}
		return nil, nil
	})
	if err := m.peer.Cast(ctx, wire.Lane(st.From()), m.remote.ID(), "SendIQ", sessionValue(origin), st, timeout.Seconds(), answer); err != nil {
		done(ctx, nil, err)
	}
}

func (m *module) Option(name string) any {
	return m.options.get("\x00"+name, func() any { return m.question(context.Background(), "Option", name).At(0) })
}

func (m *module) OptionAt(host, name string) any {
	return m.options.get(host+"\x00"+name, func() any { return m.question(context.Background(), "OptionAt", host, name).At(0) })
}

func (m *module) AddItem(ctx context.Context, key string, value any) {
	if _, err := m.ask(ctx, "AddItem", key, value); err != nil {
		m.complain("AddItem", err)
	}
}

func (m *module) RemoveItem(ctx context.Context, key string, value any) {
	if _, err := m.ask(ctx, "RemoveItem", key, value); err != nil {
		m.complain("RemoveItem", err)
	}
}

func (m *module) Items(key string) []any {
	list, _ := m.question(context.Background(), "Items", key).At(0).([]any)
	return list
}

func (m *module) OpenStore(ctx context.Context, name, kind string) (any, error) {
	results, err := m.ask(ctx, "OpenStore", name, kind)
	return results.At(0), err
}

func (m *module) Keep(key string, value any) { m.tell("Keep", key, value) }

func (m *module) Kept() map[string]any {
	if !m.Loaded() {
		return nil
	}
	return m.owner.kept
}

func (m *module) Depends(ctx context.Context, name string, soft bool) (sdk.Plugin, error) {
	results, err := m.ask(ctx, "Depends", name, soft)
	p, _ := results.At(0).(sdk.Plugin)
	if err == nil && p == nil && !soft {
		err = errors.New("the server has no such plugin: " + name)
	}
	return p, err
}

func (m *module) DefaultPermission(role, action string) { m.tell("Allow", role, action) }

func (m *module) May(ctx context.Context, action string, actor sdk.Actor, quiet bool) bool {
	return m.question(ctx, "May", action, sessionValue(actor.Session), actor.JID, quiet).Bool(0)
}

func (m *module) SetStatus(ctx context.Context, status sdk.Status, text string, override bool) {
	m.question(ctx, "SetStatus", string(status), text, override)
}

func (m *module) Status() (status sdk.Status, text string, since time.Time) {
	r := m.question(context.Background(), "Status")
	return sdk.Status(r.Text(0)), r.Text(1), time.UnixMicro(int64(r.Number(2) * 1e6))
}

func (m *module) Metric(kind, name, unit, description string, labels ...string) sdk.MetricFamily {
	return family{m, []any{kind, name, unit, description, labels}}
}

// family is a metric; each measurement names it.
type family struct {
	module *module
	args   []any
}

func (f family) With(labels ...string) sdk.Metric { return series{f, labels} }

type series struct {
	family
	labels []string
}

func (s series) measure(what string, v float64) {
	s.module.tell("Measure", append(append([]any{}, s.args...), s.labels, what, v)...)
}

func (s series) Set(v float64)    { s.measure("Set", v) }
func (s series) Add(v float64)    { s.measure("Add", v) }
func (s series) Sample(v float64) { s.measure("Sample", v) }

// end ends what runs here, when the server has been told that the instance, or its host, has gone.
func (m *module) end() {
	m.ended.Store(true)
	m.mu.Lock()
	timers := m.timers
	m.timers = map[*timer]bool{}
	m.mu.Unlock()
	for t := range timers {
		t.halt()
	}
}

var _ sdk.Module = (*module)(nil)
