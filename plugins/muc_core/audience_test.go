package muccore

import (
	"maps"
	"slices"
	"testing"
)

func TestAudienceKnowsWhoIsWhat(t *testing.T) {
	a := newAudience()
	romeo := &Occupant{bareJID: "romeo@x", nick: "room@y/Romeo", role: moderator}
	juliet := &Occupant{bareJID: "juliet@x", nick: "room@y/Juliet", role: participant}
	a.set("romeo@x/1", romeo)
	a.set("romeo@x/2", romeo)
	a.set("juliet@x/1", juliet)
	expectList(t, "everyone", a.everyone, "juliet@x/1", "romeo@x/1", "romeo@x/2")
	expectList(t, "moderators", a.moderators, "romeo@x/1", "romeo@x/2")
	expectList(t, "others", a.others, "juliet@x/1")
	juliet.role = moderator
	a.set("juliet@x/1", juliet)
	expectList(t, "moderators after a promotion", a.moderators, "juliet@x/1", "romeo@x/1", "romeo@x/2")
	expectList(t, "others after it", a.others)
	a.remove("romeo@x/1", "romeo@x")
	a.remove("nobody@x/1", "nobody@x")
	expectList(t, "everyone after leaving", a.everyone, "juliet@x/1", "romeo@x/2")
	if want := map[string]string{"romeo@x/2": "room@y/Romeo"}; !maps.Equal(a.sessionsOf("romeo@x"), want) {
		t.Errorf("sessions: want %v, got %v", want, a.sessionsOf("romeo@x"))
	}
	a.remove("romeo@x/2", "romeo@x")
	if a.sessionsOf("romeo@x") != nil {
		t.Error("an account without sessions is remembered")
	}
}

// What is being sent to stays as it is, while people come and go.
func TestHearersLeaveAloneWhatIsLent(t *testing.T) {
	l := newHearers()
	l.add("a")
	l.add("b")
	lent := l.jids
	l.lent = true
	l.remove("a")
	l.add("c")
	if !slices.Equal(lent, []string{"a", "b"}) {
		t.Errorf("the list that was lent is %v", lent)
	}
	expectList(t, "the list", l, "b", "c")
}

func expectList(t *testing.T, what string, l *hearers, want ...string) {
	t.Helper()
	got := slices.Sorted(slices.Values(l.jids))
	if !slices.Equal(got, want) {
		t.Errorf("%s: want %v, got %v", what, want, got)
	}
	for jid, place := range l.index {
		if l.jids[place] != jid {
			t.Errorf("%s: %s is not at its place", what, jid)
		}
	}
	if len(l.index) != len(l.jids) {
		t.Errorf("%s: %d places for %d", what, len(l.index), len(l.jids))
	}
}
