package session_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// connect is both ends of a connection of the system's.
func connect(t *testing.T) (conn, peer net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if peer, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if conn, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	return conn, peer
}

// pair is a session and the peer's end of its connection.
func pair(t *testing.T, limits session.Limits) (*session.Session, net.Conn) {
	t.Helper()
	conn, peer := connect(t)
	s := session.New(session.Config{Host: "a.example", IP: "127.0.0.1", Conn: conn, Limits: limits, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() {
		s.Destroy()
		peer.Close()
	})
	return s, peer
}

// read takes n bytes from the peer's end.
func read(t *testing.T, peer net.Conn, n int) string {
	t.Helper()
	buf := make([]byte, n)
	peer.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.ReadFull(peer, buf); err != nil {
		t.Fatalf("reading %d bytes: %v", n, err)
	}
	return string(buf)
}

func TestSendKeepsOrderAndContent(t *testing.T) {
	s, peer := pair(t, session.Limits{})
	var want strings.Builder
	st := stanza.Message("x", "id", "0")
	for i := range 100 {
		st.SetAttr("id", fmt.Sprint(i))
		if err := s.Send(context.Background(), st); err != nil {
			t.Fatal(err)
		}
		want.WriteString(st.String())
	}
	if got := read(t, peer, want.Len()); got != want.String() {
		t.Errorf("peer read %q", got)
	}
}

func TestCorkWritesOnce(t *testing.T) {
	s, peer := pair(t, session.Limits{})
	chain := sdk.NewChain(context.Background())
	uncork := session.Cork(chain)
	inner := session.Cork(chain)
	s.Send(chain, stanza.Message("one"))
	inner()
	s.Send(chain, stanza.Message("two"))
	peer.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if n, err := peer.Read(make([]byte, 1)); err == nil {
		t.Fatalf("%d bytes came through the cork", n)
	}
	uncork()
	want := stanza.Message("one").String() + stanza.Message("two").String()
	if got := read(t, peer, len(want)); got != want {
		t.Errorf("peer read %q, want %q", got, want)
	}
}

// ticket is a commit that the test decides.
type ticket struct {
	done chan struct{}
	err  error
}

func (t *ticket) Wait() error {
	<-t.done
	return t.err
}

func TestOutputWaitsForCommit(t *testing.T) {
	tests := map[string]struct {
		err  error
		want string
	}{
		"committed": {nil, "<message/>"},
		"failed":    {errors.New("disk full"), ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s, peer := pair(t, session.Limits{})
			commit := &ticket{make(chan struct{}), tc.err}
			chain := sdk.NewChain(context.Background())
			chain.SetTicket(commit)
			s.Send(chain, stanza.New("message", ""))
			peer.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
			if n, err := peer.Read(make([]byte, 1)); err == nil {
				t.Fatalf("%d bytes before the commit", n)
			}
			close(commit.done)
			peer.SetReadDeadline(time.Now().Add(10 * time.Second))
			got := make([]byte, 64)
			n, err := peer.Read(got)
			if string(got[:n]) != tc.want || (err != nil) != (tc.err != nil) {
				t.Errorf("peer read %q, %v; want %q", got[:n], err, tc.want)
			}
		})
	}
}

func TestPeerThatDoesNotRead(t *testing.T) {
	s, _ := pair(t, session.Limits{Queue: 1 << 16})
	big := stanza.Message(strings.Repeat("x", 1<<12))
	var err error
	for range 10000 { // more than the kernel's buffers and ours take
		if err = s.Send(context.Background(), big); err != nil {
			break
		}
	}
	if !errors.Is(err, session.ErrEnded) {
		t.Errorf("Send to a peer that does not read: %v, want %v", err, session.ErrEnded)
	}
}

