package remote

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"quatrain/xmpp/stanza"
)

// TestShareOf: large stanzas take as much of the window as small ones of their size, and no stanza more than there is.
func TestShareOf(t *testing.T) {
	p := New(Options{Window: 16})
	for length, want := range map[int]int64{10: 1, unit: 2, 9 * unit: 10, 100 * unit: 16} {
		if got := p.shareOf(stanza.Message(strings.Repeat("x", length))); got != want {
			t.Errorf("%d bytes: %d, want %d", length, got, want)
		}
	}
	if got := p.shareOf(nil); got != 1 {
		t.Error(got)
	}
}

// TestEnter: a sender waits while the plugin has as much as it may have, and is refused if that lasts too long.
func TestEnter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Options{Name: "rooms", Window: 16, LateTimeout: time.Minute})
		for _, share := range []int64{10, 6} {
			if err := p.enter(t.Context(), share); err != nil {
				t.Fatal(err)
			}
		}
		entered := make(chan error)
		go func() { entered <- p.enter(t.Context(), 8) }()
		synctest.Wait()
		p.window.Release(6)
		synctest.Wait()
		select {
		case err := <-entered:
			t.Fatal("more than there is room for", err)
		default:
		}
		p.window.Release(10)
		if err := <-entered; err != nil {
			t.Fatal(err)
		}
		var refused *stanza.Error
		if err := p.enter(t.Context(), 9); !errors.As(err, &refused) || refused.Condition != stanza.ResourceConstraint {
			t.Errorf("%v", err)
		}
		p.window.Release(8)
		p.settle()
		if !p.window.TryAcquire(16) {
			t.Error("something is left after all have left")
		}
	})
}
