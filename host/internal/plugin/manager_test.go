package plugin_test

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"quatrain/host/internal/event"
	"quatrain/host/internal/metric"
	"quatrain/host/internal/moduleapi"
	"quatrain/host/internal/permission"
	"quatrain/host/internal/plugin"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// stage is a server without streams: two hosts, their buses, and plugins made of functions.
type stage struct {
	buses   map[string]*event.Bus
	plugins map[string]func(host string) sdk.Plugin
	off     string // "host name" of a disabled plugin
	broken  string // name of a plugin whose source no longer compiles
	manager *plugin.Manager
	own     bool // there are plugins called like the aliases, "old_NAME"
	log     []string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{buses: map[string]*event.Bus{}, plugins: map[string]func(string) sdk.Plugin{}}
	for _, host := range []string{"*", "a.example", "b.example"} {
		s.buses[host] = event.NewBus(slog.New(slog.DiscardHandler), nil)
	}
	srv := &moduleapi.Server{Hosts: s, Options: s, Items: moduleapi.NewItems(), Grants: permission.NewGrants(), Metrics: metric.NewRegistry(), Log: slog.New(slog.DiscardHandler)}
	s.manager = plugin.NewManager(srv, s, s)
	srv.Depend = s.manager
	return s
}

func (s *stage) Bus(host string) sdk.Bus {
	if b := s.buses[host]; b != nil {
		return b
	}
	return nil
}
func (s *stage) Type(host string) (sdk.HostType, bool) {
	return sdk.HostLocal, s.buses[host] != nil
}
func (s *stage) Origin(string) sdk.Session   { return nil }
func (s *stage) Option(string, string) any   { return nil }
func (s *stage) OptionAt(string, string) any { return nil }
func (s *stage) OnError(string) sdk.OnError  { return sdk.Reject }
func (s *stage) Resolve(name string) string {
	if s.own {
		return name
	}
	return strings.TrimPrefix(name, "old_")
}
func (s *stage) Synonyms(name string) []string {
	if proper := strings.TrimPrefix(name, "old_"); proper != name {
		return []string{proper}
	}
	return []string{"old_" + name}
}
func (s *stage) Disabled(host, name string) bool { return s.off == host+" "+name }
func (s *stage) ForceReload(string) bool         { return false }
func (s *stage) Check(_ context.Context, name string) error {
	if s.broken == name {
		return errors.New("does not compile")
	}
	return nil
}
func (s *stage) New(name, host string) (sdk.Plugin, error) {
	if f := s.plugins[name]; f != nil {
		return f(host), nil
	}
	return nil, plugin.ErrNotFound
}

// script is a plugin made of functions; nil ones do nothing.
type script struct {
	stage *stage
	name  string
	load  func(ctx context.Context, m sdk.Module) error
	state any
}

func (p *script) Load(ctx context.Context, m sdk.Module) error {
	p.stage.log = append(p.stage.log, "load "+p.name+" "+m.Host())
	if p.load == nil {
		return nil
	}
	return p.load(ctx, m)
}
func (p *script) Save(context.Context) (any, error) { return p.name + "'s state", nil }
func (p *script) Restore(_ context.Context, state any) error {
	p.state = state
	return nil
}
func (p *script) Unload(context.Context) error {
	p.stage.log = append(p.stage.log, "unload "+p.name)
	return nil
}

func (s *stage) add(name string, load func(ctx context.Context, m sdk.Module) error) {
	s.plugins[name] = func(string) sdk.Plugin { return &script{stage: s, name: name, load: load} }
}

func TestLoadUndoneByUnload(t *testing.T) {
	s, ctx := newStage(t), context.Background()
	s.add("p", func(ctx context.Context, m sdk.Module) error {
		m.Hook("e", 0, func(context.Context, *sdk.Event) (any, error) { return "seen", nil })
		m.AddItem(ctx, "feature", "urn:x")
		return nil
	})
	if _, err := s.manager.Load(ctx, "a.example", "p"); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.buses["a.example"].Fire(ctx, sdk.NewEvent("e")); got != "seen" {
		t.Errorf("hook answered %v", got)
	}
	module := s.manager.Get("a.example", "p").Module
	if err := s.manager.Unload(ctx, "a.example", "old_p"); err != nil {
		t.Fatal(err)
	}
	if s.buses["a.example"].Has("e") || len(module.Items("feature")) != 0 || module.Loaded() {
		t.Error("something of the plugin is left after unloading")
	}
}

