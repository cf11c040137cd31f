package storage

import (
	"fmt"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// benchmarks run on each driver.
func benchmarks(b *testing.B, f func(b *testing.B, m *Manager)) {
	for _, driver := range []string{SQLite, Memory} {
		b.Run(driver, func(b *testing.B) {
			m := New(Options{Dir: b.TempDir(), Default: driver})
			defer m.Close()
			b.ReportAllocs()
			f(b, m)
		})
	}
}

func benchTable(b *testing.B, m *Manager) sdk.KeyvalPlus {
	b.Helper()
	s, err := m.Open(b.Context(), "verona.lit", "s", sdk.KindKeyvalPlus)
	if err != nil {
		b.Fatal(err)
	}
	return s.(sdk.KeyvalPlus)
}

// BenchmarkPut is a write that waits until it is durable, from that many writers at a time.
func BenchmarkPut(b *testing.B) {
	for _, writers := range []int{1, 16} {
		b.Run(fmt.Sprint("writers=", writers), func(b *testing.B) {
			benchmarks(b, func(b *testing.B, m *Manager) {
				s := benchTable(b, m)
				parallel(b, writers, func(w, n int) error {
					return s.SetKey(b.Context(), fmt.Sprint("user", w), "k", n)
				})
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
			})
		})
	}
}

// parallel does b.N things in all.
func parallel(b *testing.B, writers int, do func(w, n int) error) {
	b.ResetTimer()
	done := make(chan error)
	for w := range writers {
		go func() {
			for n := w; n < b.N; n += writers {
				if err := do(w, n); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range writers {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
}

// BenchmarkPutOnChain is a write whose durability somebody waits for later, as when a stanza is handled.
func BenchmarkPutOnChain(b *testing.B) {
	benchmarks(b, func(b *testing.B, m *Manager) {
		s := benchTable(b, m)
		chain := sdk.NewChain(b.Context())
		for b.Loop() {
			if err := s.SetKey(chain, "romeo", "k", "v"); err != nil {
				b.Fatal(err)
			}
		}
		if t := chain.Ticket(); t != nil && t.Wait() != nil {
			b.Error(t.Wait())
		}
	})
}

// BenchmarkGet reads one key.
func BenchmarkGet(b *testing.B) {
	benchmarks(b, func(b *testing.B, m *Manager) {
		s := benchTable(b, m)
		if err := s.SetKey(b.Context(), "romeo", "k", "v"); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := s.GetKey(b.Context(), "romeo", "k"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func benchArchive(b *testing.B, m *Manager) sdk.Archive {
	b.Helper()
	s, err := m.Open(b.Context(), "conference.verona.lit", "log", sdk.KindArchive)
	if err != nil {
		b.Fatal(err)
	}
	return s.(sdk.Archive)
}

func benchMessage() *stanza.Element {
	return stanza.Message("Neither, fair saint, if either thee dislike; I take thee.", "from", "coven@conference.verona.lit/firstwitch", "type", "groupchat").
		AddChild(stanza.New("origin-id", "urn:xmpp:sid:0", "id", "abc-1234"))
}

// BenchmarkAppend adds a message to a room's archive, on a chain.
func BenchmarkAppend(b *testing.B) {
	benchmarks(b, func(b *testing.B, m *Manager) {
		s, st := benchArchive(b, m), benchMessage()
		chain := sdk.NewChain(b.Context())
		for b.Loop() {
			if _, err := s.Append(chain, "coven", "", st, time.Time{}, "message<groupchat"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkFindLast is the newest page of 50 messages of 10,000.
func BenchmarkFindLast(b *testing.B) {
	benchmarks(b, func(b *testing.B, m *Manager) {
		s, st := benchArchive(b, m), benchMessage()
		chain := sdk.NewChain(b.Context())
		for n := range 10000 {
			if _, err := s.Append(chain, "coven", fmt.Sprint(n), st, time.Unix(int64(n), 0), ""); err != nil {
				b.Fatal(err)
			}
		}
		if t := chain.Ticket(); t != nil && t.Wait() != nil {
			b.Fatal(t.Wait())
		}
		for b.Loop() {
			if found, _, err := s.Find(b.Context(), "coven", sdk.ArchiveQuery{Reverse: true, Limit: 50}); err != nil || len(found) != 50 {
				b.Fatal(len(found), err)
			}
		}
	})
}
