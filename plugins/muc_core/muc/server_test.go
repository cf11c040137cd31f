package muc_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
	muccore "quatrain/plugins/muc_core"
	"quatrain/plugins/muc_core/muc"
	mucregister "quatrain/plugins/muc_register"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

const (
	service = "rooms.localhost"
	garden  = "garden@rooms.localhost"
	romeo   = "romeo@localhost/orchard"
	juliet  = "juliet@localhost/balcony"
)

const serverConfig = `
[global]
modules_enabled = ["audience"]
[host."localhost"]
[component."rooms.localhost"]
plugin = "muc_core"
modules_enabled = ["extension", "muc_register"]
`

// extension is what a plugin sees of the rooms of a server.
type extension struct {
	m      sdk.Module
	rooms  *muc.Rooms
	extend func(ctx context.Context, e *extension) error
}

func (e *extension) Load(ctx context.Context, m sdk.Module) (err error) {
	e.m = m
	if e.rooms, err = muc.Depend(ctx, m); err != nil {
		return err
	}
	return e.extend(ctx, e)
}

func (e *extension) Unload(ctx context.Context) error { return e.rooms.RemoveMethods(ctx) }

// audience hears what is sent to people of localhost, none of whom is there.
type audience struct {
	mu    sync.Mutex // guards heard
	heard []*stanza.Element
}

func (a *audience) Load(_ context.Context, m sdk.Module) error {
	for _, kind := range []string{"message", "presence", "iq"} {
		m.Hook(kind+"/full", 100, func(_ context.Context, ev *sdk.Event) (any, error) {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.heard = append(a.heard, ev.Stanza.Clone())
			return true, nil
		})
	}
	return nil
}

// take is what was heard since it was last asked for.
func (a *audience) take() []*stanza.Element {
	a.mu.Lock()
	defer a.mu.Unlock()
	heard := a.heard
	a.heard = nil
	return heard
}

// stage is a server with rooms and an extension of them.
type stage struct {
	*extension
	t        *testing.T
	ctx      context.Context
	audience *audience
	log      *bytes.Buffer
}

// onServer starts a server whose rooms, those of a twin, are extended, and puts Romeo and Juliet into the garden, which is Romeo's.
func onServer(t *testing.T, twin string, extend func(ctx context.Context, e *extension) error) *stage {
	t.Helper()
	s := &stage{extension: &extension{extend: extend}, t: t, audience: &audience{}, log: &bytes.Buffer{}}
	srv, err := host.New(host.Options{
		Config: []byte(serverConfig), DataDir: t.TempDir(), Plugins: plugins.FS, Library: lua.FS, InProcess: true,
		Programs: map[string]func() sdk.Plugin{
			"extension": func() sdk.Plugin { return s.extension }, "audience": func() sdk.Plugin { return s.audience }, "muc_register": mucregister.New,
			"muc_core": muccore.New,
		},
		Runtimes: map[string]string{"extension": "go", "audience": "go", "muc_register": "go", "muc_core": twin},
		Log:      slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelError})), Listen: &host.Listen{},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(func() {
		defer cancel()
		if err := srv.Stop(ctx, "test ended"); err != nil || s.log.Len() > 0 {
			t.Errorf("%v; the server complains: %s", err, s.log)
		}
	})
	if err := srv.Start(ctx); err != nil {
		t.Fatal(err)
	}
	s.ctx = sdk.NewChain(ctx)
	s.enter(romeo, garden+"/Romeo")
	if err := s.room().Unlock(s.ctx); err != nil {
		t.Fatal(err)
	}
	s.enter(juliet, garden+"/Juliet")
	s.audience.take()
	return s
}

func (s *stage) enter(from, to string) {
	s.send(stanza.Presence("from", from, "to", to).AddChild(stanza.New("x", muc.NS)))
}

func (s *stage) send(st *stanza.Element) {
	s.t.Helper()
	if err := s.m.Send(s.ctx, nil, st); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) room() muc.Room {
	s.t.Helper()
	room, err := s.rooms.Get(s.ctx, garden)
	if err != nil || room.IsZero() {
		s.t.Fatalf("the garden: %v, %v", room, err)
	}
	return room
}

// errors lists the conditions of the errors that were heard.
func (s *stage) errors() (conditions []stanza.Condition) {
	for _, st := range s.audience.take() {
		if e := stanza.ParseError(st); e != nil {
			conditions = append(conditions, e.Condition)
		}
	}
	return conditions
}

// heard lists who has heard a message with this body.
func (s *stage) heard(body string) (who []string) {
	for _, st := range s.audience.take() {
		if st.ChildText("body", "") == body {
			who = append(who, st.To())
		}
	}
	slices.Sort(who)
	return who
}
