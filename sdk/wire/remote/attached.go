package remote

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/sdk/wire/pb"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// attached is an sdk.Module that the plugin was given: what it is asked for, and what was registered with it (wire.Thing).
type attached struct {
	plugin *Plugin
	m      sdk.Module
	owner  *attached // of a view of another host; itself otherwise

	mu      sync.Mutex // guards the rest; nothing is called under it
	renewed bool       // whether the process takes the place of one that died
	hooks   map[uint64]*hook
	stale   []*hook // of a process that died
	items   []*item
	allowed map[[2]string]bool
	kept    map[string]any
	stops   []func() // of what the bus tells
	watched map[[2]string]bool
}

func newAttached(p *Plugin, m sdk.Module) *attached {
	a := &attached{plugin: p, m: m, hooks: map[uint64]*hook{}, allowed: map[[2]string]bool{}, kept: map[string]any{}, watched: map[[2]string]bool{}}
	a.owner = a
	return a
}

func (a *attached) Kind() pb.Ref_Kind { return pb.Ref_MODULE }

func (a *attached) Constants() map[string]any {
	a.mu.Lock()
	renewed := a.renewed
	a.mu.Unlock()
	return map[string]any{
		"name": a.m.Name(), "host": a.m.Host(), "type": string(a.m.HostType()), "reloading": renewed || a.m.Reloading(), "level": float64(lowest(a.m.Logger())),
	}
}

// lowest is the lowest level that a logger writes.
func lowest(log *slog.Logger) slog.Level {
	for _, l := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn} {
		if log.Enabled(context.Background(), l) {
			return l
		}
	}
	return slog.LevelError
}

// load gives the module to the newest process, as the plugin's method wants it: "Load" or "AddHost".
func (a *attached) load(ctx context.Context, method string) error {
	a.mu.Lock()
	kept := make(map[string]any, len(a.kept))
	for key, value := range a.kept {
		kept[key] = value
	}
	a.mu.Unlock()
	_, err := a.plugin.ask(ctx, method, a, kept)
	return err
}

// renew prepares for a process that takes the place of one that died: what that one has hooked and added waits to be taken over, but for things of
// the dead process itself, which the new one cannot have.
func (a *attached) renew(ctx context.Context) {
	a.stopWatching()
	a.mu.Lock()
	a.renewed = true
	for _, h := range a.hooks {
		a.stale = append(a.stale, h)
	}
	slices.SortFunc(a.stale, func(x, y *hook) int { return int(x.number) - int(y.number) })
	a.hooks = map[uint64]*hook{}
	for _, i := range a.items {
		i.stale = true
	}
	dead := a.takeItems(func(i *item) bool { return !isPlain(i.value) })
	a.mu.Unlock()
	a.removeAll(ctx, dead)
}

// settle undoes what the new process has not taken over.
func (a *attached) settle(ctx context.Context) {
	a.mu.Lock()
	stale := a.stale
	a.stale = nil
	items := a.takeItems(func(i *item) bool { return i.stale })
	a.mu.Unlock()
	for _, h := range stale {
		h.undo()
	}
	a.removeAll(ctx, items)
}

func (a *attached) stopWatching() {
	a.mu.Lock()
	stops := a.stops
	a.stops, a.watched = nil, map[[2]string]bool{}
	a.mu.Unlock()
	for _, stop := range stops {
		stop()
	}
}

// bus is a host's bus, the global one for "*".
func (a *attached) bus(host string) (sdk.Bus, error) {
	m := a.m
	switch {
	case host == "*":
		return m.GlobalBus(), nil
	case host != m.Host():
		m = m.Context(host)
	}
	if m.HostType() == "" {
		return nil, fmt.Errorf("no host %q", host)
	}
	return m.Bus(), nil
}

// Cast does what is done in order and without an answer (wire.Caster).
func (a *attached) Cast(c *wire.Invocation) error {
	args := c.Args
	switch c.Method {
	case "Hook", "Wrap":
		return a.owner.hook(c)
	case "Unhook":
		return a.owner.unhook(uint64(args.Number(0)))
	case "Keep":
		a.keep(args.Text(0), args.At(1))
		return nil
	case "Log":
		a.log(slog.Level(args.Number(0)), args.Text(1), args.Map(2))
		return nil
	case "Allow":
		a.allow(args.Text(0), args.Text(1))
		return nil
	case "Measure":
		return a.measure(args)
	}
	return fmt.Errorf("module: %w: %q", sdk.ErrNoMethod, c.Method)
}

