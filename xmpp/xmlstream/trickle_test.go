package xmlstream

import (
	"strings"
	"testing"
)

// countingReader hands out one byte a call and counts.
type countingReader struct {
	s string
	n int
}

func (r *countingReader) Read(b []byte) (int, error) {
	b[0] = r.s[r.n%len(r.s)]
	r.n++
	return 1, nil
}

// Input that trickles in must not be looked at again and again: with a limit of a quarter megabyte that would be 2^35 steps, which no
// test would survive.
func TestTrickle(t *testing.T) {
	filler := strings.Repeat("x", 300<<10)
	spaces := strings.Repeat(" ", 300<<10)
	for name, in := range map[string]string{
		"attribute":     "<m a='" + filler,
		"element name":  "<" + filler,
		"space in tag":  "<m" + spaces,
		"text":          "<m>" + filler,
		"CDATA":         "<m><![CDATA[" + filler,
		"end tag":       "<m></m" + spaces,
		"end of stream": "</stream:stream" + spaces,
		"keepalives":    spaces + "<!",
	} {
		r := &countingReader{s: open + in + "<!-- -->"}
		d := NewDecoder(r, Limits{})
		if _, err := d.Stream(); err != nil {
			t.Fatal(err)
		}
		if e, err := d.Next(); outcome(err) != "fault" {
			t.Errorf("%s: got %v, %v", name, e, err)
		}
		if name != "keepalives" && r.n > DefaultLimits.MaxStanza+len(open)+16 {
			t.Errorf("%s: read %d bytes before it gave up", name, r.n)
		}
	}
}
