package router_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"quatrain/host/internal/router/routertest"
	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// delivering is a.example with the core's delivery of messages, and rooms.example.
func delivering(t testing.TB) *routertest.Server {
	srv := routertest.New(t, "a.example", "rooms.example")
	bus := srv.Bus("a.example")
	for _, kind := range []string{"message", "presence", "iq"} {
		bus.Add(sdk.Hook{Event: kind + "/full", Delivery: true, Handler: func(ctx context.Context, ev *sdk.Event) (any, error) {
			if s := srv.Router.Session(ev.Stanza.To()); s != nil {
				s.Send(ctx, ev.Stanza)
			}
			return true, nil
		}})
	}
	return srv
}

func room(typ string) *stanza.Element {
	return stanza.Message("hi", "from", "r@rooms.example/nick", "to", "ignored@a.example", "type", typ)
}

// waysTo are the ways to reach a recipient.
var waysTo = map[string]func(srv *routertest.Server, c *routertest.Client){
	"directly":    func(*routertest.Server, *routertest.Client) {},
	"past a hook": func(srv *routertest.Server, _ *routertest.Client) { srv.Hook("a.example", "message/full", 5, pass) },
	"past a filter": func(_ *routertest.Server, c *routertest.Client) {
		c.AddFilter("stanzas/out", 0, func(_ context.Context, d any) any { return d })
	},
	"past a wrapper": func(srv *routertest.Server, _ *routertest.Client) {
		srv.Bus("a.example").Wrap("", "test", func(ctx context.Context, ev *sdk.Event, next sdk.Handler) (any, error) { return next(ctx, ev) })
	},
}

// However a recipient is reached, what it gets is the same.
func TestBroadcastReachesAll(t *testing.T) {
	for name, way := range waysTo {
		t.Run(name, func(t *testing.T) {
			srv := delivering(t)
			romeo, juliet := srv.Login("romeo@a.example/orchard"), srv.Login("juliet@a.example/balcony")
			way(srv, romeo)
			st := room("groupchat")
			before := st.String()
			to := []string{romeo.JID(), "nobody@a.example/x", "not an @ address@", juliet.JID()}
			if err := srv.Router.Broadcast(sdk.NewChain(t.Context()), "rooms.example", to, st); err != nil {
				t.Fatal(err)
			}
			for _, c := range []*routertest.Client{romeo, juliet} {
				got := c.Received()
				if len(got) != 1 {
					t.Fatalf("%s got %q", c.JID(), got)
				}
				for attr, want := range map[string]string{"to": c.JID(), "from": "r@rooms.example/nick", "type": "groupchat"} {
					if st := parse(t, got[0]); st.Attr(attr) != want || st.ChildText("body", "") != "hi" {
						t.Errorf("%s got %s", c.JID(), got[0])
					}
				}
			}
			if st.String() != before {
				t.Errorf("the stanza was changed: %s", st)
			}
		})
	}
}

func pass(context.Context, *sdk.Event) (any, error) { return nil, nil }

// What is sent one after the other arrives in order, each stanza for itself.
func TestSendEach(t *testing.T) {
	for name, way := range waysTo {
		t.Run(name, func(t *testing.T) {
			srv := delivering(t)
			romeo := srv.Login("romeo@a.example/orchard")
			way(srv, romeo)
			var list []*stanza.Printed
			for i := range 5 {
				st := stanza.Message(fmt.Sprint(i), "from", fmt.Sprintf("r@rooms.example/%d", i), "to", "ignored@a.example")
				if i%2 == 1 {
					st = stanza.Presence("from", fmt.Sprintf("r@rooms.example/%d", i))
				}
				list = append(list, stanza.Print(st))
			}
			for range 2 { // they may be sent again
				if err := srv.Router.SendEach(sdk.NewChain(t.Context()), "rooms.example", romeo.JID(), slices.Values(list)); err != nil {
					t.Fatal(err)
				}
			}
			got := romeo.Received()
			if len(got) != 2*len(list) {
				t.Fatalf("got %q", got)
			}
			for i, text := range got {
				st := parse(t, text)
				if want := fmt.Sprintf("r@rooms.example/%d", i%5); st.From() != want || st.To() != romeo.JID() || st.Kind() != list[i%5].Kind() {
					t.Errorf("number %d is %s", i, text)
				}
			}
		})
	}
}

// Where one kind of stanza is hooked, the other is delivered past the hook.
func TestSendEachThroughHooks(t *testing.T) {
	srv := delivering(t)
	romeo := srv.Login("romeo@a.example/orchard")
	srv.Hook("a.example", "presence/full", 5, func(_ context.Context, ev *sdk.Event) (any, error) {
		ev.Stanza.AddChild(stanza.New("x", "urn:x"))
		return nil, nil
	})
	list := []*stanza.Printed{
		stanza.Print(stanza.Message("hi", "from", "r@rooms.example/a")), stanza.Print(stanza.Presence("from", "r@rooms.example/b")),
		stanza.Print(stanza.Message("ho", "from", "r@rooms.example/c")),
	}
	if err := srv.Router.SendEach(sdk.NewChain(t.Context()), "rooms.example", romeo.JID(), slices.Values(list)); err != nil {
		t.Fatal(err)
	}
	romeo.Expect("past the hook and through it",
		"<message from='r@rooms.example/a' to='romeo@a.example/orchard'><body>hi</body></message>",
		"<presence from='r@rooms.example/b' to='romeo@a.example/orchard'><x xmlns='urn:x'/></presence>",
		"<message from='r@rooms.example/c' to='romeo@a.example/orchard'><body>ho</body></message>",
	)
}