func TestLoadRefuses(t *testing.T) {
	tests := map[string]struct {
		host, name string
		want       error
	}{
		"unknown host":   {"c.example", "p", plugin.ErrUnknownHost},
		"unknown plugin": {"a.example", "q", plugin.ErrNotFound},
		"second time":    {"a.example", "p", plugin.ErrAlreadyLoaded},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s, ctx := newStage(t), context.Background()
			s.add("p", nil)
			s.manager.Load(ctx, "a.example", "p")
			if _, err := s.manager.Load(ctx, tc.host, tc.name); !errors.Is(err, tc.want) {
				t.Errorf("Load: %v, want %v", err, tc.want)
			}
		})
	}
}

// TestNames: an instance is found under each of a plugin's names, and nothing is loaded beside it.
func TestNames(t *testing.T) {
	for _, loaded := range []string{"p", "old_p"} {
		t.Run(loaded, func(t *testing.T) {
			s, ctx := newStage(t), context.Background()
			s.own = loaded == "old_p"
			s.add("p", nil)
			s.add("old_p", nil)
			instance, err := s.manager.Load(ctx, "a.example", loaded)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"p", "old_p"} {
				s.add("needs_"+name, func(ctx context.Context, m sdk.Module) error {
					got, err := m.Depends(ctx, name, false)
					if got != instance.Plugin {
						t.Errorf("Depends(%q): %v", name, got)
					}
					return err
				})
				if _, err := s.manager.Load(ctx, "a.example", "needs_"+name); err != nil {
					t.Error(err)
				}
				if got := s.manager.Get("a.example", name); got != instance {
					t.Errorf("Get(%q): %v", name, got)
				}
			}
			if err := s.manager.Unload(ctx, "a.example", "old_p"); err != nil || len(s.manager.Instances("")) > 0 {
				t.Errorf("after unloading it and what depends on it: %v, %v", s.manager.Instances(""), err)
			}
		})
	}
}

// TestOwnName: there can be a plugin of the alias's name; what is loaded is the one that was asked for.
func TestOwnName(t *testing.T) {
	s, ctx := newStage(t), context.Background()
	s.own = true
	s.add("p", nil)
	s.add("old_p", nil)
	for _, name := range []string{"p", "old_p"} {
		if i, err := s.manager.Load(ctx, "a.example", name); err != nil || i.Name != name || s.manager.Get("a.example", name) != i {
			t.Errorf("%s: %v, %v", name, i, err)
		}
	}
}

func TestFailedLoadLeavesNothing(t *testing.T) {
	for name, fail := range map[string]func() error{"error": func() error { return errors.New("no") }, "panic": func() error { panic("no") }} {
		t.Run(name, func(t *testing.T) {
			s, ctx := newStage(t), context.Background()
			s.add("p", func(_ context.Context, m sdk.Module) error {
				m.Hook("e", 0, func(context.Context, *sdk.Event) (any, error) { return true, nil })
				return fail()
			})
			if _, err := s.manager.Load(ctx, "a.example", "p"); err == nil || s.buses["a.example"].Has("e") || s.manager.Get("a.example", "p") != nil {
				t.Errorf("Load: %v; hook or instance left behind", err)
			}
		})
	}
}

func TestDependents(t *testing.T) {
	s, ctx := newStage(t), context.Background()
	s.add("base", nil)
	s.add("top", func(ctx context.Context, m sdk.Module) error {
		_, err := m.Depends(ctx, "base", false)
		return err
	})
	s.manager.Load(ctx, "a.example", "top")
	s.manager.Reload(ctx, "a.example", "base")
	s.manager.Unload(ctx, "a.example", "base")
	want := []string{"load top a.example", "load base a.example",
		"unload base", "load base a.example", "unload top", "load top a.example",
		"unload top", "unload base"}
	if !slices.Equal(s.log, want) {
		t.Errorf("ran\n%q, want\n%q", s.log, want)
	}
}

