package roster_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"runtime"
	"sync"
	"testing"

	"quatrain/host/internal/roster"
	"quatrain/host/internal/storage/value"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// store keeps what is set, as a driver would give it back.
type store struct {
	mu   sync.Mutex
	data map[string]any
	err  error
}

func (s *store) Get(_ context.Context, user string) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data[user], s.err
}

func (s *store) Set(_ context.Context, user string, data any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	canonical, err := value.Canonical(data)
	s.data[user] = canonical
	return err
}

func (s *store) Users(context.Context) iter.Seq2[string, error] { return nil }

type nobody struct{}

func (nobody) Of(string) []sdk.Session { return nil }

func newManager(s *store) *roster.Manager { return newManagerWith(s, nil) }

func newManagerWith(s *store, loaded roster.Loaded) *roster.Manager {
	return roster.NewManager(func(_ context.Context, host, name string) (sdk.Keyval, error) {
		if host != "a.example" || name != "roster" {
			return nil, fmt.Errorf("opened %q on %q", name, host)
		}
		return s, nil
	}, nobody{}, loaded)
}

// What Prosody stored is read, and what is written it could read.
func TestLayout(t *testing.T) {
	request := stanza.Presence("type", "subscribe", "from", "c@b.example").TextTag("status", "", "please")
	stored := sdk.Data{
		"a@b.example": sdk.Data{"subscription": "both", "name": "A", "groups": sdk.Data{"x": true, "y": true}},
		"b@b.example": sdk.Data{"subscription": "none", "ask": "subscribe", "approved": "true", "groups": sdk.Data{}},
		false: sdk.Data{"version": 7.0, "pending": sdk.Data{
			"c@b.example": sdk.Data{"name": "presence", "attr": sdk.Data{"type": "subscribe", "from": "c@b.example"},
				1.0: sdk.Data{"name": "status", "attr": sdk.Data{}, 1.0: "please"}},
			"d@b.example": true}},
	}
	s := &store{data: map[string]any{"romeo": stored}}
	m := newManager(s)
	r, err := m.Roster(t.Context(), "romeo", "a.example")
	if err != nil {
		t.Fatal(err)
	}
	want := []sdk.RosterItem{
		{JID: "a@b.example", Name: "A", Subscription: "both", Groups: []string{"x", "y"}},
		{JID: "b@b.example", Subscription: "none", Ask: true, Approved: true},
	}
	if got := r.Items(); !reflect.DeepEqual(got, want) {
		t.Errorf("items %+v, want %+v", got, want)
	}
	if got := r.Pending(); !reflect.DeepEqual(got, []string{"c@b.example", "d@b.example"}) || r.Version() != "7" {
		t.Errorf("pending %q, version %q", got, r.Version())
	}
	if got := r.Request("c@b.example"); got == nil || got.ChildText("status", "") != request.ChildText("status", "") || got.Type() != "subscribe" {
		t.Errorf("request %v", got)
	}
	if r.Request("d@b.example") != nil {
		t.Error("a request that was not kept")
	}
	if err := m.Update(t.Context(), "romeo", "a.example", "e@b.example", &sdk.RosterItem{Subscription: "to"}); err != nil {
		t.Fatal(err)
	}
	after := newManager(s)
	again, err := after.Roster(t.Context(), "romeo", "a.example")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again.Items(), r.Items()) || !reflect.DeepEqual(again.Pending(), r.Pending()) || again.Version() != "8" ||
		again.Request("c@b.example").String() != r.Request("c@b.example").String() {
		t.Errorf("read back %+v %q %s", again.Items(), again.Pending(), again.Version())
	}
}

