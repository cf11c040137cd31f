package presence_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"quatrain/host/internal/presence"
	"quatrain/host/internal/roster"
	"quatrain/host/internal/router/routertest"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

const (
	user    = "romeo@a.example"
	contact = "juliet@b.example"
)

// scene is a.example with romeo, and what it sends to other servers.
type scene struct {
	*routertest.Server
	rosters *roster.Manager
	remote  []string // types of the presence that went to contact, and bare kinds
}

func newScene(t *testing.T) *scene {
	sc := &scene{Server: routertest.New(t, "a.example")}
	sc.rosters = roster.NewManager(sc.OpenKeyval, sc.Sessions(), nil)
	sc.Load("a.example", "roster", roster.New(sc.rosters))
	sc.Load("a.example", "presence", presence.New(sc.Router, sc.rosters))
	sc.Hook("a.example", "route/remote", 0, func(_ context.Context, ev *sdk.Event) (any, error) {
		sc.remote = append(sc.remote, ev.Stanza.String())
		return true, nil
	})
	iq(sc.Server)
	return sc
}

// iq stands in for the plugin of that name, as far as rosters need it.
func iq(srv *routertest.Server) {
	bus := srv.Bus("a.example")
	srv.Hook("a.example", "iq/self", 0, func(ctx context.Context, ev *sdk.Event) (any, error) {
		return bus.Fire(ctx, ev.As("iq/self/"+ev.Stanza.Tags[0].NS()+":"+ev.Stanza.Tags[0].Name))
	})
}

// take is what went to other servers since the last time.
func (sc *scene) take() []string {
	defer func() { sc.remote = nil }()
	return sc.remote
}

// routed is whether presence of a type went to the contact.
func (sc *scene) routed(typ string) bool {
	want := stanza.Presence("type", typ, "to", contact, "from", user)
	for _, attrs := range [][]string{{"from", "to", "type"}, {"to", "type", "from"}, {"type", "to", "from"}, {"type", "from", "to"}} {
		st := stanza.New("presence", "")
		for _, a := range attrs {
			st.SetAttr(a, want.Attr(a))
		}
		if slices.Contains(sc.remote, st.String()) {
			return true
		}
	}
	return false
}

// set brings the roster into a state of RFC 6121 §A.1.
func (sc *scene) set(t *testing.T, state string) {
	t.Helper()
	parts := strings.Split(state, "+")
	item := sdk.RosterItem{JID: contact, Subscription: parts[0], Ask: slices.Contains(parts, "out")}
	if state != "none" && state != "none+in" {
		if err := sc.rosters.Update(t.Context(), "romeo", "a.example", contact, &item); err != nil {
			t.Fatal(err)
		}
	}
	if slices.Contains(parts, "in") {
		if _, err := sc.rosters.RequestIn(t.Context(), "romeo", "a.example", contact, nil); err != nil {
			t.Fatal(err)
		}
	}
}

func (sc *scene) state(t *testing.T) string {
	t.Helper()
	r, err := sc.rosters.Roster(t.Context(), "romeo", "a.example")
	if err != nil {
		t.Fatal(err)
	}
	item, ok := r.Item(contact)
	state := item.Subscription
	if !ok {
		state = roster.None
	}
	if item.Ask {
		state += "+out"
	}
	if r.IsPending(contact) {
		state += "+in"
	}
	return state
}

var states = []string{"none", "none+out", "none+in", "none+out+in", "to", "to+in", "from", "from+out", "both"}

