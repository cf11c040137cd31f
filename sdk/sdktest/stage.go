// Package sdktest tests plugins without a server: in memory, and through the wire as if they ran in a process of their own.
//
//	func TestGreets(t *testing.T) {
//		sdktest.Each(t, myplugin.New, sdktest.Options{}, func(t *testing.T, s *sdktest.Stage) {
//			romeo := s.Client("romeo@localhost/balcony")
//			romeo.Say(stanza.Message("hi", "to", "localhost"))
//			if got := romeo.Next(); got.ChildText("body", "") != "hello" { … }
//		})
//	}
//
// A Stage has hosts with buses, options, stores in memory and clients. It routes what clients and plugins send as the server does, but for the
// server's own handlers: there are no accounts, no presence and no other servers.
package sdktest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// patience is how long a test waits for what should come.
const patience = 10 * time.Second

// Options of a stage.
type Options struct {
	// Host is the one that the plugin is loaded on, "localhost" if "". Type is its kind, local if "".
	Host string
	Type sdk.HostType
	// Others are further local hosts.
	Others []string
	// Config are the plugin's options.
	Config map[string]any
	// Plugins are what the plugin may depend on, by name.
	Plugins map[string]sdk.Plugin
	// Name is the plugin's, "plugin" if "".
	Name string
}

// Stage is a server in memory with one plugin.
type Stage struct {
	t    testing.TB
	opts Options
	log  *slog.Logger

	mu      sync.Mutex // guards the rest; no plugin is called under it
	buses   map[string]*bus
	clients map[string]*Client
	stores  map[string]any
	items   []item
	granted map[string]bool
	main    *module
	plugin  sdk.Plugin
	restart func(ctx context.Context) error // of a plugin behind the wire
	sent    chan *stanza.Element
}

type item struct {
	host, key string
	value     any
}

