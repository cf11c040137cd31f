package muccore

import (
	"context"
	"iter"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// keeper is what a service needs of the server for rooms without events: memory, and stores in memory.
type keeper struct {
	sdk.Module
	mu   sync.Mutex // guards kept
	kept map[string]any
}

func (k *keeper) Keep(key string, value any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if value == nil {
		delete(k.kept, key)
	} else {
		k.kept[key] = value
	}
}

func (k *keeper) Kept() map[string]any { return maps.Clone(k.kept) }
func (k *keeper) Bus() sdk.Bus         { return silent{} }

// silent is a bus that nobody listens to.
type silent struct{ sdk.Bus }

func (silent) Has(string) bool { return false }

// tables are a store in memory.
type tables struct {
	mu   sync.Mutex // guards data
	data map[string]any
}

func (t *tables) Get(_ context.Context, user string) (any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.data[user], nil
}

func (t *tables) Set(_ context.Context, user string, data any) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if data == nil {
		delete(t.data, user)
		return nil
	}
	t.data[user] = data
	return nil
}

func (t *tables) Users(context.Context) iter.Seq2[string, error] { return nil }

// SetKey makes it the list of rooms.
func (t *tables) SetKey(ctx context.Context, _, key string, value any) error {
	return t.Set(ctx, key, value)
}

type roomList struct {
	sdk.Map
	*tables
}

func (l roomList) SetKey(ctx context.Context, user, key string, value any) error {
	return l.tables.SetKey(ctx, user, key, value)
}

type noMetric struct{}

func (noMetric) Set(float64)    {}
func (noMetric) Add(float64)    {}
func (noMetric) Sample(float64) {}

