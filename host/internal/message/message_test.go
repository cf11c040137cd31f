package message_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"quatrain/host/internal/message"
	"quatrain/host/internal/router/routertest"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Who gets a message, by its type and address (RFC 6121 §8.5): juliet is available with the priorities of resources, "-" for not
// available; the answer is an error's condition, "offline" for the event that keeps it, or "".
func TestRules(t *testing.T) {
	type resources map[string]int
	const away = -1000 // not available
	tests := map[string]struct {
		typ, to string
		at      resources
		got     []string
		answer  string
	}{
		"chat to the best":              {"chat", "", resources{"a": 1, "b": 5}, []string{"b"}, ""},
		"chat to all of the best":       {"chat", "", resources{"a": 5, "b": 5, "c": 0}, []string{"a", "b"}, ""},
		"normal as well":                {"normal", "", resources{"a": 0}, []string{"a"}, ""},
		"no type as well":               {"", "", resources{"a": 0}, []string{"a"}, ""},
		"an unknown type as well":       {"shout", "", resources{"a": 0}, []string{"a"}, ""},
		"negative gets none":            {"chat", "", resources{"a": -1}, nil, "offline"},
		"not available gets none":       {"chat", "", resources{"a": away}, nil, "offline"},
		"nobody there":                  {"chat", "", nil, nil, "offline"},
		"to a session":                  {"chat", "/a", resources{"a": 0, "b": 5}, []string{"a"}, ""},
		"to a negative session":         {"chat", "/a", resources{"a": -1, "b": 5}, []string{"a"}, ""},
		"to a session not available":    {"chat", "/a", resources{"a": away, "b": 5}, []string{"a"}, ""},
		"to one that is gone":           {"chat", "/x", resources{"a": 1, "b": 5}, []string{"b"}, ""},
		"to one that is gone, all are":  {"normal", "/x", nil, nil, "offline"},
		"headline to all":               {"headline", "", resources{"a": 0, "b": 5, "c": -1, "d": away}, []string{"a", "b"}, ""},
		"headline to nobody":            {"headline", "", nil, nil, ""},
		"headline to one that is gone":  {"headline", "/x", resources{"a": 1}, nil, ""},
		"headline to a session":         {"headline", "/a", resources{"a": 1, "b": 1}, []string{"a"}, ""},
		"groupchat to an account":       {"groupchat", "", resources{"a": 1}, nil, "service-unavailable"},
		"groupchat to a session":        {"groupchat", "/a", resources{"a": 1}, []string{"a"}, ""},
		"groupchat to one that is gone": {"groupchat", "/x", resources{"a": 1}, nil, "service-unavailable"},
		"error to an account":           {"error", "", resources{"a": 1}, nil, ""},
		"error to a session":            {"error", "/a", resources{"a": 1}, []string{"a"}, ""},
		"error to one that is gone":     {"error", "/x", resources{"a": 1}, nil, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			srv := newServer(t)
			srv.Accounts["juliet@a.example"] = true
			clients := map[string]*routertest.Client{}
			for resource, priority := range tc.at {
				c := srv.Login("juliet@a.example/" + resource)
				if priority != away {
					c.SetPresence(stanza.Presence(), priority)
				}
				clients[resource] = c
			}
			romeo := srv.Login("romeo@a.example/orchard")
			typ := ""
			if tc.typ != "" {
				typ = " type='" + tc.typ + "'"
			}
			romeo.Send("<message to='juliet@a.example" + tc.to + "'" + typ + "><body>hi</body><error/></message>")
			var got []string
			for resource, c := range clients {
				if n := len(c.Received()); n == 1 {
					got = append(got, resource)
				} else if n > 1 {
					t.Errorf("%s got it %d times", resource, n)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, tc.got) {
				t.Errorf("got by %q, want %q", got, tc.got)
			}
			answer := strings.Join(romeo.Received(), "")
			if srv.kept > 0 {
				answer += "offline"
			}
			if !strings.Contains(answer, tc.answer) || tc.answer == "" && answer != "" {
				t.Errorf("answered %q, want %q", answer, tc.answer)
			}
		})
	}
}

type server struct {
	*routertest.Server
	kept int // messages that were taken for later
}

func newServer(t *testing.T) *server {
	srv := &server{Server: routertest.New(t, "a.example")}
	srv.Load("a.example", "message", message.New(srv.Sessions()))
	srv.Hook("a.example", "message/offline/handle", 0, func(_ context.Context, ev *sdk.Event) (any, error) {
		if ev.String("username") != "juliet" {
			t.Errorf("username %q", ev.String("username"))
		}
		srv.kept++
		return true, nil
	})
	return srv
}

func TestNoSuchAccount(t *testing.T) {
	srv := newServer(t)
	romeo := srv.Login("romeo@a.example/orchard")
	romeo.Send("<message to='nobody@a.example'><body>hi</body></message>")
	if got := romeo.Received(); srv.kept != 0 || len(got) != 1 || !strings.Contains(got[0], "<service-unavailable ") {
		t.Errorf("kept %d, answered %q", srv.kept, got)
	}
}

// A message without "to" is for the sender's own account.
func TestToSelf(t *testing.T) {
	srv := newServer(t)
	romeo := srv.Login("romeo@a.example/orchard")
	romeo.SetPresence(stanza.Presence(), 0)
	for _, to := range []string{"", " to='romeo@a.example'"} {
		romeo.Send("<message" + to + "><body>hi</body></message>")
		romeo.Expect("a message to oneself", "<message from='romeo@a.example/orchard'><body>hi</body></message>")
	}
}

func TestGroupchatEvent(t *testing.T) {
	srv := newServer(t)
	srv.Accounts["juliet@a.example"] = true
	romeo, seen := srv.Login("romeo@a.example/orchard"), 0
	srv.Hook("a.example", "message/bare/groupchat", 0, func(context.Context, *sdk.Event) (any, error) {
		seen++
		return true, nil
	})
	romeo.Send("<message to='juliet@a.example' type='groupchat'/>")
	romeo.Send("<message to='juliet@a.example/x' type='groupchat'/>")
	if got := romeo.Received(); seen != 1 || len(got) != 1 {
		t.Errorf("seen %d times, answered %q", seen, got)
	}
}
