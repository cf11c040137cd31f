package sdktest

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// Patience is how long to wait for anything that has to come.
const Patience = 10 * time.Second

// Server is what the plugin sees of a server. Its methods end the test where something goes wrong that the plugin has no part in.
type Server struct {
	t    testing.TB
	o    Options
	log  *slog.Logger
	make func(s *Server) sdk.Plugin

	plugin sdk.Plugin // loaded, or nil
	main   *module

	mu       sync.Mutex // guards the rest; no plugin is called under it
	buses    map[string]*bus
	stores   map[storeKey]*table
	items    map[itemKey][]item
	settings map[string]any
	kept     map[string]any
	allowed  map[[2]string]bool
	clients  map[string]*Client // by full JID
	sent     []*stanza.Element  // to nobody we know
	pending  []*request
}

func newServer(t testing.TB, o Options, newPlugin func(s *Server) sdk.Plugin) *Server {
	if o.Name == "" {
		o.Name = "plugin"
	}
	if o.Host == "" {
		o.Host = "localhost"
	}
	s := &Server{
		t: t, o: o, log: slog.New(slog.NewTextHandler(t.Output(), nil)), make: newPlugin,
		buses: map[string]*bus{}, stores: map[storeKey]*table{}, items: map[itemKey][]item{}, settings: maps.Clone(o.Settings), kept: map[string]any{},
		allowed: map[[2]string]bool{}, clients: map[string]*Client{},
	}
	t.Cleanup(func() {
		if err := s.Unload(); err != nil {
			t.Errorf("unloading the plugin: %v", err)
		}
	})
	return s
}

// Plugin is the loaded plugin, for what it offers to others: it is an sdk.Exporter if the plugin is one, and always one through gRPC.
func (s *Server) Plugin() sdk.Plugin { return s.plugin }

// Module is the loaded plugin's. A test may use it to do what another plugin would do.
func (s *Server) Module() sdk.Module { return s.main }

// Bus carries the events of the plugin's host.
func (s *Server) Bus() sdk.Bus { return s.bus(s.o.Host) }

// Load loads the plugin, and tells it that the server is ready. The error is the plugin's; what it has registered is then undone.
func (s *Server) Load() error { return s.load(s.make(s), false, nil) }

func (s *Server) load(p sdk.Plugin, again bool, state any) error {
	ctx := s.context()
	m := newModule(s, s.o.Host, again)
	if heir, ok := p.(sdk.Heir); ok && again {
		heir.Inherit(state)
	}
	err := p.Load(ctx, m)
	if r, ok := p.(sdk.Restorer); ok && again && err == nil {
		err = r.Restore(ctx, state)
	}
	if err != nil {
		m.undo()
		end(p)
		return err
	}
	s.plugin, s.main = p, m
	if r, ok := p.(sdk.Readier); ok {
		return r.Ready(ctx)
	}
	return nil
}

// Unload unloads the plugin, if it is loaded. The error is the plugin's.
func (s *Server) Unload() (err error) {
	p := s.plugin
	if p == nil {
		return nil
	}
	s.plugin = nil
	if u, ok := p.(sdk.Unloader); ok {
		err = u.Unload(s.context())
	}
	s.main.undo()
	end(p)
	return err
}

// Reload puts another plugin into the place of the loaded one, which hands over what it saves.
func (s *Server) Reload() error {
	var state any
	if saver, ok := s.plugin.(sdk.Saver); ok {
		var err error
		if state, err = saver.Save(s.context()); err != nil {
			return err
		}
	}
	if err := s.Unload(); err != nil {
		return err
	}
	return s.load(s.make(s), true, state)
}

// Kill lets the plugin's process die, as it were, and puts another one into its place: it knows nothing but what was kept (sdk.Module.Keep) and what is in
// the stores.
func (s *Server) Kill() error {
	ctx := s.context()
	if d, ok := s.plugin.(*distant); ok {
		return d.revive(ctx)
	}
	s.main.undo()
	p, m := s.make(s), newModule(s, s.o.Host, true)
	s.mu.Lock()
	m.kept, s.kept = maps.Clone(s.kept), map[string]any{}
	s.mu.Unlock()
	if err := p.Load(ctx, m); err != nil {
		m.undo()
		s.plugin = nil
		return err
	}
	s.plugin, s.main = p, m
	if r, ok := p.(sdk.Readier); ok {
		return r.Ready(ctx)
	}
	return nil
}

// end ends the other side of a plugin that has one.
func end(p sdk.Plugin) {
	if d, ok := p.(*distant); ok {
		d.end()
	}
}

// Set changes an option of the configuration and lets the plugin know that it has been read again.
func (s *Server) Set(name string, value any) {
	s.mu.Lock()
	if s.settings == nil {
		s.settings = map[string]any{}
	}
	s.settings[name] = value
	s.mu.Unlock()
	if _, err := s.bus("*").Fire(s.context(), sdk.NewEvent("config-reloaded")); err != nil {
		s.log.Error("config-reloaded", "err", err)
	}
}

// Allow lets somebody, by bare JID, do what the plugin asks about with May.
func (s *Server) Allow(bareJID, action string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allowed[[2]string{bareJID, action}] = true
}

// Sent is what the plugin has sent to others than the clients, since Sent was called last.
func (s *Server) Sent() []*stanza.Element {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent := s.sent
	s.sent = nil
	return sent
}

// Fire fires an event on the plugin's host and waits for the result, also that of a handler that answers late.
func (s *Server) Fire(ev *sdk.Event) (any, error) { return s.fire(s.o.Host, ev) }

func (s *Server) fire(host string, ev *sdk.Event) (any, error) {
	late := make(finisher, 1)
	ev.AcceptLate(late)
	result, err := s.bus(host).Fire(s.context(), ev)
	if _, deferred := result.(*sdk.Deferral); !deferred {
		return result, err
	}
	select {
	case o := <-late:
		return o.result, o.err
	case <-time.After(Patience):
		return nil, errors.New("the plugin has not answered in time")
	}
}

type outcome struct {
	result any
	err    error
}

type finisher chan outcome

func (f finisher) Finish(_ context.Context, result any, err error) { f <- outcome{result, err} }

// context is a chain of its own, for what a test begins.
func (s *Server) context() context.Context { return sdk.NewChain(context.Background()) }

func (s *Server) bus(host string) *bus {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buses[host]
	if b == nil {
		b = &bus{}
		s.buses[host] = b
	}
	return b
}

// route brings a stanza to the clients that it is for.
func (s *Server) route(ctx context.Context, st *stanza.Element) error {
	to, err := jid.Parse(st.To())
	if err != nil || st.From() == "" {
		return errors.New("a stanza without an address")
	}
	if s.answer(ctx, st) {
		return nil
	}
	for _, c := range s.clientsOf(to) {
		if err := c.Send(ctx, st); err != nil {
			return err
		}
		if to.IsFull() {
			return nil
		}
	}
	if len(s.clientsOf(to)) == 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.sent = append(s.sent, st.Clone())
	}
	return nil
}

// clientsOf are the clients that an address stands for, by JID.
func (s *Server) clientsOf(to jid.JID) (list []*Client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, full := range slices.Sorted(maps.Keys(s.clients)) {
		if c := s.clients[full]; c.address == to || c.address.Bare() == to {
			list = append(list, c)
		}
	}
	return list
}