// Output of several chains waits for what each of them has written to a store.
func TestOutputWaitsForAllCommits(t *testing.T) {
	s, peer := pair(t, session.Limits{})
	var commits []*ticket
	held := session.Cork(sdk.NewChain(context.Background()))
	for range 2 {
		chain := sdk.NewChain(context.Background())
		session.Cork(chain) // never let go: only the last one below flushes
		commit := &ticket{done: make(chan struct{})}
		chain.SetTicket(commit)
		commits = append(commits, commit)
		s.Send(chain, stanza.New("message", ""))
	}
	held()
	s.Send(context.Background(), stanza.New("presence", ""))
	close(commits[1].done)
	peer.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if n, err := peer.Read(make([]byte, 1)); err == nil {
		t.Fatalf("%d bytes before the first commit", n)
	}
	close(commits[0].done)
	want := "<message/><message/><presence/>"
	if got := read(t, peer, len(want)); got != want {
		t.Errorf("peer read %q, want %q", got, want)
	}
}

// A batch that is too large ends the session before anything was read; the peer learns why.
func TestOverflowIsTold(t *testing.T) {
	s, peer := pair(t, session.Limits{Queue: 1 << 12})
	chain := sdk.NewChain(context.Background())
	uncork := session.Cork(chain)
	var err error
	for err == nil {
		err = s.Send(chain, stanza.Message(strings.Repeat("x", 100)))
	}
	uncork()
	if !errors.Is(err, session.ErrEnded) || !s.Closing() {
		t.Errorf("Send: %v, closing %v", err, s.Closing())
	}
	peer.SetReadDeadline(time.Now().Add(10 * time.Second))
	got, err := io.ReadAll(peer)
	if err != nil || !strings.HasPrefix(string(got), "<stream:error><policy-violation ") {
		t.Errorf("peer read %q, %v", got, err)
	}
}

// A function put in the place of send gets what the core sends, and its own sends reach the stream.
func TestOverrideSend(t *testing.T) {
	s, peer := pair(t, session.Limits{})
	s.OverrideSend(func(_ context.Context, st *stanza.Element) bool {
		st.SetAttr("id", "seen")
		return s.SendOwn(context.Background(), st) == nil
	})
	if !s.FilteredOut() {
		t.Error("fan-out would pass it by")
	}
	s.Send(context.Background(), stanza.New("message", ""))
	s.OverrideSend(nil)
	s.Send(context.Background(), stanza.New("presence", ""))
	want := "<message id='seen'/><presence/>"
	if got := read(t, peer, len(want)); got != want {
		t.Errorf("peer read %q, want %q", got, want)
	}
}

// A function put in the place of close says its word before the stream ends, once.
func TestOverrideClose(t *testing.T) {
	s, peer := pair(t, session.Limits{})
	calls := 0
	s.OverrideClose(func(ctx context.Context, reason *stanza.StreamError) {
		calls++
		s.Send(ctx, stanza.New("message", ""))
		s.CloseOwn(ctx, reason)
	})
	s.Close(context.Background(), nil)
	s.Close(context.Background(), nil)
	want := "<message/></stream:stream>"
	if got := read(t, peer, len(want)); got != want || calls != 1 {
		t.Errorf("peer read %q, want %q; %d calls", got, want, calls)
	}
}

// Modules see one copy of the presence, and what they do to it stays theirs.
func TestPresenceField(t *testing.T) {
	s, _ := pair(t, session.Limits{})
	s.SetPresence(stanza.Presence("id", "1"), 5)
	shown, _ := s.Field("presence")
	again, _ := s.Field("presence")
	shown.(*stanza.Element).SetAttr("id", "2")
	if p, priority := s.Presence(); shown != again || p.ID() != "1" || priority != 5 {
		t.Errorf("presence %s, priority %d, the same element %v", p, priority, shown == again)
	}
	s.SetField("presence", nil)
	if p, _ := s.Presence(); p != nil {
		t.Errorf("presence %s", p)
	}
}

