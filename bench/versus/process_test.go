package main

import (
	"os"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	line := "4711 (beam (smp) 1) S 1 4711 4711 0 -1 4194560 1 2 3 4 150 50 7 8 20 0 1 0 99 1000000 300 18446744073709551615"
	pid, one, err := parseStat([]byte(line))
	if err != nil || pid != 4711 || one.parent != 1 || one.cpu != 2*time.Second || one.rss == 0 {
		t.Errorf("%d, %+v, %v", pid, one, err)
	}
	for _, bad := range []string{"", "1 (x", "1 (x) S 1 2", "x (x) S 1 4711 4711 0 -1 4194560 1 2 3 4 150 50 7 8 20 0 1 0 99 1000000 300 1"} {
		if _, _, err := parseStat([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// TestCPUClock compares the two ways of asking what this process has used.
func TestCPUClock(t *testing.T) {
	before := ownTime()
	got, known := cpuClock(os.Getpid())
	after := ownTime()
	const slack = time.Millisecond // getrusage is a little behind
	if !known || got < before-slack || got > after+slack {
		t.Errorf("%v (%v), want something from %v to %v", got, known, before, after)
	}
	if _, known := cpuClock(1<<22 + 1); known { // above the highest there can be
		t.Error("a process that there is not has used something")
	}
}

func TestDescends(t *testing.T) {
	all := map[int]oneProcess{2: {parent: 1}, 3: {parent: 2}, 4: {parent: 3}, 5: {parent: 1}}
	for pid, want := range map[int]bool{2: true, 3: true, 4: true, 5: false, 1: false, 6: false} {
		if got := descends(all, pid, 2); got != want {
			t.Errorf("%d: %v", pid, got)
		}
	}
}

func TestQuantiles(t *testing.T) {
	var w stopwatch
	if p50, p99, highest := w.quantiles(); p50+p99+highest != 0 {
		t.Error("there is nothing, and something comes out")
	}
	for i := range 100 {
		w.add(time.Duration(i+1) * time.Millisecond)
	}
	if p50, p99, highest := w.quantiles(); p50 != 51 || p99 != 100 || highest != 100 {
		t.Errorf("%v, %v, %v", p50, p99, highest)
	}
}
