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
	clients := make([]*client, occupants)
	for i := range clients {
		clients[i] = connect(b, p, false)
	}
	rooms := 0
	var before, after usage
	var copies atomic.Int64
	seen := make(chan struct{}, 1)
	for _, c := range clients {
		c.watch(counted("</presence>", &copies), tapped("<subject", func(int) { seen <- struct{}{} }), tapped("id='u'", func(int) { seen <- struct{}{} }))
	}
	before, after = p.busy(func() {
		for b.Loop() {
			rooms++
			room := fmt.Sprint("coven", rooms)
			for i, c := range clients {
				c.say(joining(room, fmt.Sprint("nick", i)))
				<-seen
				if i == 0 {
					c.say(accepting(room))
					<-seen
				}
			}
			await(b, &copies, int64(rooms)*occupants*occupants)
		}
	})
	report(b, before, after, copies.Load(), "copy")
	b.ReportMetric(perUnit(after.cpu()-before.cpu(), int64(rooms)*occupants), "server-µs/join")
}