// newKeptService is a service that finds what another one has kept, and its stores.
func newKeptService(t *testing.T, k *keeper, configs, states *tables, size int) *service {
	t.Helper()
	s := &service{m: k, host: "rooms.example", log: slog.New(slog.NewTextHandler(t.Output(), nil)), settings: map[string]setting{}}
	for _, name := range []string{"persistent", "hidden"} {
		s.setting(name, flag(name))
	}
	s.setting("name", textSetting("name"))
	s.setting("public", setting{get: func(r *Room) any { return !r.dataFlag("hidden") }})
	s.storage.newLayout, s.storage.configs, s.storage.states = true, configs, states
	s.storage.listed, s.storage.reported = roomList{tables: &tables{data: map[string]any{}}}, map[string]string{}
	s.public.index = newPublicIndex(nil)
	s.rooms.clear(size)
	s.rooms.metrics = &roomMetrics{hit: noMetric{}, miss: noMetric{}, eviction: noMetric{}, live: noMetric{}}
	if err := s.restoreKept(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// in does something in a room.
func in(t *testing.T, r *Room, do func(ctx context.Context)) {
	t.Helper()
	ctx, leave, err := r.enter(chain(t))
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	do(ctx)
}

func join(r *Room, nick string, sessions ...string) {
	o := newOccupant(r, bareOf(sessions[0]), r.jid+"/"+nick)
	o.role = participant
	for _, session := range sessions {
		o.setSession(session, stanza.Presence().TextTag("status", "", "Here & <now>"), false)
	}
	r.saveOccupant(o)
}

// people are who is in a room, in order: nick, role, primary session and presences.
func people(r *Room) (all []string) {
	for _, o := range r.inOrder() {
		all = append(all, o.nick+" "+o.role+" "+o.jid)
		for _, session := range o.sessions {
			all = append(all, session.jid+" "+session.presence.String())
		}
	}
	return all
}

// A process that dies loses neither rooms nor who is in them.
func TestKept(t *testing.T) {
	k := &keeper{kept: map[string]any{}}
	configs, states := &tables{data: map[string]any{}}, &tables{data: map[string]any{}}
	s := newKeptService(t, k, configs, states, 100)
	temporary, persistent := s.newRoom("garden@rooms.example", nil), s.newRoom("hall@rooms.example", sdk.Data{"persistent": true, "name": "Hall"})
	for _, r := range []*Room{temporary, persistent} {
		in(t, r, func(ctx context.Context) {
			if err := s.trackRoom(ctx, r); err != nil {
				t.Fatal(err)
			}
			r.affiliations["romeo@localhost"] = owner
			r.affiliationData["romeo@localhost"] = sdk.Data{"reserved_nickname": "Romeo"}
			if err := r.ownSave(ctx, true, false); err != nil {
				t.Fatal(err)
			}
			join(r, "Romeo", "romeo@localhost/b", "romeo@localhost/a")
			join(r, "Juliet", "juliet@localhost/1")
		})
	}
	in(t, temporary, func(context.Context) {
		temporary.data["moderated"] = true
		temporary.changed()
		join(temporary, "Aaron", "aaron@localhost/1")
	})
	want := people(temporary)

	next := newKeptService(t, k, configs, states, 100)
	for jid, old := range map[string]*Room{temporary.jid: temporary, persistent.jid: persistent} {
		r := next.rooms.peek(jid)
		if r == nil {
			t.Fatalf("%s is gone", jid)
		}
		if !reflect.DeepEqual(r.data, old.data) || !maps.Equal(r.affiliations, old.affiliations) || !reflect.DeepEqual(r.affiliationData, old.affiliationData) {
			t.Errorf("%s: %v, %v, %v", jid, r.data, r.affiliations, r.affiliationData)
		}
		if r.isStored != old.isStored || !maps.Equal(r.jidNick, old.jidNick) || len(r.audience.everyone.jids) != len(old.audience.everyone.jids) {
			t.Errorf("%s: %v, %v", jid, r.isStored, r.jidNick)
		}
	}
	if got := people(next.rooms.peek(temporary.jid)); !slices.Equal(got, want) {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
}

// What is not there any longer is not kept either.
func TestKeptIsLetGo(t *testing.T) {
	k := &keeper{kept: map[string]any{}}
	s := newKeptService(t, k, &tables{data: map[string]any{}}, &tables{data: map[string]any{}}, 1)
	r := s.newRoom("garden@rooms.example", nil)
	in(t, r, func(ctx context.Context) {
		if err := s.trackRoom(ctx, r); err != nil {
			t.Fatal(err)
		}
		join(r, "Romeo", "romeo@localhost/b")
	})
	if len(k.kept) != 2 {
		t.Errorf("kept: %v", k.kept)
	}
	in(t, r, func(context.Context) {
		o := r.occupantByNick(r.jid + "/Romeo")
		o.role = ""
		r.saveOccupant(o)
	})
	if len(k.kept) != 1 {
		t.Errorf("kept after he has left: %v", k.kept)
	}
	other := s.newRoom("hall@rooms.example", nil)
	in(t, other, func(ctx context.Context) {
		if err := s.trackRoom(ctx, other); err != nil {
			t.Fatal(err)
		}
	})
	if !r.isSwappedOut || k.kept[keptRoom+r.jid] != nil || k.kept[keptRoom+other.jid] == nil {
		t.Errorf("kept after the room was swapped out (%v): %v", r.isSwappedOut, k.kept)
	}
	in(t, other, func(ctx context.Context) { s.forgetRoom(ctx, other) })
	if len(k.kept) != 0 {
		t.Errorf("kept after all: %v", k.kept)
	}
}

// Rooms go out and come back while many chains want them, and nobody is lost.
func TestRoomsAreSwappedOutBesideEachOther(t *testing.T) {
	k := &keeper{kept: map[string]any{}}
	s := newKeptService(t, k, &tables{data: map[string]any{}}, &tables{data: map[string]any{}}, 2)
	rooms := []string{"a@rooms.example", "b@rooms.example", "c@rooms.example", "d@rooms.example"}
	for _, jid := range rooms {
		r := s.newRoom(jid, nil)
		in(t, r, func(ctx context.Context) {
			if err := s.trackRoom(ctx, r); err != nil {
				t.Error(err)
			}
		})
	}
	const chains, rounds = 8, 40
	var all sync.WaitGroup
	for n := range chains {
		all.Go(func() {
			for round := range rounds {
				jid := rooms[(n+round)%len(rooms)]
				_, r, leave, err := s.enterRoom(sdk.NewChain(t.Context()), jid)
				if r == nil || err != nil {
					t.Errorf("%s: %v, %v", jid, r, err)
					return
				}
				count, _ := r.dataNumber("count")
				r.setData("count", count+1)
				leave()
			}
		})
	}
	all.Wait()
	total := 0.0
	for _, jid := range rooms {
		_, r, leave, err := s.enterRoom(sdk.NewChain(t.Context()), jid)
		if err != nil {
			t.Fatal(err)
		}
		count, _ := r.dataNumber("count")
		total += count
		leave()
	}
	if total != chains*rounds {
		t.Errorf("%v visits are known, want %d", total, chains*rounds)
	}
	if n := s.rooms.count(); n > s.rooms.size {
		t.Errorf("%d rooms are in memory, want %d at most", n, s.rooms.size)
	}
}