// Invoke answers calls and sends (wire.Target).
func (a *attached) Invoke(ctx context.Context, c *wire.Invocation) ([]any, error) {
	m, args := a.m, c.Args
	switch c.Method {
	case "Send":
		return nil, a.send(ctx, args.Session(ctx, 0), args.Stanza(1))
	case "SendEach":
		return nil, a.sendEach(ctx, args.Text(0), args.At(1))
	case "Broadcast":
		return nil, a.broadcast(ctx, args.Texts(0), args.Stanza(1))
	case "SendIQ":
		return nil, a.sendIQ(ctx, args)
	case "Fire":
		return a.fire(ctx, c)
	case "Watch":
		return nil, a.watch(args.Text(0), args.Text(1))
	case "Option":
		return []any{m.Option(args.Text(0))}, nil
	case "OptionAt":
		return []any{m.OptionAt(args.Text(0), args.Text(1))}, nil
	case "AddItem":
		return nil, a.owner.addItem(ctx, a.m, args.Text(0), args.At(1))
	case "RemoveItem":
		a.owner.removeItem(ctx, a.m, args.Text(0), args.At(1))
		return nil, nil
	case "Items":
		return []any{m.Items(args.Text(0))}, nil
	case "OpenStore":
		s, err := m.OpenStore(ctx, args.Text(0), args.Text(1))
		return []any{s}, err
	case "Depends":
		return a.depends(ctx, args.Text(0), args.Bool(1))
	case "May":
		return []any{m.May(ctx, args.Text(0), sdk.Actor{Session: args.Session(ctx, 1), JID: args.Text(2)}, args.Bool(3))}, nil
	case "SetStatus":
		m.SetStatus(ctx, sdk.Status(args.Text(0)), args.Text(1), args.Bool(2))
		return nil, nil
	case "Status":
		status, text, since := m.Status()
		return []any{string(status), text, float64(since.UnixMicro()) / 1e6}, nil
	case "SetGlobal":
		m.SetGlobal()
		return nil, nil
	case "Context":
		return []any{&attached{plugin: a.plugin, m: m.Context(args.Text(0)), owner: a.owner}}, nil
	}
	return nil, fmt.Errorf("module: %w: %q", sdk.ErrNoMethod, c.Method)
}

func (a *attached) keep(key string, value any) {
	o := a.owner
	o.mu.Lock()
	defer o.mu.Unlock()
	if value == nil {
		delete(o.kept, key)
		return
	}
	o.kept[key] = value
}

func (a *attached) log(level slog.Level, text string, fields map[string]any) {
	attrs := make([]slog.Attr, 0, len(fields))
	for name, value := range fields {
		attrs = append(attrs, slog.Any(name, value))
	}
	slices.SortFunc(attrs, func(x, y slog.Attr) int {
		if x.Key < y.Key {
			return -1
		}
		return 1
	})
	a.m.Logger().LogAttrs(context.Background(), level, text, attrs...)
}

// allow grants once what each of the plugin's processes asks for.
func (a *attached) allow(role, action string) {
	a.owner.mu.Lock()
	k := [2]string{role, action}
	again := a.owner.allowed[k]
	a.owner.allowed[k] = true
	a.owner.mu.Unlock()
	if !again {
		a.m.DefaultPermission(role, action)
	}
}

func (a *attached) measure(args wire.Args) error {
	s := a.m.Metric(args.Text(0), args.Text(1), args.Text(2), args.Text(3), args.Texts(4)...).With(args.Texts(5)...)
	v := args.Number(7)
	switch args.Text(6) {
	case "Set":
		s.Set(v)
	case "Add":
		s.Add(v)
	case "Sample":
		s.Sample(v)
	default:
		return fmt.Errorf("a measurement of an unknown kind %q", args.Text(6))
	}
	return nil
}

func (a *attached) send(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	if err := a.maySend(st); err != nil {
		return err
	}
	return a.m.Send(ctx, origin, st)
}

func (a *attached) broadcast(ctx context.Context, to []string, st *stanza.Element) error {
	if err := a.maySend(st); err != nil {
		return err
	}
	return a.m.Broadcast(ctx, to, st)
}

