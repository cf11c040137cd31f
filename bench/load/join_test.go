package load

import (
	"fmt"
	"sync/atomic"
	"testing"
)

// BenchmarkJoin fills a room, one occupant after the other: the server's CPU time for each copy of a presence, of which everybody gets
// one of everybody else.
func BenchmarkJoin(b *testing.B) {
	const occupants = 300
	p := start(b)
	crowd := assemble(b, p, occupants)
	before, after := p.busy(func() {
		for b.Loop() {
			crowd.enter()
		}
	})
	report(b, before, after, crowd.copies.Load(), "copy")
	b.ReportMetric(perUnit(after.cpu()-before.cpu(), crowd.rooms*occupants), "server-µs/join")
}

// crowd are clients that go into one room after the other, all of them.
type crowd struct {
	tb      testing.TB
	clients []*client
	rooms   int64        // entered
	copies  atomic.Int64 // of presences that arrived
	seen    chan struct{}
}

// assemble logs clients in.
func assemble(tb testing.TB, p *process, n int) *crowd {
	tb.Helper()
	all := &crowd{tb: tb, seen: make(chan struct{}, 1)}
	seen := func(int) { all.seen <- struct{}{} }
	for range n {
		c := connect(tb, p, false)
		c.watch(counted("</presence>", &all.copies), tapped("<subject", seen), tapped("id='u'", seen))
		all.clients = append(all.clients, c)
	}
	return all
}

// enter fills a new room, one occupant after the other.
func (all *crowd) enter() {
	all.rooms++
	room, n := fmt.Sprint("coven", all.rooms), int64(len(all.clients))
	for i, c := range all.clients {
		c.say(joining(room, fmt.Sprint("nick", i)))
		<-all.seen
		if i == 0 {
			c.say(accepting(room))
			<-all.seen
		}
	}
	await(all.tb, &all.copies, all.rooms*n*n)
}
