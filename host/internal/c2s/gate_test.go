package c2s

import (
	"context"
	"testing"
	"time"
)

func TestGate(t *testing.T) {
	tests := map[string]struct {
		set         func(g *gate)
		least, most time.Duration
	}{
		"no limit":      {func(g *gate) { g.count(1 << 20) }, 0, time.Second},
		"limit":         {func(g *gate) { g.limit(1000, 0); g.count(100) }, 99 * time.Millisecond, 10 * time.Second},
		"within burst":  {func(g *gate) { g.limit(1000, time.Minute); g.count(30000) }, 0, time.Second},
		"beyond burst":  {func(g *gate) { g.limit(1000, time.Second); g.count(1100) }, 99 * time.Millisecond, 10 * time.Second},
		"limit undone":  {func(g *gate) { g.limit(1, 0); g.count(1000); g.limit(0, 0) }, 0, time.Second},
		"shut for good": {func(g *gate) { g.close(); g.free() }, 0, time.Second},
		"opened":        {func(g *gate) { g.close(); g.open() }, 0, time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := newGate()
			test.set(g)
			begin := time.Now()
			g.wait(context.Background())
			if d := time.Since(begin); d < test.least || d > test.most {
				t.Errorf("waited %v, want %v to %v", d, test.least, test.most)
			}
		})
	}
}
