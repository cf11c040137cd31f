package presence_test

import (
	"slices"
	"strings"
	"testing"

	"quatrain/host/internal/roster"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// befriend gives romeo an item about a local user, and the other the same seen from there.
func (sc *scene) befriend(t *testing.T, other, subscription string) {
	t.Helper()
	mirror := map[string]string{roster.To: roster.From, roster.From: roster.To, roster.Both: roster.Both}
	name := other[:len(other)-len("@a.example")]
	sc.Accounts[other], sc.Accounts[user] = true, true
	for _, err := range []error{
		sc.rosters.Update(t.Context(), "romeo", "a.example", other, &sdk.RosterItem{Subscription: subscription}),
		sc.rosters.Update(t.Context(), name, "a.example", user, &sdk.RosterItem{Subscription: mirror[subscription]}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestPresenceOfContacts(t *testing.T) {
	sc := newScene(t)
	for other, subscription := range map[string]string{"benvolio@a.example": "both", "mercutio@a.example": "from", "rosaline@a.example": "to"} {
		sc.befriend(t, other, subscription)
	}
	benvolio, mercutio, rosaline := sc.Online("benvolio@a.example/1"), sc.Online("mercutio@a.example/1"), sc.Online("rosaline@a.example/1")
	tybalt := sc.Online("tybalt@a.example/1")
	sc.Online("benvolio@a.example/2").Send("<presence type='unavailable'/>")
	benvolio.Received()

	romeo := sc.Login(user + "/orchard")
	romeo.Send("<presence><show>away</show></presence>")
	const away = "<show>away</show></presence>"
	const delay = "<delay xmlns='urn:xmpp:delay' from='a.example' stamp=''/></presence>"
	romeo.Expect("initial presence",
		"<presence from='romeo@a.example/orchard'>"+away,
		"<presence from='benvolio@a.example/1' to='romeo@a.example/orchard'>"+delay,
		"<presence from='rosaline@a.example/1' to='romeo@a.example/orchard'>"+delay)
	benvolio.Expect("romeo comes", "<presence from='romeo@a.example/orchard' to='benvolio@a.example'>"+away)
	mercutio.Expect("romeo comes", "<presence from='romeo@a.example/orchard' to='mercutio@a.example'>"+away)
	rosaline.Expect("romeo comes, who may not be seen")
	tybalt.Expect("romeo comes, who is no contact")

	other := sc.Login(user + "/hall")
	other.Send("<presence/>")
	romeo.Expect("another session comes", "<presence from='romeo@a.example/hall' to='romeo@a.example/orchard'/>")
	if got := other.Received(); !slices.Contains(got, "<presence from='romeo@a.example/orchard' to='romeo@a.example/hall'><show>away</show>"+delay) {
		t.Errorf("the first session is not shown to the second: %q", got)
	}
	benvolio.Received()
	other.Disconnect("")

	romeo.Received()
	benvolio.Received()
	romeo.Disconnect("cut off")
	benvolio.Expect("the connection is lost", "<presence type='unavailable' from='romeo@a.example/orchard' to='benvolio@a.example'><status>Disconnected: cut off</status></presence>")
	rosaline.Expect("the connection is lost")
	if _, ok := romeo.Field("presence"); !ok || romeo.Type() == sdk.TypeC2S {
		t.Error("the session lives on")
	}
}

func TestDirectedPresence(t *testing.T) {
	sc := newScene(t)
	sc.befriend(t, "benvolio@a.example", "both")
	benvolio, tybalt := sc.Online("benvolio@a.example/1"), sc.Online("tybalt@a.example/1")
	romeo := sc.Online(user + "/orchard")
	benvolio.Received()

	romeo.Send("<presence to='tybalt@a.example/1'/>")
	romeo.Send("<presence to='benvolio@a.example/1'/>")
	romeo.Send("<presence to='room@b.example/nick'/>")
	romeo.Send("<presence to='left@b.example/nick'/>")
	romeo.Send("<presence to='left@b.example/nick' type='unavailable'/>")
	tybalt.Expect("directed presence", "<presence to='tybalt@a.example/1' from='romeo@a.example/orchard'/>")
	benvolio.Received()
	sc.take()

	romeo.Send("<presence type='unavailable'/>")
	const gone = "<presence type='unavailable' from='romeo@a.example/orchard' "
	tybalt.Expect("going", gone+"to='tybalt@a.example/1'/>")
	benvolio.Expect("going", gone+"to='benvolio@a.example'/>")
	if got, want := sc.take(), []string{gone + "to='room@b.example/nick'/>"}; !slices.Equal(got, want) {
		t.Errorf("to other servers %q, want %q", got, want)
	}
	romeo.Disconnect("")
	tybalt.Expect("told already")
}

// A session that never was available still takes back what it sent directly.
func TestDirectedWithoutPresence(t *testing.T) {
	sc := newScene(t)
	tybalt, romeo := sc.Online("tybalt@a.example/1"), sc.Login(user+"/orchard")
	romeo.Send("<presence to='tybalt@a.example/1'/>")
	tybalt.Received()
	romeo.Disconnect("")
	tybalt.Expect("the connection is lost", "<presence type='unavailable' from='romeo@a.example/orchard' to='tybalt@a.example/1'/>")
}

func TestProbes(t *testing.T) {
	tests := map[string]struct {
		subscription string
		online       bool
		want         string
	}{
		"a contact, of who is there":     {"from", true, "<presence from='romeo@a.example/orchard' to='juliet@b.example/balcony'>"},
		"a contact, of who is not there": {"from", false, "<presence type='unavailable' from='romeo@a.example' to='juliet@b.example/balcony'/>"},
		"no contact":                     {"to", true, "<presence type='unsubscribed' from='romeo@a.example' to='juliet@b.example'/>"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			sc := newScene(t)
			romeo := sc.Online(user + "/orchard")
			if !tc.online {
				romeo.Disconnect("")
			}
			sc.set(t, tc.subscription)
			sc.take()
			sc.Router.Post(sdk.NewChain(t.Context()), sc.Origin("a.example"), stanza.Presence("type", "probe", "to", user, "from", contact+"/balcony"))
			got := sc.take()
			if len(got) != 1 || len(got[0]) < len(tc.want) || got[0][:len(tc.want)] != tc.want {
				t.Errorf("answered %q, want %q", got, tc.want)
			}
		})
	}
}

// What waits is shown again to each session that becomes available, as it came.
func TestRequestsWait(t *testing.T) {
	sc := newScene(t)
	sc.Accounts[user] = true
	ask := stanza.Presence("type", "subscribe", "to", user, "from", contact).AddChild(stanza.New("status", "").AddText("please"))
	sc.Router.Post(sdk.NewChain(t.Context()), sc.Origin("a.example"), ask)
	for _, session := range []string{"/orchard", "/hall"} {
		romeo := sc.Login(user + session)
		romeo.Send("<presence/>")
		if got := romeo.Received(); !slices.Contains(got, "<presence type='subscribe' to='romeo@a.example' from='juliet@b.example'><status>please</status></presence>") {
			t.Errorf("%s got %q", session, got)
		}
		romeo.Disconnect("")
	}
}

// Requests to accounts that are not there leave nothing behind.
func TestRequestToNobody(t *testing.T) {
	sc := newScene(t)
	sc.Router.Post(sdk.NewChain(t.Context()), sc.Origin("a.example"), stanza.Presence("type", "subscribe", "to", "nobody@a.example", "from", contact))
	store, err := sc.OpenKeyval(t.Context(), "a.example", "roster")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := store.Get(t.Context(), "nobody"); got != nil || err != nil {
		t.Errorf("stored %v, %v", got, err)
	}
}

// Removing an item ends its subscriptions (RFC 6121 §2.5.2).
func TestRemoval(t *testing.T) {
	tests := map[string][]string{
		"both":     {"unavailable", "unsubscribed", "unsubscribe"},
		"from":     {"unavailable", "unsubscribed"},
		"to":       {"unsubscribe"},
		"none+out": {"unsubscribe"},
		"to+in":    {"unsubscribed", "unsubscribe"},
	}
	for state, want := range tests {
		t.Run(state, func(t *testing.T) {
			sc := newScene(t)
			romeo := sc.Online(user + "/orchard")
			sc.set(t, state)
			sc.take()
			romeo.Send("<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='juliet@b.example' subscription='remove'/></query></iq>")
			var got []string
			for _, st := range sc.take() {
				for _, typ := range []string{"unavailable", "unsubscribed", "unsubscribe"} {
					if len(st) > 20 && st[:len("<presence type='"+typ+"'")] == "<presence type='"+typ+"'" {
						got = append(got, typ)
						break
					}
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("the contact got %q, want %q", got, want)
			}
			if got := sc.state(t); got != "none" {
				t.Errorf("state %q", got)
			}
		})
	}
}

func TestPriority(t *testing.T) {
	for text, want := range map[string]int{"": 0, "<priority>5</priority>": 5, "<priority>-1</priority>": -1, "<priority>1000</priority>": 127, "<priority>much</priority>": 0} {
		sc := newScene(t)
		romeo := sc.Login(user + "/orchard")
		romeo.Send("<presence>" + text + "</presence>")
		if _, got := romeo.Presence(); got != want {
			t.Errorf("%s: got %d, want %d", text, got, want)
		}
	}
}

func TestInvalidType(t *testing.T) {
	sc := newScene(t)
	romeo := sc.Online(user + "/orchard")
	for _, to := range []string{"", " to='juliet@b.example'"} {
		romeo.Send("<presence type='sideways'" + to + "/>")
		if got := romeo.Received(); len(got) != 1 {
			t.Errorf("to %q: got %q", to, got)
		} else if !strings.Contains(got[0], "<bad-request ") {
			t.Errorf("to %q: got %q", to, got)
		}
	}
}
