package wire

import (
	"fmt"
	"strings"
	"testing"
)

func presenceOf(n int) []byte {
	return fmt.Appendf(nil, "<presence from='room@a.example/%d'><status>%s</status></presence>", n, strings.Repeat("x", 1000))
}

// What comes again is not read again, and what is kept has a bound.
func TestPrints(t *testing.T) {
	var c prints
	of := func(n int) any {
		p, err := c.of(presenceOf(n))
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("room@a.example/%d", n); p.From() != want || string(p.Bytes()) != string(presenceOf(n)) {
			t.Fatalf("got %s from %q, want it from %q", p.Bytes(), p.From(), want)
		}
		return p
	}
	first, second := of(0), of(1)
	const generation = printsBytes / 1000
	for n := range generation {
		if of(0) != first {
			t.Fatalf("after %d others one that is used is read again", n)
		}
		of(2 + n)
	}
	for n := range generation {
		of(2 + generation + n)
	}
	if of(1) == second {
		t.Error("one that is not used is kept for ever")
	}
	if kept := len(c.young) + len(c.old); kept > 2*generation {
		t.Errorf("%d are kept, each of 1,000 bytes", kept)
	}
}

func TestPrintsOfNothing(t *testing.T) {
	var c prints
	for _, xml := range []string{"", "hello", "<presence", "<presence/><presence/>"} {
		if p, err := c.of([]byte(xml)); err == nil {
			t.Errorf("%q was read as %s", xml, p.Bytes())
		}
	}
	if len(c.young) > 0 {
		t.Error("what is wrong is kept")
	}
}
