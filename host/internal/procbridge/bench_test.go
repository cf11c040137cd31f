package procbridge_test

import (
	"context"
	"testing"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// benched is a plugin for measuring: it vetoes nothing, and takes messages.
type benched struct{}

func (benched) Load(_ context.Context, m sdk.Module) error {
	m.Hook("veto", 0, func(context.Context, *sdk.Event) (any, error) { return nil, nil })
	m.Hook("fan-out", 0, func(ctx context.Context, ev *sdk.Event) (any, error) {
		return true, m.Broadcast(ctx, recipients, ev.Stanza)
	})
	m.Hook("own", 0, func(ctx context.Context, ev *sdk.Event) (any, error) {
		for range 1000 {
			if _, err := m.Fire(ctx, sdk.NewEvent("mine", "n", 1.0)); err != nil {
				return nil, err
			}
		}
		return true, nil
	})
	m.Hook("mine", 0, func(context.Context, *sdk.Event) (any, error) { return nil, nil })
	m.Serve("message/bare", 0, func(context.Context, *sdk.Event) (any, error) { return true, nil })
	return nil
}

var recipients = []string{"romeo@a.example/x", "juliet@b.example/y"}

func message() *stanza.Element {
	m := stanza.Message("But soft, what light through yonder window breaks?", "to", "room@a.example", "from", "romeo@b.example/orchard", "type", "groupchat", "id", "m1")
	return m.Tag("active", "http://jabber.org/protocol/chatstates").Up().Tag("origin-id", "urn:xmpp:sid:0", "id", "6b1fd0a5").Reset()
}

// BenchmarkVeto is a hook that somebody waits for: to the plugin's process and back.
func BenchmarkVeto(b *testing.B) {
	s := newBenchStage(b)
	b.Run("alone", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.buses["a.example"].Fire(sdk.NewChain(context.Background()), sdk.StanzaEvent("veto", nil, message())); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("beside each other", func(b *testing.B) {
		b.SetParallelism(16)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := s.buses["a.example"].Fire(sdk.NewChain(context.Background()), sdk.StanzaEvent("veto", nil, message())); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

func newBenchStage(b *testing.B) *stage {
	s := newStage(b, nil)
	s.load("benched")
	return s
}

// counted counts the answers to stanzas that nobody waits for.
type counted chan struct{}

func (c counted) Finish(context.Context, any, error) { c <- struct{}{} }

// BenchmarkDeferred is a stream of stanzas for which the plugin is there.
func BenchmarkDeferred(b *testing.B) {
	s := newBenchStage(b)
	done := make(counted, 1<<16)
	b.ResetTimer()
	under := 0
	for range b.N {
		ev := sdk.StanzaEvent("message/bare", nil, message())
		ev.AcceptLate(done)
		if _, err := s.buses["a.example"].Fire(sdk.NewChain(context.Background()), ev); err != nil {
			b.Fatal(err)
		}
		if under++; under == 512 {
			<-done
			under--
		}
	}
	for ; under > 0; under-- {
		<-done
	}
}

// BenchmarkOwnEvent is an event that only the plugin itself hooks: it does not leave the process. One operation is 1000 of them.
func BenchmarkOwnEvent(b *testing.B) {
	s := newBenchStage(b)
	for b.Loop() {
		if _, err := s.buses["a.example"].Fire(sdk.NewChain(context.Background()), sdk.NewEvent("own")); err != nil {
			b.Fatal(err)
		}
	}
}
