package offline_test

import (
	"fmt"
	"testing"

	"quatrain/host/internal/message"
	"quatrain/host/internal/offline"
	"quatrain/host/internal/presence"
	"quatrain/host/internal/roster"
	"quatrain/host/internal/router/routertest"
	"quatrain/sdk"
)

func newServer(t *testing.T) *routertest.Server {
	srv := routertest.New(t, "a.example")
	rosters := roster.NewManager(srv.OpenKeyval, srv.Sessions(), nil)
	srv.Load("a.example", "presence", presence.New(srv.Router, rosters))
	srv.Load("a.example", "message", message.New(srv.Sessions()))
	srv.Load("a.example", "offline", offline.New())
	srv.Accounts["juliet@a.example"] = true
	return srv
}

func TestKeptAndHandedOver(t *testing.T) {
	srv := newServer(t)
	romeo := srv.Login("romeo@a.example/orchard")
	for i := range 3 {
		romeo.Send(fmt.Sprintf("<message to='juliet@a.example' type='chat'><body>%d</body></message>", i))
	}
	romeo.Expect("kept without a word")

	juliet := srv.Login("juliet@a.example/balcony")
	juliet.Send("<presence><priority>-1</priority></presence>")
	juliet.Expect("not yet for messages", "<presence from='juliet@a.example/balcony'><priority>-1</priority></presence>")
	juliet.Send("<presence/>")
	got := juliet.Received()
	want := []string{"<presence from='juliet@a.example/balcony'/>"}
	for i := range 3 {
		want = append(want, fmt.Sprintf("<message to='juliet@a.example' type='chat' from='romeo@a.example/orchard'><body>%d</body><delay xmlns='urn:xmpp:delay' from='a.example' stamp=''/></message>", i))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
	juliet.Disconnect("")
	again := srv.Login("juliet@a.example/balcony")
	again.Send("<presence/>")
	again.Expect("nothing is left", "<presence from='juliet@a.example/balcony'/>")
}

// What is of no use later is not kept; only who wants nothing stored, or asks what no account does, is told.
func TestWhatIsKept(t *testing.T) {
	tests := map[string]struct {
		attrs, payload string
		kept, answered bool
	}{
		"a body":                {"", "<body>hi</body>", true, false},
		"a chat":                {" type='chat'", "<body>hi</body>", true, false},
		"something else":        {"", "<x xmlns='urn:x'/>", true, false},
		"typing":                {" type='chat'", "<composing xmlns='http://jabber.org/protocol/chatstates'/>", false, false},
		"nothing":               {"", "", false, false},
		"not to be stored":      {"", "<body>hi</body><no-store xmlns='urn:xmpp:hints'/>", false, true},
		"not in the long run":   {"", "<body>hi</body><no-permanent-store xmlns='urn:xmpp:hints'/>", false, true},
		"of a room, to no room": {" type='groupchat'", "<body>hi</body>", false, true},
	}
	for name, tc := range tests {
		srv := newServer(t)
		romeo := srv.Login("romeo@a.example/orchard")
		romeo.Send("<message to='juliet@a.example'" + tc.attrs + ">" + tc.payload + "</message>")
		store, err := srv.Stores.Open(t.Context(), "a.example", "offline", sdk.KindArchive)
		if err != nil {
			t.Fatal(err)
		}
		entries, _, err := store.(sdk.Archive).Find(t.Context(), "juliet", sdk.ArchiveQuery{})
		if err != nil || (len(entries) == 1) != tc.kept {
			t.Errorf("%s: %d entries, %v", name, len(entries), err)
		}
		if got := romeo.Received(); (len(got) == 1) != tc.answered {
			t.Errorf("%s: answered %q", name, got)
		}
	}
}
