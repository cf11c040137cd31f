package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
)

// elements reads a picture, which must be well-formed and have no figure that is none or beside it, and counts its elements.
func elements(t *testing.T, picture []byte) map[string]int {
	t.Helper()
	count := map[string]int{}
	for d := xml.NewDecoder(strings.NewReader(string(picture))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return count
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, picture)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		count[start.Name.Local]++
		for _, a := range start.Attr {
			if a.Name.Local == "x" || a.Name.Local == "y" || a.Name.Local == "width" || a.Name.Local == "height" {
				if v, err := strconv.ParseFloat(a.Value, 64); err != nil || v < 0 || v > 2000 {
					t.Errorf("<%s %s='%s'>", start.Name.Local, a.Name.Local, a.Value)
				}
			}
		}
	}
}

func TestBars(t *testing.T) {
	r := newReport()
	if n := elements(t, r.bars())["rect"]; n != 0 {
		t.Errorf("%d bars of nothing", n)
	}
	r.add("fanout", "prosody", result{CPU: 50})
	r.add("fanout", "ejabberd", result{CPU: 500}) // longer than the space
	r.add("fanout", "quatrain-go", result{CPU: 0})
	r.add("idle", "prosody", result{Idle: 30})
	r.add("idle", "quatrain-go", result{Idle: -1})
	r.add("c2c", "quatrain-go", result{CPU: 3}) // there is nothing to draw it beside
	if n := elements(t, r.bars())["rect"]; n != 5 {
		t.Errorf("%d bars, want 5:\n%s", n, r.bars())
	}
}

func TestCurves(t *testing.T) {
	elements(t, curves(nil))
	all := []curve{
		{Title: "a < b", Of: "rooms", Unit: "µs", Series: []series{{"quatrain-go", []point{{0, 1}, {10, 2}, {100, 3}}}, {"quatrain-lua", []point{{0, 0}}}}},
		{Title: "one point", Series: []series{{"quatrain-go", []point{{10, 0}}}}},
		{Title: "none"},
	}
	if n := elements(t, curves(all))["circle"]; n != 5 {
		t.Errorf("%d points, want 5", n)
	}
	if got := tables(all[:1]); !strings.Contains(got, "| Quatrain, Go  | 1.00 | 2.00 | 3.00 |") {
		t.Errorf("the table:\n%s", got)
	}
}

func TestRoundUp(t *testing.T) {
	for v, want := range map[float64]float64{-1: 1, 0: 1, 0.03: 0.05, 1: 1, 1.1: 2, 4: 5, 7: 10, 120: 200} {
		if got := roundUp(v); got < want*0.999 || got > want*1.001 {
			t.Errorf("%v: got %v, want %v", v, got, want)
		}
	}
}
