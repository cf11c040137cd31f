// Package collector decides how often garbage is collected, and when memory goes back to the system. Both are the process's, so that it is for
// whoever has a process to himself.
package collector

import (
	"context"
	"os"
	"runtime/debug"
	"time"
)

// Percent is how far the heap grows beyond what is in use before garbage is collected (GOGC). Handlers in Lua make short-lived garbage while
// what is in use stays small: a quarter of the CPU time of filling a large room was collecting at Go's 100 (bench/load).
const Percent = 300

// growingPercent is for times when much of what is made stays, as when many clients log in: what stays would lie scattered among four times as
// much garbage, and the gaps are the server's for as long as it lives.
const growingPercent = 100

// interval is how often the tuner looks.
const interval = time.Second

// Tune sets how garbage is collected, until ctx ends, unless the environment does (GOGC). When the heap comes near half of the machine's memory it is
// collected as often as it takes to stay below, unless the environment sets a limit (GOMEMLIMIT).
func Tune(ctx context.Context) {
	if os.Getenv("GOMEMLIMIT") == "" {
		if memory := availableMemory("/proc/meminfo", "/sys/fs/cgroup/memory.max"); memory > 0 {
			debug.SetMemoryLimit(memory / 2)
		}
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(Percent)
		go watch(ctx)
	}
}

func watch(ctx context.Context) {
	ticks := time.NewTicker(interval)
	defer ticks.Stop()
	t := newTuner(look())
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		before := t.percent
		quiet := t.next(look())
		if t.percent != before {
			debug.SetGCPercent(t.percent)
		}
		if quiet {
			debug.FreeOSMemory()
		}
	}
}
