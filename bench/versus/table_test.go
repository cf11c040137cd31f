package main

import (
	"strings"
	"testing"
)

func TestMarkdown(t *testing.T) {
	got := markdown([][]string{{"a", "µs"}, {"long", "1"}})
	want := "| a    | µs |\n|------|----|\n| long | 1  |\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestSummary(t *testing.T) {
	r := newReport()
	r.add("fanout", "prosody", result{CPU: 52})
	r.add("fanout", "quatrain-go", result{CPU: 4})
	got := r.summary()
	if !strings.Contains(got, "52.0 µs") || !strings.Contains(got, "4.00 µs") || !strings.Contains(got, "**13×** (≥ 12×)") {
		t.Errorf("a row lacks figures:\n%s", got)
	}
	if n := strings.Count(got, "\n"); n != 3 {
		t.Errorf("%d lines, want a head and one row of what was measured:\n%s", n, got)
	}
}

func TestDetails(t *testing.T) {
	r := newReport()
	r.add("module", "quatrain-lua", result{CPU: 2.5, RSS: 64 << 20})
	got := r.details()
	for _, want := range []string{"`module`", "| 2.50 ", "| 64 ", "its modules are not Lua"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	if strings.Contains(got, "`fanout`") {
		t.Error("a scenario stands there that was not measured")
	}
}

func TestFigure(t *testing.T) {
	for v, want := range map[float64]string{0: "", 0.123: "0.12", 9.99: "9.99", 12.34: "12.3", 1234.5: "1234"} {
		if got := figure(v); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
}
