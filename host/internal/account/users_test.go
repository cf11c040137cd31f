package account

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"testing"

	"quatrain/host/internal/event"
	"quatrain/sdk"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// fixture is one host with the provider in place; events are the names and users of what fired globally.
type fixture struct {
	*Users
	bus    sdk.Bus
	events []string
	purged []string
}

func newFixture(t *testing.T, p any, authentication string) *fixture {
	t.Helper()
	global := event.NewBus(quiet, nil)
	f := &fixture{bus: event.NewBus(quiet, nil)}
	f.Users = New(Config{GlobalBus: global, Log: quiet, Purge: func(_ context.Context, user, host string) error {
		f.purged = append(f.purged, user+"@"+host)
		return nil
	}})
	for _, name := range []string{"user-password-changed", "user-deleted", "user-enabled", "user-disabled"} {
		global.Add(sdk.Hook{Event: name, Handler: func(_ context.Context, ev *sdk.Event) (any, error) {
			f.events = append(f.events, name+" "+ev.String("username")+"@"+ev.String("host")+"/"+ev.String("resource"))
			return nil, nil
		}})
	}
	f.AddHost(host, f.bus, authentication)
	f.item("added", p)
	return f
}

func (f *fixture) item(what string, p any) {
	f.bus.Fire(context.Background(), sdk.NewEvent("item-"+what+"/auth-provider", "item", p))
}

func TestUsersLife(t *testing.T) {
	ctx := context.Background()
	f := newFixture(t, hashed(accounts(t)), InternalHashed)
	must(t, f.Create(ctx, "Juliet", host, "pencil"))
	if ok, err := f.Exists(ctx, "JULIET", host); !ok || err != nil {
		t.Errorf("exists: %v, %v", ok, err)
	}
	must(t, f.SetPassword(ctx, "juliet", host, "pen", "balcony"))
	if ok, err := f.TestPassword(ctx, "juliet", host, "pen"); !ok || err != nil {
		t.Errorf("password: %v, %v", ok, err)
	}
	must(t, f.SetEnabled(ctx, "juliet", host, false))
	if ok, err := f.IsEnabled(ctx, "juliet", host); ok || err != nil {
		t.Errorf("enabled: %v, %v", ok, err)
	}
	must(t, f.SetEnabled(ctx, "juliet", host, true))
	var all []string
	for user, err := range f.All(ctx, host) {
		must(t, err)
		all = append(all, user)
	}
	if !slices.Equal(all, []string{"juliet"}) {
		t.Errorf("users are %q", all)
	}
	must(t, f.Delete(ctx, "juliet", host))
	want := []string{"user-password-changed juliet@capulet.example/balcony", "user-disabled juliet@capulet.example/",
		"user-enabled juliet@capulet.example/", "user-deleted juliet@capulet.example/"}
	if !slices.Equal(f.events, want) {
		t.Errorf("events %q, want %q", f.events, want)
	}
	if !slices.Equal(f.purged, []string{"juliet@capulet.example"}) {
		t.Errorf("purged %q", f.purged)
	}
}

func TestUsersErrors(t *testing.T) {
	ctx := context.Background()
	f := newFixture(t, NewAnonymous(host, nil), "anonymous")
	if err := f.Create(ctx, "a@b", host, "x"); !errors.Is(err, ErrUnsupported) {
		t.Errorf("anonymous account: %v", err)
	}
	if _, err := f.Exists(ctx, "a@b", host); !errors.Is(err, ErrUsername) {
		t.Errorf("bad name: %v", err)
	}
	if err := f.Create(ctx, "juliet", "other.example", "x"); !errors.Is(err, ErrHost) {
		t.Errorf("foreign host: %v", err)
	}
	if ok, err := f.IsEnabled(ctx, "juliet", host); !ok || err != nil {
		t.Errorf("a provider that cannot disable: %v, %v", ok, err)
	}
}

func TestProviderComesAndGoes(t *testing.T) {
	p := hashed(accounts(t))
	f := newFixture(t, NewAnonymous(host, nil), InternalHashed)
	if f.Provider(host) != nil {
		t.Fatal("a provider nobody asked for is used")
	}
	f.item("added", p)
	if f.Provider(host) != Provider(p) {
		t.Fatal("the wanted provider is not used")
	}
	f.item("removed", p)
	if f.Provider(host) != nil {
		t.Fatal("the provider is still used")
	}
	f.RemoveHost(host)
	f.item("added", p)
	if f.Provider(host) != nil {
		t.Fatal("the host is gone and has a provider")
	}
}

// scripted stands for what a script offers as an item.
type scripted struct{ name string }

func TestAdaptedProvider(t *testing.T) {
	f := newFixture(t, nil, "custom")
	f.cfg.Adapt = func(item any) Provider {
		if s, ok := item.(scripted); ok && s.name == "custom" {
			return named{NewAnonymous(host, nil)}
		}
		return nil
	}
	f.item("added", scripted{"other"})
	if f.Provider(host) != nil {
		t.Error("a provider nobody asked for is used")
	}
	f.item("added", scripted{"custom"})
	if f.Provider(host) == nil {
		t.Error("the adapted provider is not used")
	}
}

type named struct{ *Anonymous }

func (named) Name() string { return "custom" }

// online are the users of any host.
type online []string

func (o online) OnlineUsers(string) []string      { return o }
func (o online) IsOnline(username, _ string) bool { return slices.Contains(o, username) }

func TestAnonymousProvider(t *testing.T) {
	ctx := context.Background()
	f := newFixture(t, NewAnonymous(host, online{"1f2e"}), "anonymous")
	if ok, _ := f.Exists(ctx, "1f2e", host); !ok {
		t.Error("a user with a session does not exist")
	}
	names := map[string]bool{}
	for range 2 {
		h, err := f.SASL(ctx, peer{})
		must(t, err)
		h.Select("ANONYMOUS")
		if _, done, err := h.Process(ctx, nil); !done || err != nil {
			t.Fatalf("%v, %v", done, err)
		}
		names[h.Username()] = true
	}
	if len(names) != 2 {
		t.Errorf("names are %v, want two", names)
	}
}
