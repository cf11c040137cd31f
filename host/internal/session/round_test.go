package session_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// large is how many hear what is said: enough for several walkers.
const large = 64

// member is a session of an audience, and both ends of its connection.
type member struct {
	*session.Session
	peer net.Conn
	conn *net.TCPConn
}

// connected is a session whose connection is one of the system's.
func connected(t *testing.T, cfg session.Config) member {
	t.Helper()
	var peer net.Conn
	var err error
	cfg.Conn, peer = connect(t)
	if cfg.Raw, err = cfg.Conn.(syscall.Conn).SyscallConn(); err != nil {
		t.Fatal(err)
	}
	cfg.Log = slog.New(slog.DiscardHandler)
	m := member{session.New(cfg), peer, cfg.Conn.(*net.TCPConn)}
	t.Cleanup(func() {
		m.Destroy()
		peer.Close()
	})
	return m
}

// audience are sessions that are written to in rounds.
func audience(t *testing.T) (all []member) { return audienceOf(t, session.NewRounds()) }

func audienceOf(t *testing.T, rounds *session.Rounds) (all []member) {
	t.Helper()
	for range large {
		all = append(all, connected(t, session.Config{Rounds: rounds}))
	}
	return all
}

// tell sends to all in one batch.
func tell(all []member, text string, chain *sdk.Chain) {
	uncork := session.Cork(chain)
	for _, m := range all {
		m.Send(chain, stanza.Message(text))
	}
	uncork()
}

func newChain() *sdk.Chain { return sdk.NewChain(context.Background()) }

func hear(t *testing.T, m member, texts ...string) {
	t.Helper()
	want := ""
	for _, text := range texts {
		want += stanza.Message(text).String()
	}
	if got := read(t, m.peer, len(want)); got != want {
		t.Errorf("peer read %.80q, want %.80q", got, want)
	}
}

// silent fails the test if something comes within a moment.
func silent(t *testing.T, m member) {
	t.Helper()
	m.peer.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if n, err := m.peer.Read(make([]byte, 1)); err == nil {
		t.Errorf("%d bytes came too early", n)
	}
}

func TestRound(t *testing.T) {
	all := audience(t)
	for _, text := range []string{"one", "two", strings.Repeat("long", 100_000)} {
		tell(all, text, newChain())
		for _, m := range all {
			hear(t, m, text)
		}
	}
}

// Peers that do not read keep nobody waiting, and find everything when they read after all.
func TestRoundWaitsForNoPeer(t *testing.T) {
	all := audience(t)
	deaf, others := all[:3], all[3:]
	big := strings.Repeat("x", 1<<20)
	for _, m := range deaf {
		m.Send(context.Background(), stanza.Message(big))
		m.Send(context.Background(), stanza.Message(big))
	}
	for _, text := range []string{"one", "two"} {
		tell(all, text, newChain())
		for _, m := range others {
			hear(t, m, text)
		}
	}
	for _, m := range deaf {
		hear(t, m, big, big, "one", "two")
	}
}

// The system may take a part of what there is.
func TestRoundGoesOnWithTheRest(t *testing.T) {
	all := audience(t)
	for _, m := range all[:4] {
		m.conn.SetWriteBuffer(4 << 10)
	}
	var texts []string
	for i := range 2 { // the buffers of the kernel take a part of each
		texts = append(texts, fmt.Sprint(i)+strings.Repeat("y", 100<<10))
		tell(all, texts[i], newChain())
	}
	for _, m := range all {
		hear(t, m, texts...)
	}
}