func TestDisabledDependency(t *testing.T) {
	for name, soft := range map[string]bool{"hard": false, "soft": true} {
		t.Run(name, func(t *testing.T) {
			s, ctx := newStage(t), context.Background()
			s.off = "a.example base"
			s.add("base", nil)
			s.add("top", func(ctx context.Context, m sdk.Module) error {
				_, err := m.Depends(ctx, "base", soft)
				return err
			})
			if _, err := s.manager.Load(ctx, "a.example", "top"); (err == nil) != soft {
				t.Errorf("Load: %v", err)
			}
		})
	}
}

func TestReload(t *testing.T) {
	s, ctx := newStage(t), context.Background()
	s.add("p", nil)
	old, _ := s.manager.Load(ctx, "a.example", "p")
	s.broken = "p"
	if err := s.manager.Reload(ctx, "a.example", "p"); err == nil || s.manager.Get("a.example", "p") != old {
		t.Errorf("Reload of a broken source: %v; the old instance must stay", err)
	}
	s.broken = ""
	if err := s.manager.Reload(ctx, "a.example", "p"); err != nil {
		t.Fatal(err)
	}
	if state := s.manager.Get("a.example", "p").Plugin.(*script).state; state != "p's state" {
		t.Errorf("restored %v", state)
	}
}

// shared is a global plugin that serves hosts.
type shared struct {
	script
	hosts *[]string
}

func (p *shared) AddHost(_ context.Context, m sdk.Module) error {
	*p.hosts = append(*p.hosts, m.Host())
	m.Hook("e", 0, func(context.Context, *sdk.Event) (any, error) { return m.Host(), nil })
	return nil
}

func TestSharedPlugin(t *testing.T) {
	s, ctx, hosts := newStage(t), context.Background(), []string(nil)
	s.plugins["p"] = func(string) sdk.Plugin {
		global := func(_ context.Context, m sdk.Module) error {
			m.SetGlobal()
			return nil
		}
		return &shared{script{stage: s, name: "p", load: global}, &hosts}
	}
	for _, host := range []string{"a.example", "b.example"} {
		if _, err := s.manager.Load(ctx, host, "p"); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := s.buses["b.example"].Fire(ctx, sdk.NewEvent("e")); got != "b.example" || !slices.Equal(hosts, []string{"a.example", "b.example"}) {
		t.Errorf("served %v, answered %v", hosts, got)
	}
	s.manager.Unload(ctx, "*", "p")
	if s.buses["a.example"].Has("e") || s.buses["b.example"].Has("e") || len(s.manager.Instances("")) != 0 {
		t.Error("hosts of the plugin are left after unloading it")
	}
}

func TestSendIQ(t *testing.T) {
	s, ctx := newStage(t), context.Background()
	var sent *stanza.Element
	srv := &moduleapi.Server{Hosts: s, Options: s, Router: routerFunc(func(st *stanza.Element) { sent = st }), Items: moduleapi.NewItems(), Log: slog.New(slog.DiscardHandler)}
	m := moduleapi.New(srv, "p", "a.example", false)
	defer m.Undo(ctx)
	var got []string
	ask := func() {
		m.SendIQ(ctx, nil, stanza.IQ("get", "1", "from", "a.example", "to", "User@b.example"), 0, func(_ context.Context, reply *sdk.Event, err error) {
			got = append(got, errorText(err))
		})
	}
	ask()
	ask()
	answer := func(from, typ string) {
		ev := sdk.StanzaEvent("iq-"+typ+"/host/1", nil, stanza.IQ(typ, "1", "from", from, "to", "a.example"))
		s.buses["a.example"].Fire(ctx, ev)
	}
	answer("mallory@b.example", "result")
	answer("user@b.example", "result")
	answer("user@b.example", "result")
	if want := []string{"conflict", "ok"}; !slices.Equal(got, want) || sent.To() != "User@b.example" {
		t.Errorf("answers %v, want %v", got, want)
	}
}

func errorText(err error) string {
	var e *stanza.Error
	if errors.As(err, &e) {
		return string(e.Condition)
	}
	return "ok"
}

type routerFunc func(st *stanza.Element)

func (f routerFunc) Post(_ context.Context, _ sdk.Session, st *stanza.Element) error {
	f(st)
	return nil
}
func (f routerFunc) Broadcast(context.Context, string, []string, *stanza.Element) error { return nil }
func (f routerFunc) SendEach(context.Context, string, string, iter.Seq[*stanza.Printed]) error {
	return nil
}
