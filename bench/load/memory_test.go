package load

import (
	"fmt"
	"sync/atomic"
	"testing"
)

// BenchmarkIdle is what a bound session that does nothing takes in the server's memory.
func BenchmarkIdle(b *testing.B) {
	const sessions = 1500
	for name, encrypted := range map[string]bool{"plain": false, "tls": true} {
		b.Run(name, func(b *testing.B) {
			p := start(b)
			connect(b, p, encrypted) // for what is made once
			before := p.settled()
			for range sessions {
				connect(b, p, encrypted)
			}
			after := p.settled()
			for b.Loop() { // there is nothing to repeat
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(per(after.Heap, before.Heap, sessions)/1024, "heap-KiB/session")
			b.ReportMetric(per(after.Stack, before.Stack, sessions)/1024, "stack-KiB/session")
			b.ReportMetric(per(after.RSS, before.RSS, sessions)/1024, "rss-KiB/session")
			b.ReportMetric(float64(after.Goroutines-before.Goroutines)/sessions, "goroutines/session")
		})
	}
}

func per(after, before uint64, n int) float64 { return (float64(after) - float64(before)) / float64(n) }

// BenchmarkChurn is ten clients that join and leave a room at each turn, and what that leaves behind; -benchtime 1000x is 10,000 times.
func BenchmarkChurn(b *testing.B) {
	const clients = 10
	p := start(b)
	resident := connect(b, p, false)
	resident.join("coven", "resident")
	resident.unlock("coven")
	var arrived, left atomic.Int64
	resident.watch(counted("type='unavailable'", &left), counted("<x xmlns='http://jabber.org/protocol/muc#user'", &arrived))
	var crowd []*client
	for range clients {
		c := connect(b, p, false)
		c.watch()
		crowd = append(crowd, c)
	}
	turn := func() {
		joined, gone := arrived.Load()+clients, left.Load()+clients
		for i, c := range crowd {
			c.say(joining("coven", fmt.Sprint("nick", i)))
		}
		await(b, &arrived, joined)
		for i, c := range crowd {
			c.say(leaving("coven", fmt.Sprint("nick", i)))
		}
		await(b, &left, gone)
		await(b, &arrived, joined+clients)
	}
	for range 100 {
		turn()
	}
	before, times := p.settled(), 0
	p.busy(func() {
		for b.Loop() {
			turn()
			times += clients
		}
	})
	after := p.settled()
	b.ReportMetric(per(after.Heap, before.Heap, times), "heap-B/join")
	b.ReportMetric(perUnit(after.cpu()-before.cpu(), int64(times)), "server-µs/join")
	b.ReportMetric(0, "ns/op")
	b.Logf("after %d joins: heap %d → %d KiB, goroutines %d → %d", times, before.Heap>>10, after.Heap>>10, before.Goroutines, after.Goroutines)
}