func TestRoundWaitsForCommits(t *testing.T) {
	for name, failure := range map[string]error{"committed": nil, "failed": errors.New("disk full")} {
		t.Run(name, func(t *testing.T) {
			all := audience(t)
			chain := newChain()
			uncork := session.Cork(chain)
			before, after := all[:10], all[10:]
			for _, m := range before {
				m.Send(chain, stanza.Message("early"))
			}
			commit := &ticket{make(chan struct{}), failure}
			chain.SetTicket(commit)
			for _, m := range after {
				m.Send(chain, stanza.Message("late"))
			}
			other := newChain()
			another := &ticket{done: make(chan struct{})}
			other.SetTicket(another)
			session.Cork(other)
			after[0].Send(other, stanza.Message("later"))
			uncork()
			for _, m := range before {
				hear(t, m, "early")
			}
			silent(t, after[1])
			tell(before, "again", newChain()) // whoever waits for a store keeps nobody waiting
			for _, m := range before {
				hear(t, m, "again")
			}
			close(commit.done)
			if failure != nil {
				for _, m := range after[1:] {
					m.peer.SetReadDeadline(time.Now().Add(10 * time.Second))
					if got, err := io.ReadAll(m.peer); len(got) > 0 || err != nil {
						t.Fatalf("peer read %q, %v; want the end", got, err)
					}
				}
				return
			}
			for _, m := range after[1:] {
				hear(t, m, "late")
			}
			silent(t, after[0])
			close(another.done)
			hear(t, after[0], "late", "later")
		})
	}
}

// Sessions that are not simple get what they are sent as always.
func TestRoundWithUnlikeSessions(t *testing.T) {
	drained := make(chan struct{}, 10)
	tests := map[string]struct {
		cfg  session.Config
		with func(s *session.Session)
		want string
	}{
		"filtered": {with: func(s *session.Session) {
			s.AddFilter("bytes/out", 0, func(_ context.Context, data any) any {
				return []byte(strings.ToUpper(string(data.([]byte))))
			})
		}, want: strings.ToUpper(stanza.Message("text").String())},
		"watched": {cfg: session.Config{Watcher: watcher{func() {}, func() { drained <- struct{}{} }}}, want: stanza.Message("text").String()},
		"held": {with: func(s *session.Session) {
			s.Link().Hold()
			time.AfterFunc(20*time.Millisecond, s.Link().Release)
		}, want: stanza.Message("text").String()},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			rounds := session.NewRounds()
			all := audienceOf(t, rounds)
			tc.cfg.Rounds = rounds
			odd := connected(t, tc.cfg)
			if tc.with != nil {
				tc.with(odd.Session)
			}
			tell(append([]member{odd}, all...), "text", newChain())
			for _, m := range all {
				hear(t, m, "text")
			}
			if got := read(t, odd.peer, len(tc.want)); got != tc.want {
				t.Errorf("peer read %q, want %q", got, tc.want)
			}
		})
	}
	select {
	case <-drained:
	case <-time.After(10 * time.Second):
		t.Error("nobody was told that all is written")
	}
}

// What each of several senders says to all comes whole and in order, also where sessions end meanwhile.
func TestRoundsAtOnce(t *testing.T) {
	all := audience(t)
	const senders, words = 4, 50
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for i := range words {
				tell(all, fmt.Sprintf("%d:%02d", s, i), newChain())
			}
		})
	}
	for _, m := range all[:5] {
		wg.Go(m.Destroy)
	}
	one := len(stanza.Message("0:00").String())
	for _, m := range all[5:] {
		got := read(t, m.peer, senders*words*one)
		for s := range senders {
			at := 0
			for i := range words {
				next := strings.Index(got[at:], fmt.Sprintf("%d:%02d", s, i))
				if next < 0 {
					t.Fatalf("sender %d: word %d is missing, or out of order", s, i)
				}
				at += next
			}
		}
	}
	wg.Wait()
}

// Nobody is left without what he was sent when his connection is replaced by one that is not the system's, as TLS does.
func TestRoundAfterUpgrade(t *testing.T) {
	all := audience(t)
	mine, peer := net.Pipe()
	t.Cleanup(func() { peer.Close() })
	all[0].Link().Upgrade(mine, nil)
	all[0].peer = peer
	tell(all, "text", newChain())
	for _, m := range all {
		hear(t, m, "text")
	}
}

// Who talks to a few of many keeps nobody waiting, and all hear everything, in order.
func TestRoundsOfSmallBatches(t *testing.T) {
	all := audience(t)
	const few, words = 4, 100
	var wg sync.WaitGroup
	for first := 0; first < large; first += few {
		wg.Go(func() {
			for i := range words {
				tell(all[first:first+few], fmt.Sprintf("%03d", i), newChain())
			}
		})
	}
	var texts []string
	for i := range words {
		texts = append(texts, fmt.Sprintf("%03d", i))
	}
	for _, m := range all {
		hear(t, m, texts...)
	}
	wg.Wait()
}
