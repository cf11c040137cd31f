package load

import (
	"fmt"
	"sync/atomic"
	"testing"
)

// BenchmarkLogin is ten clients at each turn that log in, enter a room and break their connection, and what that leaves behind.
func BenchmarkLogin(b *testing.B) {
	b.Run("plain", func(b *testing.B) { benchmarkLogin(b, false) })
	b.Run("tls", func(b *testing.B) { benchmarkLogin(b, true) })
}

func benchmarkLogin(b *testing.B, encrypted bool) {
	const clients = 10
	p := start(b)
	resident := connect(b, p, false)
	resident.join("coven", "resident")
	resident.unlock("coven")
	var gone atomic.Int64
	resident.watch(counted("type='unavailable'", &gone))
	times := int64(0)
	turn := func() {
		for i := range clients {
			c := connect(b, p, encrypted)
			c.join("coven", fmt.Sprint("nick", i))
			c.conn.Close()
		}
		times += clients
		await(b, &gone, times)
	}
	for range 20 {
		turn()
	}
	first := times
	before := p.settled()
	for b.Loop() {
		turn()
	}
	after := p.settled()
	b.ReportMetric(per(after.Heap, before.Heap, int(times-first)), "heap-B/login")
	b.ReportMetric(perUnit(after.cpu()-before.cpu(), times-first), "server-µs/login")
	b.ReportMetric(0, "ns/op")
	b.Logf("after %d logins: heap %d → %d KiB, goroutines %d → %d", times-first, before.Heap>>10, after.Heap>>10, before.Goroutines, after.Goroutines)
}
