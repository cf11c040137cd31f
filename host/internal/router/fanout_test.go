package router_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"quatrain/host/internal/event"
	"quatrain/host/internal/router"
	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// sinkVariable tells the test binary to be the peers of a benchmark: so many connections to the address, read and forgotten. They
// are another process, so that what reading costs is not counted.
const sinkVariable = "QUATRAIN_BENCH_SINK"

func TestMain(m *testing.M) {
	if spec := os.Getenv(sinkVariable); spec != "" {
		sink(spec)
		return
	}
	os.Exit(m.Run())
}

func sink(spec string) {
	address, count, _ := strings.Cut(spec, " ")
	var n int
	fmt.Sscan(count, &n)
	for range n {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		go io.Copy(io.Discard, conn)
	}
	fmt.Println("ready")
	bufio.NewReader(os.Stdin).ReadString('\n') // until the benchmark ends
}

// crowd is a router with n bound sessions whose peers are another process.
func crowd(b *testing.B, n int) (*router.Router, []*session.Session, []string) {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", sinkVariable, listener.Addr(), n))
	stdin, _ := cmd.StdinPipe()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		stdin.Close()
		cmd.Wait()
	})
	r := newRouter()
	var sessions []*session.Session
	var jids []string
	for i := range n {
		conn, err := listener.Accept()
		if err != nil {
			b.Fatal(err)
		}
		s := session.New(session.Config{Host: "a.example", IP: "127.0.0.1", Conn: conn, Log: slog.New(slog.DiscardHandler)})
		b.Cleanup(s.Destroy)
		s.Authenticated(fmt.Sprintf("user%d", i), "")
		if err := r.Bind(context.Background(), s, "r", router.BindOptions{}); err != nil {
			b.Fatal(err)
		}
		sessions, jids = append(sessions, s), append(jids, s.JID())
	}
	return r, sessions, jids
}

// newRouter has a.example, with a message delivery like the core's, and the component rooms.example.
func newRouter() *router.Router {
	log := slog.New(slog.DiscardHandler)
	r := router.New(event.NewBus(log, nil), log)
	bus := event.NewBus(log, nil)
	bus.Add(sdk.Hook{Event: "message/full", Priority: -1, Delivery: true, Handler: func(ctx context.Context, ev *sdk.Event) (any, error) {
		if s := r.Session(ev.Stanza.To()); s != nil {
			s.Send(ctx, ev.Stanza)
		}
		return true, nil
	}})
	r.AddHost("a.example", sdk.HostLocal, bus)
	r.AddHost("rooms.example", sdk.HostComponent, event.NewBus(log, nil))
	return r
}

func parse(t testing.TB, text string) *stanza.Element {
	t.Helper()
	st, err := xmlstream.ParseElement([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return st
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkFanout is the server's CPU per delivered copy of a message to a room of 200 over loopback, in whole bursts as of speakers
// whose stanzas come together.
func BenchmarkFanout(b *testing.B) {
	for _, mode := range []struct {
		name  string
		burst int
		pause time.Duration
	}{{"one, 200 per second", 1, 5 * time.Millisecond}, {"bursts of 5", 5, 10 * time.Millisecond}, {"saturated", 20, 0}} {
		b.Run(mode.name, func(b *testing.B) {
			r, sessions, jids := crowd(b, 200)
			st := stanza.Message(strings.Repeat("x", 220), "from", "room@rooms.example/nick", "type", "groupchat", "id", "0123456789")
			st.AddChild(stanza.New("stanza-id", "urn:xmpp:sid:0", "by", "room@rooms.example", "id", "0123456789"))
			ticker := time.NewTicker(max(mode.pause, 1))
			defer ticker.Stop()
			start, copies := cpu(), 0
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				chain := sdk.NewChain(context.Background())
				uncork := session.Cork(chain)
				for range mode.burst {
					if err := r.Broadcast(chain, "rooms.example", jids, st); err != nil {
						b.Fatal(err)
					}
				}
				uncork()
				copies += mode.burst * len(jids)
				if mode.pause > 0 {
					<-ticker.C
				} else if n%10 == 0 {
					for _, s := range sessions { // no faster than the peers read
						if err := s.Drain(chain); err != nil {
							b.Fatal(err)
						}
					}
				}
			}
			b.ReportMetric(float64((cpu()-start).Nanoseconds())/float64(copies), "cpu-ns/copy")
			b.ReportMetric(float64(copies)/b.Elapsed().Seconds(), "copies/s")
		})
	}
}