func TestClose(t *testing.T) {
	s, peer := pair(t, session.Limits{})
	s.Send(context.Background(), stanza.New("message", ""))
	s.Close(context.Background(), &stanza.StreamError{Condition: "conflict"})
	if err := s.Send(context.Background(), stanza.New("message", "")); !errors.Is(err, session.ErrEnded) {
		t.Errorf("Send after Close: %v", err)
	}
	peer.SetReadDeadline(time.Now().Add(10 * time.Second))
	got, err := io.ReadAll(peer)
	want := "<message/><stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"
	if err != nil || string(got) != want {
		t.Errorf("peer read %q, %v; want %q", got, err, want)
	}
}

func TestFilters(t *testing.T) {
	s, peer := pair(t, session.Limits{})
	add := func(kind string, priority float64, mark string) func() {
		return s.AddFilter(kind, priority, func(_ context.Context, data any) any {
			if st, ok := data.(*stanza.Element); ok {
				st.SetAttr("id", st.Attr("id")+mark)
				return st
			}
			return append(data.([]byte), mark...)
		})
	}
	add("stanzas/out", 0, "b")
	add("stanzas/out", 1, "a")
	add("stanzas/out", 0, "c")
	remove := add("bytes/out", 0, "!")
	s.Send(context.Background(), stanza.New("message", ""))
	want := "<message id='abc'/>!"
	if got := read(t, peer, len(want)); got != want {
		t.Errorf("peer read %q, want %q", got, want)
	}
	remove()
	drop := s.AddFilter("stanzas/out", 9, func(context.Context, any) any { return nil })
	s.Send(context.Background(), stanza.New("message", ""))
	drop()
	s.Send(context.Background(), stanza.New("presence", ""))
	want = "<presence id='abc'/>"
	if got := read(t, peer, len(want)); got != want {
		t.Errorf("peer read %q, want %q", got, want)
	}
}

// What filters run in is left when the stanza has its place in the stream.
func TestFilterWithin(t *testing.T) {
	s, peer := pair(t, session.Limits{})
	inside := false
	s.AddFilter("stanzas/out", 0, func(_ context.Context, data any) any {
		if !inside {
			t.Error("filtered outside")
		}
		return data
	})
	want := "<message/>"
	s.FilterWithin(func(ctx context.Context, f func(context.Context)) {
		inside = true
		f(ctx)
		if got := read(t, peer, len(want)); got != want {
			t.Errorf("peer read %q, want %q", got, want)
		}
		inside = false
	})
	if err := s.Send(context.Background(), stanza.New("message", "")); err != nil || inside {
		t.Errorf("Send: %v, inside %v", err, inside)
	}
}

func TestFields(t *testing.T) {
	s, _ := pair(t, session.Limits{})
	s.Authenticated("romeo", "prosody:registered")
	s.Bound("orchard")
	for name, want := range map[string]any{"type": "c2s", "username": "romeo", "host": "a.example", "resource": "orchard",
		"full_jid": "romeo@a.example/orchard", "presence": nil, "priority": nil, "ip": "127.0.0.1", "destroyed": nil} {
		if got, ok := s.Field(name); !ok || got != want {
			t.Errorf("Field(%q) = %v, %v; want %v", name, got, ok, want)
		}
	}
	if s.SetField("nobody_knows", 1) {
		t.Error("SetField took a name it does not know")
	}
	s.SetField("username", "mallory")
	if s.Username() != "romeo" {
		t.Error("identity was changed through a field")
	}
}

func TestConcurrentSenders(t *testing.T) {
	s, peer := pair(t, session.Limits{})
	st := stanza.Render(stanza.Message("x"))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				chain := sdk.NewChain(context.Background())
				uncork := session.Cork(chain)
				s.SendRendered(chain, st, "", "a@b/c")
				uncork()
			}
		})
	}
	one := string(st.AppendTo(nil, "a@b/c"))
	got := read(t, peer, 800*len(one))
	wg.Wait()
	if strings.Count(got, one) != 800 {
		t.Errorf("%d of 800 stanzas arrived whole", strings.Count(got, one))
	}
}

// taken is what a stream gives its session to be seen by modules, and to be taken over by another.
type taken struct{ link *session.Link }

func (c taken) Link() *session.Link { return c.link }