// sendEach sends stanzas (an iter.Seq) up to one that may not be sent.
func (a *attached) sendEach(ctx context.Context, to string, stanzas any) error {
	list, ok := stanzas.(iter.Seq[*stanza.Printed])
	if !ok {
		return errors.New("nothing to send")
	}
	var refused error
	err := a.m.SendEach(ctx, to, func(yield func(*stanza.Printed) bool) {
		for p := range list {
			if refused = a.maySendFrom(p.From()); refused != nil || !yield(p) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	return refused
}

// maySend refuses what is sent in the name of a host that the module is not for.
func (a *attached) maySend(st *stanza.Element) error {
	if st == nil {
		return errors.New("nothing to send")
	}
	return a.maySendFrom(st.From())
}

func (a *attached) maySendFrom(from string) error {
	_, domain, _ := jid.Split(from)
	host := a.m.Host()
	if domain == host || host == "*" && domain != "" && a.m.Context(domain).HostType() != "" {
		return nil
	}
	return fmt.Errorf("a stanza from %q, which is not on a host of the plugin's (%s)", from, host)
}

// maySend refuses replies to sessions in the name of hosts that the plugin does not serve.
func (p *Plugin) maySend(st *stanza.Element) error {
	if st.From() == "" {
		return nil
	}
	p.mu.Lock()
	all := append([]*attached{p.main}, p.hosts...)
	p.mu.Unlock()
	var err error
	for _, a := range all {
		if a == nil {
			continue
		}
		if err = a.maySend(st); err == nil {
			return nil
		}
	}
	return err
}

func (a *attached) sendIQ(ctx context.Context, args wire.Args) error {
	st, done := args.Stanza(1), args.At(3)
	f, ok := done.(sdk.Function)
	if !ok {
		return errors.New("a request without a function for the reply")
	}
	if err := a.maySend(st); err != nil {
		return err
	}
	a.m.SendIQ(ctx, args.Session(ctx, 0), st, time.Duration(args.Number(2)*float64(time.Second)), func(ctx context.Context, reply *sdk.Event, err error) {
		var failed any
		var se *stanza.Error
		switch {
		case errors.As(err, &se):
			failed = se
		case err != nil:
			failed = err.Error()
		}
		if reply != nil {
			_, err = wire.Handle(ctx, f, reply, "", failed)
		} else {
			_, err = f.Call(ctx, failed)
		}
		if err != nil {
			a.m.Logger().Error("the reply to a request was not handled", append([]any{"id", st.ID()}, wire.Attrs(err)...)...)
		}
	})
	return nil
}

// fire fires an event of the plugin's: all of it, or the handlers with some orders.
func (a *attached) fire(ctx context.Context, c *wire.Invocation) ([]any, error) {
	b, err := a.bus(c.Args.Text(0))
	if err != nil {
		return nil, err
	}
	if c.Event == nil {
		return nil, errors.New("nothing to fire")
	}
	orders, part := c.Args.At(1).([]any)
	var result any
	if part {
		result, err = b.FirePart(ctx, c.Event, func(h sdk.Hook) bool { return slices.Contains(orders, any(float64(h.Order))) })
	} else {
		result, err = b.Fire(ctx, c.Event)
	}
	return []any{result}, err
}

// watch tells the plugin who hooks an event, from now on.
func (a *attached) watch(host, event string) error {
	b, err := a.bus(host)
	if err != nil {
		return err
	}
	o := a.owner
	o.mu.Lock()
	k := [2]string{host, event}
	again := o.watched[k]
	o.watched[k] = true
	o.mu.Unlock()
	peer := a.plugin.Peer()
	if again || peer == nil {
		return nil
	}
	stop := b.Watch(event, func(hooks []sdk.Hook, wrapped bool) {
		rows := make(sdk.Rows, len(hooks))
		for i, h := range hooks {
			var number any
			if own, ok := h.Tag.(*hook); ok && own.peer() == peer {
				number = float64(own.name())
			}
			rows[i] = []any{float64(h.Order), h.Priority, number, h.OnError == sdk.Reject}
		}
		_ = peer.Tell(0, "Listeners", host, event, rows, wrapped) // a process that is gone does not fire
	})
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stops = append(o.stops, stop)
	return nil
}

// depends gives the plugin what another one offers.
func (a *attached) depends(ctx context.Context, name string, soft bool) ([]any, error) {
	p, err := a.m.Depends(ctx, name, soft)
	if err != nil || p == nil {
		return []any{nil}, err
	}
	x, ok := p.(sdk.Exporter)
	if !ok {
		x = &offersNothing{}
	}
	return []any{x}, nil
}

// offersNothing stands for a plugin that others can depend on without getting anything from it.
type offersNothing struct{ _ byte }

func (*offersNothing) Export(context.Context, string) (any, error) { return nil, nil }

var (
	_ wire.Thing  = (*attached)(nil)
	_ wire.Caster = (*attached)(nil)
)
