package load

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// floor in the environment makes the server one that knows no XMPP (JSON of floorPlan).
const floor = "QUATRAIN_BENCH_FLOOR"

// floorPlan is what the bare server does: for each In bytes of a client it writes Out bytes to everybody in the client's group, in one write each.
type floorPlan struct {
	In, Out int
	Others  bool // but for the client itself; those answer
	Stored  int  // before it writes, so many bytes are stored, in one transaction for all who wait; 0: nothing is
	Each    bool // each write has a goroutine of its own; else one writes to all in turn
}

// BenchmarkFloor is what no server can do without: a loop that reads as many bytes as ours and writes as many to as many connections, and does
// nothing else, in place of BenchmarkRoom/plain, Room/many, Join, Chat and Register. In the one room a write is for four messages, which is what
// ours comes to. A copy of presence is one while 300 are in the room. In the open ones somebody talks 25 times a second, so that clients sleep and caches are
// cold each time.
func BenchmarkFloor(b *testing.B) {
	const message, copied = 300, 380 // bytes
	const pace = time.Second / 25
	b.Run("fanout", func(b *testing.B) { benchmarkFloor(b, floorPlan{In: 4 * message, Out: 4 * copied}, 1, 200, 4, 0) })
	b.Run("rooms", func(b *testing.B) { benchmarkFloor(b, floorPlan{In: message, Out: copied}, 200, 10, 1, 0) })
	b.Run("join", func(b *testing.B) { benchmarkFloor(b, floorPlan{In: 120, Out: 420}, 1, 300, 1, 0) })
	b.Run("chat", func(b *testing.B) { benchmarkFloor(b, floorPlan{In: 150, Out: 220, Others: true}, 50, 2, 1, 0) })
	// The answer and what the owner is told, in one write.
	b.Run("register", func(b *testing.B) {
		benchmarkFloor(b, floorPlan{In: 310, Out: 380, Stored: 100 * 60}, registering, 1, 1, 0)
	})
	b.Run("login", func(b *testing.B) { benchmarkFloorLogin(b, floorPlan{In: 150, Out: 350}, 5, 8) })
	b.Run("open", func(b *testing.B) { benchmarkFloor(b, floorPlan{In: message, Out: copied}, 1, 200, 1, pace) })
	b.Run("open/each", func(b *testing.B) {
		benchmarkFloor(b, floorPlan{In: message, Out: copied, Each: true}, 1, 200, 1, pace)
	})
}

func benchmarkFloor(b *testing.B, plan floorPlan, groups, members, together int, pause time.Duration) {
	text, _ := json.Marshal(plan)
	p := start(b, floor+"="+string(text))
	var bytes atomic.Int64
	turns, said := make(chan struct{}), int64(0)
	for g := range groups {
		for m := range members {
			c := &client{tb: b, conn: dial(b, p, false)}
			b.Cleanup(func() { c.conn.Close() })
			c.say(fmt.Sprintf("%08d", g))
			c.until("!") // from now on it is in the group
			go c.echo(plan, &bytes, turns, m == 0)
		}
	}
	receivers := int64(members) // or, of two who answer each other, one each time
	before, after := p.busy(func() {
		for b.Loop() {
			time.Sleep(pause)
			turns <- struct{}{}
			said++
		}
		await(b, &bytes, said*receivers*int64(plan.Out))
	})
	report(b, before, after, said*receivers*int64(together), "copy")
	b.ReportMetric(0, "ns/op")
}

// echo says something at each turn as soon as the last words have come back, or an answer to them. Where words go to others, who does not talk
// answers.
func (c *client) echo(plan floorPlan, bytes *atomic.Int64, turns chan struct{}, talks bool) {
	heard := make(chan struct{}, 1)
	if talks {
		go func() {
			for range turns {
				if _, err := c.conn.Write(make([]byte, plan.In)); err != nil {
					return
				}
				<-heard
			}
		}()
	}
	buf, own := make([]byte, 32<<10), 0
	for {
		n, err := c.conn.Read(buf)
		if err != nil {
			return
		}
		bytes.Add(int64(n))
		for own += n; own >= plan.Out; own -= plan.Out {
			switch {
			case talks:
				heard <- struct{}{}
			case plan.Others:
				c.conn.Write(make([]byte, plan.In)) // a failure shows at the next read
			}
		}
	}
}

// floorServer keeps the connections of each group.
type floorServer struct {
	plan  floorPlan
	store *floorStore // nil if nothing is stored

	mu     sync.RWMutex // guards groups
	groups map[string][]net.Conn
}

// runFloor is runServer for the bare server.
func runFloor(plan string, in io.Reader, out io.Writer) error {
	s := &floorServer{groups: map[string][]net.Conn{}}
	if err := json.Unmarshal([]byte(plan), &s.plan); err != nil {
		return err
	}
	if s.plan.Stored > 0 {
		dir, err := os.MkdirTemp("", "quatrain-floor-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if s.store, err = openFloorStore(dir, s.plan.Stored); err != nil {
			return err
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return answer(hello{Plain: l.Addr().String()}, in, out)
}

func (s *floorServer) serve(conn net.Conn) {
	defer conn.Close()
	name := make([]byte, 8)
	if _, err := io.ReadFull(conn, name); err != nil {
		return
	}
	group := string(name)
	s.mu.Lock()
	s.groups[group] = append(s.groups[group], conn)
	s.mu.Unlock()
	conn.Write([]byte("!"))
	buf, copied, have := make([]byte, 4<<10), make([]byte, s.plan.Out), 0
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		for have += n; have >= s.plan.In; have -= s.plan.In {
			if s.store != nil && s.store.write() != nil {
				return
			}
			s.send(group, conn, copied)
		}
	}
}

func (s *floorServer) send(group string, from net.Conn, copied []byte) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all sync.WaitGroup
	defer all.Wait()
	for _, to := range s.groups[group] {
		switch {
		case to == from && s.plan.Others:
		case s.plan.Each:
			all.Go(func() { to.Write(copied) })
		default:
			to.Write(copied)
		}
	}
}