// A session loses its connection, keeps what it is, and goes on with that of another.
func TestTakesAnothersConnection(t *testing.T) {
	old, first := pair(t, session.Limits{})
	next, second := pair(t, session.Limits{})
	old.Authenticated("romeo", "")
	old.Bound("orchard")
	old.AddFilter("stanzas/out", 0, func(context.Context, any) any { return nil }) // gone with the connection
	next.AddFilter("stanzas/out", 0, func(_ context.Context, data any) any {
		data.(*stanza.Element).SetAttr("id", "new")
		return data
	})
	old.SetField("conn", nil)
	if v, ok := old.Field("conn"); !old.Offline() || v != nil || !ok {
		t.Errorf("offline %v, conn %v", old.Offline(), v)
	}
	old.Link().Shut()
	if rest, err := io.ReadAll(first); err != nil || len(rest) > 0 {
		t.Errorf("the old peer read %q, %v", rest, err)
	}
	old.SetField("conn", taken{next.Link()})
	if err := old.Send(context.Background(), stanza.New("message", "")); err != nil || old.Offline() || old.JID() != "romeo@a.example/orchard" {
		t.Errorf("Send: %v, offline %v, JID %q", err, old.Offline(), old.JID())
	}
	want := "<message id='new'/>"
	if got := read(t, second, len(want)); got != want {
		t.Errorf("the new peer read %q, want %q", got, want)
	}
}

// A session without a connection that is closed is unbound and over, and those who want to know are told before.
func TestCloseWithoutConnection(t *testing.T) {
	s, _ := pair(t, session.Limits{})
	var told []string
	s.BeforeClose(func(context.Context, *stanza.StreamError) { told = append(told, "before") })
	s.OnClose(func(context.Context, *stanza.StreamError) { told = append(told, "unbound") })
	s.SetField("conn", nil)
	s.Close(context.Background(), nil)
	if want := []string{"before", "unbound"}; !slices.Equal(told, want) || s.Type() != session.TypeDestroyed {
		t.Errorf("told %q, want %q; type %s", told, want, s.Type())
	}
}

// What is held back is written when it is released, or the stream ends.
func TestHold(t *testing.T) {
	for name, end := range map[string]func(s *session.Session){
		"released": func(s *session.Session) { s.Link().Release() },
		"closed":   func(s *session.Session) { s.Close(context.Background(), nil) },
	} {
		t.Run(name, func(t *testing.T) {
			s, peer := pair(t, session.Limits{})
			s.Link().Hold()
			s.Send(context.Background(), stanza.New("message", ""))
			peer.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
			if n, err := peer.Read(make([]byte, 1)); err == nil {
				t.Fatalf("%d bytes were not held back", n)
			}
			end(s)
			want := "<message/>"
			if got := read(t, peer, len(want)); got != want {
				t.Errorf("peer read %q, want %q", got, want)
			}
		})
	}
}

type watcher struct{ draining, drained func() }

func (w watcher) Watching() bool { return true }
func (w watcher) Draining()      { w.draining() }
func (w watcher) Drained()       { w.drained() }
func (w watcher) Ending()        {}

// Whoever wants to know is told before output is written, may add to it, and is told when all is written.
func TestDraining(t *testing.T) {
	mine, peer := net.Pipe()
	t.Cleanup(func() { peer.Close() })
	var s *session.Session
	drained := make(chan struct{}, 10)
	asked := false // belongs to the writer
	s = session.New(session.Config{Host: "a.example", Conn: mine, Log: slog.New(slog.DiscardHandler), Watcher: watcher{draining: func() {
		if !asked {
			asked = true
			s.WriteRaw([]byte("<r/>"))
		}
	}, drained: func() { drained <- struct{}{} }}})
	t.Cleanup(s.Destroy)
	s.Send(context.Background(), stanza.New("message", ""))
	want := "<message/><r/>"
	if got := read(t, peer, len(want)); got != want {
		t.Errorf("peer read %q, want %q", got, want)
	}
	select {
	case <-drained:
	case <-time.After(10 * time.Second):
		t.Error("nobody was told that all is written")
	}
}
