package load

import (
	"sync/atomic"
	"testing"
)

// BenchmarkChat is pairs of clients that answer each other at once: the server's CPU time for each message from one to another.
func BenchmarkChat(b *testing.B) {
	const pairs = 50
	p := start(b)
	var messages atomic.Int64
	var left atomic.Int64 // messages that may still be said
	var clients [2 * pairs]*client
	for i := range clients {
		clients[i] = connect(b, p, false)
		clients[i].say("<presence/>")
		clients[i].until("<presence")
	}
	say := func(i int) {
		if left.Add(-1) >= 0 {
			clients[i].say("<message to='" + clients[i^1].jid + "' type='chat' id='a1b2c3'><body>Good pilgrim, you do wrong your hand too much.</body></message>")
		}
	}
	for i, c := range clients {
		c.watch(tapped("</message>", func(n int) {
			messages.Add(int64(n))
			say(i)
		}))
	}
	p.settled()
	before, after := p.busy(func() {
		said := int64(0)
		for b.Loop() {
			const share = 100
			left.Store(pairs * share)
			said += pairs * share
			for i := range pairs {
				say(2 * i)
			}
			await(b, &messages, said)
		}
	})
	report(b, before, after, messages.Load(), "message")
	b.ReportMetric(float64(messages.Load())/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric(0, "ns/op")
	b.Logf("goroutines %d", after.Goroutines)
}