// New makes a stage without a plugin. It ends with the test.
func New(t testing.TB, o Options) *Stage {
	if o.Host == "" {
		o.Host = "localhost"
	}
	if o.Type == "" {
		o.Type = sdk.HostLocal
	}
	if o.Name == "" {
		o.Name = "plugin"
	}
	s := &Stage{
		t: t, opts: o, buses: map[string]*bus{}, clients: map[string]*Client{}, stores: map[string]any{}, granted: map[string]bool{},
		sent: make(chan *stanza.Element, 10000),
	}
	s.log = slog.New(slog.NewTextHandler(output(t), &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, host := range append([]string{"*", o.Host}, o.Others...) {
		s.buses[host] = &bus{log: s.log}
	}
	s.main = &module{stage: s, host: o.Host}
	s.main.owner = s.main
	return s
}

// output is the test's log, if it has one.
func output(t testing.TB) io.Writer {
	if o, ok := t.(interface{ Output() io.Writer }); ok {
		return o.Output()
	}
	return io.Discard
}

// Each runs a test twice: with the plugin in memory, and through the wire.
func Each(t *testing.T, newPlugin func() sdk.Plugin, o Options, f func(t *testing.T, s *Stage)) {
	t.Run("memory", func(t *testing.T) {
		s := New(t, o)
		s.Load(newPlugin())
		f(t, s)
	})
	t.Run("wire", func(t *testing.T) {
		s := New(t, o)
		s.LoadOverWire(newPlugin)
		f(t, s)
	})
}

// Load loads the plugin; a failure ends the test.
func (s *Stage) Load(p sdk.Plugin) {
	s.t.Helper()
	if err := s.TryLoad(p); err != nil {
		s.t.Fatal(err)
	}
}

// TryLoad is Load for plugins that may refuse.
func (s *Stage) TryLoad(p sdk.Plugin) error {
	ctx := s.Context()
	if err := p.Load(ctx, s.main); err != nil {
		s.main.end()
		return err
	}
	s.plugin = p
	s.t.Cleanup(s.Unload)
	if r, ok := p.(sdk.Readier); ok {
		return r.Ready(ctx)
	}
	return nil
}

// Unload unloads the plugin, if that has not been done.
func (s *Stage) Unload() {
	p := s.plugin
	if p == nil {
		return
	}
	s.plugin = nil
	if u, ok := p.(sdk.Unloader); ok {
		ctx, cancel := context.WithTimeout(context.Background(), patience) // the test's own context may have ended
		defer cancel()
		if err := u.Unload(sdk.NewChain(ctx)); err != nil {
			s.t.Errorf("unloading: %v", err)
		}
	}
	s.main.end()
}

// Context is a chain of its own, which ends when the test should have.
func (s *Stage) Context() *sdk.Chain {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	s.t.Cleanup(cancel)
	return sdk.NewChain(ctx)
}

// Module is what the plugin was given, as the server sees it.
func (s *Stage) Module() sdk.Module { return s.main }

// Plugin is the plugin as other plugins see it (sdk.Exporter).
func (s *Stage) Plugin() sdk.Plugin { return s.plugin }

// Hook hooks an event of the plugin's host, as another plugin would.
func (s *Stage) Hook(event string, priority float64, h sdk.Handler) (unhook func()) {
	return s.bus(s.main.Host()).Add(sdk.Hook{Event: event, Priority: priority, Handler: h, Plugin: "test"})
}

// Fire fires an event on the plugin's host, as another plugin would.
func (s *Stage) Fire(ev *sdk.Event) (any, error) { return s.bus(s.main.Host()).Fire(s.Context(), ev) }

func (s *Stage) bus(host string) *bus {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buses[host]
}

// Sent is the next stanza that the plugin sent to nobody who is a client of the stage.
func (s *Stage) Sent() *stanza.Element {
	s.t.Helper()
	return next(s.t, s.sent, "the plugin sent nothing")
}

func next(t testing.TB, from chan *stanza.Element, otherwise string) *stanza.Element {
	t.Helper()
	select {
	case st := <-from:
		return st
	case <-time.After(patience):
		t.Fatal(otherwise)
		return nil
	}
}

// route brings a stanza to a client or to the hooks of its host; what nobody handles is refused.
func (s *Stage) route(ctx context.Context, origin sdk.Session, st *stanza.Element, late bool) error {
	local, domain, resource := jid.Split(st.To())
	s.mu.Lock()
	c, b := s.clients[st.To()], s.buses[domain]
	s.mu.Unlock()
	switch {
	case c != nil:
		return c.receive(st)
	case b == nil:
		s.sent <- st.Clone()
		return nil
	}
	class := "full"
	if local == "" {
		class = "host"
	} else if resource == "" {
		class = "bare"
	}
	return (&way{s, origin, st}).arrive(ctx, b, st.Name+"/"+class, late)
}

// way is a stanza that the plugin may answer late.
type way struct {
	stage  *Stage
	origin sdk.Session
	st     *stanza.Element
}

func (w *way) arrive(ctx context.Context, b *bus, name string, late bool) error {
	ev := sdk.StanzaEvent(name, w.origin, w.st)
	if late {
		ev.AcceptLate(w)
	}
	if st := w.st; st.Name == "iq" && st.IsRequest() && len(st.Tags) > 0 { // the server's handler of iq does this
		ev.Name = fmt.Sprintf("iq-%s/%s/%s:%s", st.Type(), name[len("iq/"):], st.Tags[0].NS(), st.Tags[0].Name)
	}
	result, err := b.Fire(ctx, ev)
	if _, deferred := result.(*sdk.Deferral); !deferred {
		w.Finish(ctx, result, err)
	}
	return nil
}

// Finish answers for what nobody handled (sdk.Finisher).
func (w *way) Finish(ctx context.Context, result any, err error) {
	var e *stanza.Error
	switch {
	case err == nil && result != nil && result != false:
		return
	case err != nil:
		if e = sdk.ErrorOf(ctx, unwrap(err)); e == nil {
			e = stanza.NewError(stanza.InternalServerError, "")
		}
	default:
		e = stanza.NewError(stanza.ServiceUnavailable, "")
	}
	if reply := stanza.ErrorReply(w.st, e); reply != nil && w.origin != nil && w.st.Type() != "result" {
		_ = w.origin.Send(ctx, reply) // a client that has left
	}
}
