package interop

import (
	"os"
	"strings"
	"testing"
	"time"
)

// Who sends faster than the limit is read more slowly, and loses nothing; who has none is not. Debian's mod_limits, and ours.
func TestLimits(t *testing.T) {
	limited := func(t *testing.T, address string) {
		slow, fast := online(t, address, "romeo@localhost", "slow"), online(t, address, "juliet@localhost", "fast")
		// Three messages of 4 kB at 4 kB/s: the ping behind them can be read two seconds after they were, at the earliest.
		if d := talk(slow); d < 2*time.Second {
			t.Errorf("with a limit it took %v", d)
		}
		if d := talk(fast); d > 2*time.Second {
			t.Errorf("without a limit it took %v", d)
		}
	}
	t.Run("ours", func(t *testing.T) {
		text, err := os.ReadFile("testdata/streams/limits_ours.toml")
		if err != nil {
			t.Fatal(err)
		}
		limited(t, addressOf(configuredServer(t, string(text))))
	})
	onBoth(t, "testdata/streams/limits.toml", limited)
}

// talk sends 12 kB, waits for what was sent last to be answered, and returns how long that took.
func talk(w *wire) time.Duration {
	w.t.Helper()
	begin := time.Now()
	for range 3 {
		w.send("<message to='escalus@localhost' type='headline'><body>" + strings.Repeat("x", 4000) + "</body></message>")
	}
	w.ping("heard")
	return time.Since(begin)
}