// TestOutbound is RFC 6121 §A.2: by state, whether the stanza is routed, and the new state.
func TestOutbound(t *testing.T) {
	tables := map[string][9]struct {
		routed bool
		state  string
	}{
		"subscribe": {{true, "none+out"}, {true, "none+out"}, {true, "none+out+in"}, {true, "none+out+in"}, {true, "to"}, {true, "to+in"},
			{true, "from+out"}, {true, "from+out"}, {true, "both"}},
		"unsubscribe": {{true, "none"}, {true, "none"}, {true, "none+in"}, {true, "none+in"}, {true, "none"}, {true, "none+in"},
			{true, "from"}, {true, "from"}, {true, "from"}},
		"subscribed": {{false, "none"}, {false, "none+out"}, {true, "from"}, {true, "from+out"}, {false, "to"}, {true, "both"},
			{false, "from"}, {false, "from+out"}, {false, "both"}},
		"unsubscribed": {{false, "none"}, {false, "none+out"}, {true, "none"}, {true, "none+out"}, {false, "to"}, {true, "to"},
			{true, "none"}, {true, "none+out"}, {true, "to"}},
	}
	for typ, table := range tables {
		for i, before := range states {
			t.Run(typ+" in "+before, func(t *testing.T) {
				sc := newScene(t)
				romeo := sc.Online(user + "/orchard")
				sc.set(t, before)
				sc.take()
				romeo.Send("<presence type='" + typ + "' to='" + contact + "/balcony'/>")
				if got := sc.routed(typ); got != table[i].routed {
					t.Errorf("routed: %v, want %v; %q", got, table[i].routed, sc.remote)
				}
				if got := sc.state(t); got != table[i].state {
					t.Errorf("state %q, want %q", got, table[i].state)
				}
			})
		}
	}
}

// TestInbound is RFC 6121 §A.3: by state, whether the stanza is delivered, and the new state.
func TestInbound(t *testing.T) {
	tables := map[string][9]struct {
		delivered bool
		state     string
	}{
		"subscribe": {{true, "none+in"}, {true, "none+out+in"}, {false, "none+in"}, {false, "none+out+in"}, {true, "to+in"}, {false, "to+in"},
			{false, "from"}, {false, "from+out"}, {false, "both"}},
		"unsubscribe": {{false, "none"}, {false, "none+out"}, {true, "none"}, {true, "none+out"}, {false, "to"}, {true, "to"},
			{true, "none"}, {true, "none+out"}, {true, "to"}},
		"subscribed": {{false, "none"}, {true, "to"}, {false, "none+in"}, {true, "to+in"}, {false, "to"}, {false, "to+in"},
			{false, "from"}, {true, "both"}, {false, "both"}},
		"unsubscribed": {{false, "none"}, {true, "none"}, {false, "none+in"}, {true, "none+in"}, {true, "none"}, {true, "none+in"},
			{false, "from"}, {true, "from"}, {true, "from"}},
	}
	for typ, table := range tables {
		for i, before := range states {
			t.Run(typ+" in "+before, func(t *testing.T) {
				sc := newScene(t)
				romeo := sc.Online(user + "/orchard")
				sc.set(t, before)
				romeo.Received()
				sc.Router.Post(sdk.NewChain(t.Context()), sc.Origin("a.example"), stanza.Presence("type", typ, "to", user, "from", contact+"/balcony"))
				want := stanza.Presence("type", typ, "to", user, "from", contact).String()
				if got := slices.Contains(romeo.Received(), want); got != table[i].delivered {
					t.Errorf("delivered: %v, want %v", got, table[i].delivered)
				}
				if got := sc.state(t); got != table[i].state {
					t.Errorf("state %q, want %q", got, table[i].state)
				}
			})
		}
	}
}

// TestPreApproval is RFC 6121 §3.4.
func TestPreApproval(t *testing.T) {
	sc := newScene(t)
	romeo := sc.Online(user + "/orchard")
	romeo.Send("<presence type='subscribed' to='" + contact + "'/>")
	if got := sc.take(); len(got) != 0 {
		t.Errorf("the contact was told: %q", got)
	}
	romeo.Expect("approving in advance", "<iq type='set'><query xmlns='jabber:iq:roster' ver='1'><item jid='juliet@b.example' subscription='none' approved='true'/></query></iq>")
	sc.Router.Post(sdk.NewChain(t.Context()), sc.Origin("a.example"), stanza.Presence("type", "subscribe", "to", user, "from", contact))
	if !sc.routed("subscribed") {
		t.Errorf("the contact was not answered: %q", sc.remote)
	}
	romeo.Expect("the request", "<iq type='set'><query xmlns='jabber:iq:roster' ver='2'><item jid='juliet@b.example' subscription='from'/></query></iq>")
	if got := sc.state(t); got != "from" {
		t.Errorf("state %q", got)
	}
}
