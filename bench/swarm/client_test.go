package swarm

import (
	"testing"
	"time"
)

// TestCount cuts a text at each place: what is looked for is found once, in whichever piece it ends.
func TestCount(t *testing.T) {
	text := "<message><body>hello</body></message><message></message></mess"
	for cut := range len(text) {
		for _, second := range []int{1, 3, len(text)} {
			n := 0
			c := &Client{}
			piece := watched{[]byte("</message>"), func(k int, _ time.Time) { n += k }}
			c.pieces, c.keep = []watched{piece}, len(piece.text)-1
			c.count([]byte(text[:cut]))
			end := min(len(text), cut+second)
			c.count([]byte(text[cut:end]))
			c.count([]byte(text[end:] + "age>"))
			if n != 3 {
				t.Errorf("cut at %d and %d: %d found, want 3", cut, end, n)
			}
		}
	}
}
