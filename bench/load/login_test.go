package load

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/xdg-go/scram"

	"quatrain/bench/swarm"
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

// BenchmarkAccount is eight people with accounts who connect, log in, bind a resource and leave, each again and again.
func BenchmarkAccount(b *testing.B) {
	for name, dial := range map[string]func(address, host string) (*swarm.Login, error){"plain": swarm.Dial, "tls": swarm.DialTLS} {
		b.Run("scram/"+name, func(b *testing.B) { benchmarkAccount(b, dial, true) })
		b.Run("password/"+name, func(b *testing.B) { benchmarkAccount(b, dial, false) })
	}
}

func benchmarkAccount(b *testing.B, dial func(address, host string) (*swarm.Login, error), withSCRAM bool) {
	const people = 8
	p := start(b)
	visits := make([]func() error, people)
	for i := range visits {
		visits[i] = newVisit(b, p, dial, fmt.Sprint("visitor", i), withSCRAM)
		must(b, visits[i]())
	}
	before, after := p.busy(func() {
		for b.Loop() {
			var all sync.WaitGroup
			for _, visit := range visits {
				all.Go(func() {
					if err := visit(); err != nil {
						b.Error(err)
					}
				})
			}
			all.Wait()
		}
	})
	report(b, before, after, int64(b.N)*people, "login")
	b.ReportMetric(0, "ns/op")
}

// newVisit makes an account, and what logs it in once.
func newVisit(b *testing.B, p *process, dial func(address, host string) (*swarm.Login, error), name string, withSCRAM bool) func() error {
	const password = "wherefore art thou"
	l, err := swarm.Dial(p.Plain, members)
	must(b, err)
	must(b, l.Register(name, password))
	must(b, l.Close())
	account, err := scram.SHA1.NewClient(name, password, "")
	must(b, err)
	return func() error {
		l, err := dial(p.Plain, members)
		if err != nil {
			return err
		}
		defer l.Close()
		if withSCRAM {
			err = l.SCRAM(members, account, "")
		} else {
			err = l.Plain(members, name, password, "")
		}
		if err != nil {
			return err
		}
		return l.Say("</stream:stream>")
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