func TestOddData(t *testing.T) {
	tests := map[string]any{
		"nothing":        nil,
		"empty":          sdk.Data{},
		"no table":       "roster",
		"a list":         []any{"x"},
		"oneself":        sdk.Data{"romeo@a.example": sdk.Data{"subscription": "both"}},
		"no item":        sdk.Data{"x@b.example": true, "y@b.example": sdk.Data{}},
		"odd metadata":   sdk.Data{false: "x", true: sdk.Data{"version": "nine"}},
		"version is off": sdk.Data{false: sdk.Data{"version": true}},
	}
	for name, stored := range tests {
		m := newManager(&store{data: map[string]any{"romeo": stored}})
		r, err := m.Roster(t.Context(), "romeo", "a.example")
		if err != nil || len(r.Items()) != 0 || len(r.Pending()) != 0 || r.Version() != "0" {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
}

// Where Prosody had the requests long ago.
func TestOldPending(t *testing.T) {
	m := newManager(&store{data: map[string]any{"romeo": sdk.Data{"pending": sdk.Data{"c@b.example": true}}}})
	r, err := m.Roster(t.Context(), "romeo", "a.example")
	if err != nil || !r.IsPending("c@b.example") || len(r.Items()) != 0 {
		t.Errorf("%v, %v", r, err)
	}
}

// A change that cannot be stored has not happened.
func TestStoreFails(t *testing.T) {
	s := &store{data: map[string]any{}}
	m := newManager(s)
	r, err := m.Roster(t.Context(), "romeo", "a.example")
	if err != nil {
		t.Fatal(err)
	}
	s.err = errors.New("disk full")
	if _, err := m.RequestOut(t.Context(), "romeo", "a.example", "a@b.example"); !errors.Is(err, s.err) {
		t.Errorf("RequestOut: %v", err)
	}
	if len(r.Items()) != 0 || r.Version() != "0" {
		t.Errorf("items %v, version %s", r.Items(), r.Version())
	}
	if _, err := m.Roster(t.Context(), "juliet", "a.example"); !errors.Is(err, s.err) {
		t.Errorf("Roster: %v", err)
	}
}

// There is one roster per user as long as somebody holds it, and none is lost when nobody does.
func TestOneRoster(t *testing.T) {
	s := &store{data: map[string]any{}}
	m := newManager(s)
	held, err := m.Roster(t.Context(), "romeo", "a.example")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 50 {
				if err := m.Update(t.Context(), "romeo", "a.example", fmt.Sprintf("c%d-%d@b.example", i, n), &sdk.RosterItem{Subscription: "none"}); err != nil {
					t.Error(err)
				}
				if _, err := m.Roster(t.Context(), fmt.Sprintf("user%d-%d", i, n*40), "a.example"); err != nil { // pushes others out of memory
					t.Error(err)
				}
			}
			runtime.GC()
		})
	}
	wg.Wait()
	if len(held.Items()) != 400 || held.Version() != "400" {
		t.Errorf("%d items, version %s", len(held.Items()), held.Version())
	}
	again, err := newManager(s).Roster(t.Context(), "romeo", "a.example")
	if err != nil || len(again.Items()) != 400 {
		t.Errorf("stored are %d items, %v", len(again.Items()), err)
	}
}

func TestTransitionNames(t *testing.T) {
	m := newManager(&store{data: map[string]any{}})
	const contact = "juliet@b.example"
	steps := []struct {
		name    string
		changed bool
		state   string
	}{
		{roster.OutboundRequest, true, "none+ask"}, {roster.PendingOut, false, "none+ask"}, {roster.InboundApproval, true, "to"},
		{roster.PendingIn, true, "to"}, {roster.PendingIn, false, "to"}, {roster.Subscribed, true, "both"}, {roster.Subscribed, false, "both"},
		{roster.InboundCancellation, true, "from"}, {roster.InboundUnsubscribe, true, "none"}, {roster.Unsubscribe, false, "none"},
		{roster.OutboundApproval, true, "none"}, {roster.Unsubscribed, false, "none"},
	}
	for _, step := range steps {
		changed, err := m.Transition(t.Context(), step.name, "romeo", "a.example", contact, nil)
		if err != nil || changed != step.changed {
			t.Errorf("%s: changed %v, %v; want %v", step.name, changed, err, step.changed)
		}
		r, _ := m.Roster(t.Context(), "romeo", "a.example")
		item, _ := r.Item(contact)
		state := item.Subscription
		if item.Ask {
			state += "+ask"
		}
		if state != step.state {
			t.Errorf("%s: state %q, want %q", step.name, state, step.state)
		}
	}
	if _, err := m.Transition(t.Context(), "love", "romeo", "a.example", contact, nil); err == nil {
		t.Error("an unknown change was applied")
	}
}

// What modules add when a roster is loaded is in it, and in no store.
func TestAddedWhenLoaded(t *testing.T) {
	s := &store{data: map[string]any{}}
	m := newManagerWith(s, func(_ context.Context, username, _ string, r sdk.Roster) ([]sdk.RosterItem, bool, bool, error) {
		return append(r.Items(), sdk.RosterItem{JID: "friend@b.example", Subscription: roster.Both, Virtual: true}), true, username == "romeo", nil
	})
	if err := m.Update(t.Context(), "romeo", "a.example", "own@b.example", &sdk.RosterItem{Subscription: roster.None}); err != nil {
		t.Fatal(err)
	}
	r, err := m.Roster(t.Context(), "romeo", "a.example")
	if err != nil || len(r.Items()) != 2 || !r.SendsTo("friend@b.example") || !r.Unversioned() {
		t.Error(r.Items(), err)
	}
	stored, _ := s.data["romeo"].(sdk.Data)
	if stored["friend@b.example"] != nil || stored["own@b.example"] == nil {
		t.Error(stored)
	}
	if other, err := m.Roster(t.Context(), "juliet", "a.example"); err != nil || len(other.Items()) != 0 || other.Unversioned() {
		t.Error(other.Items(), err)
	}
}
