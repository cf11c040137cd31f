package wire

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// benchTarget is a side that can be called.
type benchTarget func(ctx context.Context, c *Invocation) ([]any, error)

func (t benchTarget) Invoke(ctx context.Context, c *Invocation) ([]any, error) { return t(ctx, c) }

// benchSession is where a stanza comes from.
type benchSession struct {
	sdk.Session
	number int
}

func (s *benchSession) ID() string       { return fmt.Sprint("c2s", s.number) }
func (s *benchSession) Type() string     { return sdk.TypeC2S }
func (s *benchSession) Username() string { return "romeo" }
func (s *benchSession) Host() string     { return "montague.example" }
func (s *benchSession) Resource() string { return s.ID() }
func (s *benchSession) JID() string      { return "romeo@montague.example/" + s.ID() }

// ends are the two sides of a socket.
func ends(b *testing.B, server, plugin Options) (*Peer, *Peer) {
	b.Helper()
	l, err := net.Listen("unix", filepath.Join(b.TempDir(), "s"))
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	near, err := net.Dial("unix", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	far, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { near.Close(); far.Close() })
	s, p := NewPeer(newSocket(near, 1<<20), server), NewPeer(newSocket(far, 1<<20), plugin)
	go s.Run(nil)
	go p.Run(nil)
	return s, p
}

// BenchmarkRoom is what both sides do for a message in one of many rooms: it goes to the plugin, which sends a copy of it to everybody in the room
// and answers. Nobody hears it.
func BenchmarkRoom(b *testing.B) {
	const rooms, people = 200, 10
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	everybody, sessions := make([][]string, rooms), make([]*benchSession, rooms)
	for r := range rooms {
		sessions[r] = &benchSession{number: r}
		for i := range people {
			everybody[r] = append(everybody[r], fmt.Sprintf("romeo%d@montague.example/room%d", i, r))
		}
	}
	var plugin *Peer
	server, plugin := ends(b, Options{HandOn: true, TakesSessions: true, Timeout: time.Minute, Credit: 4 << 20, Log: log, Root: benchTarget(func(_ context.Context, c *Invocation) ([]any, error) {
		if len(c.Args.Texts(0)) != people || c.Args.Stanza(1) == nil {
			b.Error("not what was sent")
		}
		return nil, nil
	})}, Options{Cork: time.Second, Timeout: time.Minute, CreditGiven: 4 << 20, Log: log, Root: benchTarget(func(ctx context.Context, c *Invocation) ([]any, error) {
		var room int
		st := c.Event.Stanza
		fmt.Sscan(st.ID(), &room)
		st.SetAttr("from", st.To()+"/romeo")
		return []any{true}, plugin.CastTo(ctx, Lane(st.From()), 0, "Broadcast", everybody[room], st)
	})})
	free := make(chan int, rooms)
	for r := range rooms {
		free <- r
	}
	b.ReportAllocs()
	for b.Loop() {
		room := <-free
		st := stanza.Message("Neither, fair saint, if either thee dislike; I take thee at thy word.", "from", sessions[room].JID(), "to", fmt.Sprintf("room%d@rooms.example", room), "type", "groupchat", "id", fmt.Sprint(room))
		st.Tag("active", "http://jabber.org/protocol/chatstates").Up().Tag("origin-id", "urn:xmpp:sid:0", "id", "b4d1f3a0-6f2e").Reset()
		ev := sdk.StanzaEvent("message/bare", sessions[room], st)
		if err := server.Defer(sdk.NewChain(context.Background()), Request{Lane: Lane(st.To()), Wait: time.Minute, Event: ev}, func(_ []any, err error) {
			if err != nil {
				b.Error(err)
			}
			free <- room
		}); err != nil {
			b.Fatal(err)
		}
	}
	for range rooms {
		<-free
	}
}
