package load

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkIdle is what a bound session takes in the server's memory that has fetched its roster, sent its presence and does nothing more; of
// few and of many.
func BenchmarkIdle(b *testing.B) {
	for name, encrypted := range map[string]bool{"plain": false, "tls": true} {
		for _, sessions := range []int{100, 1000, 10000} {
			b.Run(fmt.Sprint(name, "/", sessions), func(b *testing.B) { benchmarkIdle(b, sessions, encrypted) })
		}
	}
}

// resting is how long it takes until the server lets streams rest on which nothing comes.
const resting = 11 * time.Second

func benchmarkIdle(b *testing.B, sessions int, encrypted bool) {
	p := start(b)
	for range 20 { // for what is made once
		idle(b, p, encrypted)
	}
	before := p.settled()
	for range sessions {
		idle(b, p, encrypted)
	}
	time.Sleep(resting)
	after := p.settled()
	if os.Getenv(profileFile) != "" {
		p.ask("heap")
	}
	for b.Loop() { // there is nothing to repeat
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(per(after.Heap, before.Heap, sessions)/1024, "heap-KiB/session")
	b.ReportMetric(per(after.Stack, before.Stack, sessions)/1024, "stack-KiB/session")
	b.ReportMetric(per(after.RSS, before.RSS, sessions)/1024, "rss-KiB/session")
	b.ReportMetric(float64(after.Goroutines-before.Goroutines)/float64(sessions), "goroutines/session")
}

// idle logs a client in that others see, and that then does nothing.
func idle(b *testing.B, p *process, encrypted bool) {
	c := connect(b, p, encrypted)
	c.say("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq><presence/>")
	c.until("<presence")
}

func per(after, before uint64, n int) float64 { return (float64(after) - float64(before)) / float64(n) }

// BenchmarkChurn is ten clients that join and leave at each turn, and what that leaves behind: under the same nicks in one room, under
// new nicks each time, and in new rooms each time. -benchtime 1000x is 10,000 times.
func BenchmarkChurn(b *testing.B) {
	for name, place := range map[string]func(client, turn int) (room, nick string){
		"same":  func(client, _ int) (room, nick string) { return "coven", fmt.Sprint("nick", client) },
		"nicks": func(client, turn int) (room, nick string) { return "coven", fmt.Sprint("nick", client, "-", turn) },
		"rooms": func(client, turn int) (room, nick string) { return fmt.Sprint("coven", client, "-", turn), "nick" },
	} {
		b.Run(name, func(b *testing.B) { benchmarkChurn(b, place) })
	}
}

func benchmarkChurn(b *testing.B, place func(client, turn int) (room, nick string)) {
	const clients = 10
	p := start(b)
	resident := connect(b, p, false)
	resident.join("coven", "resident")
	resident.unlock("coven")
	resident.watch()
	var answers atomic.Int64
	var crowd []*client
	for range clients {
		c := connect(b, p, false)
		c.watch(counted("id='p'", &answers))
		crowd = append(crowd, c)
	}
	all := func(do func(room, nick string) string, turn int) {
		want := answers.Load() + clients
		for i, c := range crowd {
			// The answer to what comes after it shows that it has been done.
			c.say(do(place(i, turn)) + "<iq type='get' id='p' to='" + domain + "'><ping xmlns='urn:xmpp:ping'/></iq>")
		}
		await(b, &answers, want)
	}
	turns := 0
	turn := func() {
		all(joining, turns)
		all(leaving, turns)
		turns++
	}
	for range 100 {
		turn()
	}
	before, warm := p.settled(), turns
	p.busy(func() {
		for b.Loop() {
			turn()
		}
	})
	after, times := p.settled(), (turns-warm)*clients
	b.ReportMetric(per(after.Heap, before.Heap, times), "heap-B/join")
	b.ReportMetric(perUnit(after.cpu()-before.cpu(), int64(times)), "server-µs/join")
	b.ReportMetric(0, "ns/op")
	b.Logf("after %d joins: heap %d → %d KiB, goroutines %d → %d", times, before.Heap>>10, after.Heap>>10, before.Goroutines, after.Goroutines)
}