// A hook sees each copy of its own, with its address, and may change it.
func TestBroadcastThroughHooks(t *testing.T) {
	srv := delivering(t)
	romeo, juliet := srv.Login("romeo@a.example/orchard"), srv.Login("juliet@a.example/balcony")
	srv.Hook("a.example", "message/full", 5, func(_ context.Context, ev *sdk.Event) (any, error) {
		ev.Stanza.AddChild(stanza.New("x", "urn:x"))
		if ev.Stanza.To() == romeo.JID() {
			return true, nil
		}
		return nil, nil
	})
	srv.Router.Broadcast(sdk.NewChain(t.Context()), "rooms.example", []string{romeo.JID(), juliet.JID()}, room("groupchat"))
	romeo.Expect("what a hook kept")
	if got := juliet.Received(); len(got) != 1 || len(parse(t, got[0]).Tags) != 2 {
		t.Errorf("juliet got %q", got)
	}
}

// Presence about subscriptions is no mere delivery.
func TestBroadcastOfSubscription(t *testing.T) {
	srv := delivering(t)
	romeo := srv.Login("romeo@a.example/orchard")
	seen := 0
	srv.Bus("a.example").Add(sdk.Hook{Event: "presence/full", Priority: 1, Delivery: true, Handler: func(context.Context, *sdk.Event) (any, error) {
		seen++
		return true, nil
	}})
	srv.Router.Broadcast(sdk.NewChain(t.Context()), "rooms.example", []string{romeo.JID()}, stanza.Presence("type", "subscribe", "from", "r@rooms.example"))
	if seen != 1 {
		t.Error("the event was skipped")
	}
}

func TestBroadcastFromNowhere(t *testing.T) {
	srv := delivering(t)
	for _, err := range []error{
		srv.Router.Broadcast(t.Context(), "b.example", nil, room("groupchat")),
		srv.Router.Broadcast(t.Context(), "rooms.example", nil, stanza.New("hello", "")),
		srv.Router.SendEach(t.Context(), "b.example", "romeo@a.example/orchard", slices.Values([]*stanza.Printed{})),
		srv.Router.SendEach(t.Context(), "rooms.example", "romeo@a.example/orchard", slices.Values([]*stanza.Printed{stanza.Print(stanza.New("hello", ""))})),
	} {
		if err == nil {
			t.Error("no error")
		}
	}
}

// Each recipient sees the stanzas of one chain in order, whatever else goes on.
func TestConcurrentBroadcast(t *testing.T) {
	const speakers, words, listeners = 8, 50, 20
	srv := delivering(t)
	var clients []*routertest.Client
	var to []string
	for i := range listeners {
		c := srv.Login(fmt.Sprintf("user%d@a.example/r", i))
		clients, to = append(clients, c), append(to, c.JID())
	}
	var wg sync.WaitGroup
	for i := range speakers {
		wg.Go(func() {
			chain := sdk.NewChain(t.Context())
			for n := range words {
				uncork := session.Cork(chain)
				srv.Router.Broadcast(chain, "rooms.example", to, stanza.Message(fmt.Sprint(n), "from", fmt.Sprintf("r@rooms.example/%d", i)))
				uncork()
			}
		})
	}
	wg.Go(func() { // others come and go
		for i := range 100 {
			c := srv.Login(fmt.Sprintf("guest%d@a.example/r", i))
			srv.Router.Broadcast(sdk.NewChain(t.Context()), "rooms.example", []string{c.JID()}, room("chat"))
			c.Disconnect("")
		}
	})
	wg.Wait()
	for _, c := range clients {
		next := map[string]int{}
		for _, text := range c.Received() {
			st := parse(t, text)
			if want := fmt.Sprint(next[st.From()]); st.ChildText("body", "") != want {
				t.Fatalf("%s got word %s of %s, want %s", c.JID(), st.ChildText("body", ""), st.From(), want)
			}
			next[st.From()]++
		}
		if len(next) != speakers {
			t.Fatalf("%s heard %d speakers", c.JID(), len(next))
		}
	}
}

// BenchmarkPostUnhooked is a stanza whose events nobody hooks, answered service-unavailable into a session.
func BenchmarkPostUnhooked(b *testing.B) {
	srv := routertest.New(b, "a.example")
	chain := sdk.NewChain(b.Context())
	st := stanza.Message("", "from", "romeo@a.example/orchard", "to", "nobody@a.example", "type", "error")
	origin := srv.Origin("a.example")
	b.ReportAllocs()
	for b.Loop() {
		srv.Router.Submit(chain, origin, st)
	}
}
