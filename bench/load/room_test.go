package load

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"
)

const senders = 5

// BenchmarkRoom is a room of 200, and one of 10, in which five talk, each as soon as its last words came back, and 200 rooms of 10 with one who talks
// in each: the server's CPU time for each copy of a message that is delivered, on all cores together and with all that the server and its plugins'
// processes do for it in the kernel.
func BenchmarkRoom(b *testing.B) {
	b.Run("plain", func(b *testing.B) { benchmarkRoom(b, 1, 200, senders, false) })
	b.Run("tls", func(b *testing.B) { benchmarkRoom(b, 1, 200, senders, true) })
	b.Run("ten", func(b *testing.B) { benchmarkRoom(b, 1, 10, senders, false) })
	b.Run("many", func(b *testing.B) { benchmarkRoom(b, 200, 10, 1, false) })
}

func benchmarkRoom(b *testing.B, rooms, occupants, senders int, encrypted bool) {
	p := start(b)
	room := gather(b, p, rooms, occupants, senders, encrypted)
	quiet := p.settled()
	before, after := p.busy(func() {
		for b.Loop() {
			room.speak(1)
		}
		room.listen()
	})
	report(b, before, after, room.copies.Load(), "copy")
	b.ReportMetric(float64(room.copies.Load())/b.Elapsed().Seconds(), "copies/s")
	b.ReportMetric(0, "ns/op")
	still := p.settled()
	b.Logf("heap %d → %d KiB, goroutines %d → %d, %d collections", quiet.Heap>>10, still.Heap>>10, quiet.Goroutines, still.Goroutines,
		after.GCs-before.GCs)
}

// coven is a room full of clients, of whom some talk, or several such rooms.
type coven struct {
	tb        testing.TB
	occupants int
	turns     chan struct{}
	copies    atomic.Int64 // that arrived
	messages  int64        // that were said
}

// gather lets clients into rooms of their own.
func gather(tb testing.TB, p *process, rooms, occupants, senders int, encrypted bool) *coven {
	tb.Helper()
	room := &coven{tb: tb, occupants: occupants, turns: make(chan struct{})}
	for n := range rooms {
		for i := range occupants {
			room.let(connect(tb, p, encrypted), fmt.Sprint("coven", n), i, i < senders)
		}
	}
	p.settled()
	room.copies.Store(0)
	return room
}

// let lets a client in; the first makes the room.
func (room *coven) let(c *client, name string, number int, talks bool) {
	nick := fmt.Sprint("nick", number)
	c.join(name, nick)
	if number == 0 {
		c.unlock(name)
	}
	arrived := counted("</message>", &room.copies)
	if !talks {
		c.watch(arrived)
		return
	}
	echoes := make(chan struct{}, 1)
	c.watch(arrived, tapped("from='"+occupant(name, nick)+"'", func(int) { echoes <- struct{}{} }))
	room.tb.Cleanup(c.talk(name, room.turns, echoes))
}

// speak lets n messages be said.
func (room *coven) speak(n int) {
	for range n {
		room.turns <- struct{}{}
		room.messages++
	}
}

// listen waits until everybody has heard all.
func (room *coven) listen() { await(room.tb, &room.copies, room.messages*int64(room.occupants)) }

// talk says something at each turn, when the last echo has come. It ends with the function returned.
func (c *client) talk(room string, turns, echoes chan struct{}) (stop func()) {
	done := make(chan struct{})
	text := "<message to='" + room + "@" + service + "' type='groupchat' id='b4d1f3a0-6f2e' xml:lang='en'>" +
		"<body>Neither, fair saint, if either thee dislike; I take thee at thy word.</body>" +
		"<active xmlns='http://jabber.org/protocol/chatstates'/><origin-id xmlns='urn:xmpp:sid:0' id='b4d1f3a0-6f2e'/></message>"
	go func() {
		for {
			select {
			case <-turns:
			case <-done:
				return
			}
			c.say(text)
			select {
			case <-echoes:
			case <-done:
				return
			}
		}
	}()
	return func() { close(done) }
}

// await waits until a counter has come to n, or does not move any more.
func await(tb testing.TB, n *atomic.Int64, want int64) {
	tb.Helper()
	for last, still := n.Load(), 0; n.Load() < want; {
		time.Sleep(time.Millisecond)
		if now := n.Load(); now != last {
			last, still = now, 0
		} else if still++; still > 5000 {
			tb.Fatalf("%d of %d came", now, want)
		}
	}
}
