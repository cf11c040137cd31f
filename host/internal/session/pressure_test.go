package session_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"quatrain/host/internal/session"
	"quatrain/xmpp/stanza"
)

// piped is a session whose peer takes only what the test reads.
func piped(t *testing.T, p *session.Pressure, queue int) (*session.Session, net.Conn) {
	t.Helper()
	conn, peer := net.Pipe()
	s := session.New(session.Config{Conn: conn, Pressure: p, Limits: session.Limits{Queue: queue}, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() {
		s.Destroy()
		peer.Close()
	})
	return s, peer
}

// crowd sends from an occupant of a room until so many bytes wait.
func crowd(t *testing.T, s *session.Session, bytes int) {
	t.Helper()
	st := stanza.Message(strings.Repeat("x", 10000), "from", "room@rooms.example/nick")
	for sent := 0; sent < bytes; sent += 10000 {
		if err := s.Send(t.Context(), st); err != nil {
			t.Fatal(err)
		}
	}
}

// held begins to hold up a sender to the room, and tells whether it is still held up.
func held(ctx context.Context, p *session.Pressure) func() bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.Hold(ctx, "romeo@a.example/x", "room@rooms.example")
	}()
	return func() bool {
		synctest.Wait()
		select {
		case <-done:
			return false
		default:
			return true
		}
	}
}

// TestHoldUntilPeerReads: who sends more than a peer takes waits as long as it reads, and goes on when it has caught up.
func TestHoldUntilPeerReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := session.NewPressure(0)
		s, peer := piped(t, p, 4<<20)
		crowd(t, s, 2<<20)
		read(t, peer, 256<<10)
		crowd(t, s, 10000)
		sender := held(t.Context(), p)
		for range 4 { // more than a quarter of the queue is left
			if !sender() {
				t.Fatal("not held up")
			}
			time.Sleep(time.Second / 2)
			read(t, peer, 128<<10)
		}
		read(t, peer, 1<<20)
		if sender() {
			t.Error("still held up when the peer has caught up")
		}
		if held(t.Context(), p)() {
			t.Error("held up for what is past")
		}
	})
}

// TestHoldLeavesBehind: nobody waits for a peer that does not read, or hardly.
func TestHoldLeavesBehind(t *testing.T) {
	for name, reads := range map[string]func(t *testing.T, peer net.Conn){
		"nothing": func(*testing.T, net.Conn) {},
		"a byte":  func(t *testing.T, peer net.Conn) { read(t, peer, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := session.NewPressure(0)
				s, peer := piped(t, p, 4<<20)
				crowd(t, s, 2<<20)
				read(t, peer, 256<<10)
				crowd(t, s, 10000)
				begin := time.Now()
				sender := held(t.Context(), p)
				for sender() {
					time.Sleep(time.Second / 10)
					reads(t, peer)
				}
				if waited := time.Since(begin); waited > 1500*time.Millisecond {
					t.Errorf("held up for %v by a peer that does not read", waited)
				}
				crowd(t, s, 10000)
				if held(t.Context(), p)() {
					t.Error("held up again")
				}
			})
		})
	}
}

// TestHoldEnds: a peer that goes holds nobody up, nor does the server's end.
func TestHoldEnds(t *testing.T) {
	for name, end := range map[string]func(s *session.Session, cancel func()){
		"session": func(s *session.Session, _ func()) { s.Destroy() },
		"server":  func(_ *session.Session, cancel func()) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				p := session.NewPressure(0)
				s, peer := piped(t, p, 4<<20)
				crowd(t, s, 2<<20)
				read(t, peer, 256<<10)
				crowd(t, s, 10000)
				sender := held(ctx, p)
				if !sender() {
					t.Fatal("not held up")
				}
				if end(s, cancel); sender() {
					t.Error("still held up")
				}
			})
		})
	}
}

// TestPressureIsBounded: however many peers do not read, no more waits for all of them than the limit, and nothing when they are gone.
func TestPressureIsBounded(t *testing.T) {
	const limit, peers = 8 << 20, 200
	p := session.NewPressure(limit)
	st := stanza.Message(strings.Repeat("x", 10000), "from", "room@rooms.example/nick")
	sessions := make([]*session.Session, peers)
	for i := range sessions {
		sessions[i], _ = piped(t, p, 4<<20)
	}
	ended := 0
	for range 1000 {
		for _, s := range sessions {
			if s.Send(t.Context(), st) != nil {
				ended++
			}
		}
		if p.Waiting() > limit {
			t.Fatalf("%d bytes wait, more than %d", p.Waiting(), limit)
		}
	}
	if ended == 0 {
		t.Error("no session has ended")
	}
	for _, s := range sessions {
		s.Destroy()
		s.Drain(t.Context())
	}
	if p.Waiting() != 0 {
		t.Errorf("%d bytes wait for peers that have gone", p.Waiting())
	}
}

// TestPressureLeavesRoom: a peer that reads goes on while many others do not.
func TestPressureLeavesRoom(t *testing.T) {
	p := session.NewPressure(8 << 20)
	st := stanza.Message(strings.Repeat("x", 10000), "from", "room@rooms.example/nick")
	deaf := make([]*session.Session, 50)
	for i := range deaf {
		deaf[i], _ = piped(t, p, 4<<20)
	}
	s, peer := piped(t, p, 4<<20)
	go io.Copy(io.Discard, peer)
	for range 1000 {
		for _, d := range deaf {
			d.Send(t.Context(), st)
		}
		if err := s.Send(t.Context(), st); err != nil {
			t.Fatal(err)
		}
		if err := s.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
