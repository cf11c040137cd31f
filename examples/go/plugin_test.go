package main

import (
	"context"
	"strings"
	"testing"

	"quatrain/sdk"
	"quatrain/sdk/sdktest"
	"quatrain/xmpp/stanza"
)

const garden = "garden@conference.localhost"

// stage is a room for the plugin: it passes on what the plugin sends, and remembers what it says to all. What rooms really do, spec/polls.scs shows.
type stage struct {
	server *sdktest.Server
	room   *sdk.Table
	said   []string
}

func newStage(s *sdktest.Server) *stage {
	st := &stage{server: s}
	st.room = sdk.NewTable(nil, map[string]any{
		"jid": garden,
		"route_stanza": sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
			return nil, s.Module().Send(ctx, nil, args[1].(*stanza.Element))
		}),
		"broadcast_message": sdk.Func(func(_ context.Context, args ...any) ([]any, error) {
			st.said = append(st.said, args[1].(*stanza.Element).ChildText("body", ""))
			return nil, nil
		}),
	})
	return st
}

// says lets a client say something in the room, and returns what it is shown: an error's condition, or the last body.
func (st *stage) says(t *testing.T, c *sdktest.Client, role, body string) string {
	t.Helper()
	message := stanza.Message(body, "type", "groupchat", "from", c.JID(), "to", garden)
	ev := sdk.StanzaEvent("muc-occupant-groupchat", c, message)
	ev.Set("room", st.room)
	ev.Set("from", c.JID())
	ev.Set("occupant", sdk.NewTable(nil, map[string]any{"nick": garden + "/" + c.Username(), "bare_jid": c.Username() + "@localhost", "role": role}))
	if _, err := st.server.Fire(ev); err != nil {
		t.Fatal(err)
	}
	got := c.Received()
	if len(got) == 0 {
		return ""
	}
	last := got[len(got)-1]
	if e := stanza.ParseError(last); e != nil {
		return string(e.Condition)
	}
	return last.ChildText("body", "")
}

// noRooms stands for muc_core, of which polls want nothing but that it is there.
type noRooms struct{}

func (noRooms) Load(context.Context, sdk.Module) error      { return nil }
func (noRooms) Export(context.Context, string) (any, error) { return nil, nil }

func options(settings map[string]any) sdktest.Options {
	return sdktest.Options{Name: "polls", Host: "conference.localhost", Component: true, Settings: settings, Others: map[string]sdk.Plugin{"muc_core": noRooms{}}}
}

func TestPollsAreKept(t *testing.T) {
	sdktest.Run(t, New, options(nil), func(t *testing.T, s *sdktest.Server) {
		st := newStage(s)
		romeo, juliet := s.Client("romeo@localhost/orchard"), s.Client("juliet@localhost/balcony")
		st.says(t, romeo, "moderator", "!poll Is it day? | Yea | Nay")
		st.says(t, juliet, "participant", "!vote 2")
		if err := s.Kill(); err != nil {
			t.Fatal(err)
		}
		st.says(t, romeo, "moderator", "!vote 1")
		if err := s.Reload(); err != nil {
			t.Fatal(err)
		}
		st.says(t, juliet, "participant", "!vote 1")
		st.says(t, romeo, "moderator", "!poll close")
		want := []string{"romeo asks: Is it day?\n1: Yea\n2: Nay\nVote with !vote and a number. Nobody sees what others vote for.",
			"The votes are counted: Is it day?\n2 × Yea\n0 × Nay"}
		if strings.Join(st.said, "\n\n") != strings.Join(want, "\n\n") {
			t.Errorf("want %q, got %q", want, st.said)
		}
		if v, err := s.Store("").Get(t.Context(), "garden"); v != nil || err != nil {
			t.Errorf("a closed poll is still in the store: %v, %v", v, err)
		}
	})
}

func TestWhoMayAsk(t *testing.T) {
	tests := []struct{ setting, role, want string }{
		{"moderator", "moderator", "Your poll has begun. It ends with: !poll close"},
		{"moderator", "participant", "forbidden"},
		{"participant", "participant", "Your poll has begun. It ends with: !poll close"},
	}
	for _, test := range tests {
		t.Run(test.setting+" "+test.role, func(t *testing.T) {
			sdktest.Run(t, New, options(map[string]any{"polls_askers": test.setting}), func(t *testing.T, s *sdktest.Server) {
				if got := newStage(s).says(t, s.Client("romeo@localhost/orchard"), test.role, "!poll Is it day? | Yea | Nay"); got != test.want {
					t.Errorf("want %q, got %q", test.want, got)
				}
			})
		})
	}
}

func TestAWrongOptionIsAnError(t *testing.T) {
	s := sdktest.InMemory(t, New, options(map[string]any{"polls_askers": "everybody"}))
	if err := s.Load(); err == nil || !strings.Contains(err.Error(), "polls_askers") {
		t.Errorf("got %v", err)
	}
}
