package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
)

// gcPercent lets the heap grow to four times what is in use before garbage is collected, instead of twice. Handlers in Lua make short-lived
// garbage while what is in use stays small: a quarter of the CPU time of filling a large room was collecting (bench/load).
const gcPercent = 300

// tuneCollector sets how garbage is collected, unless the environment does (GOGC, GOMEMLIMIT). When the heap comes near half of the
// machine's memory it is collected as often as it takes to stay below.
func tuneCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	if memory := availableMemory("/proc/meminfo", "/sys/fs/cgroup/memory.max"); memory > 0 {
		debug.SetMemoryLimit(memory / 2)
	}
}

// availableMemory is how many bytes the machine has, or the container if that has less; 0 if nobody says.
func availableMemory(machine, container string) (memory int64) {
	if text, err := os.ReadFile(machine); err == nil {
		var kib int64
		_, rest, _ := bytes.Cut(text, []byte("MemTotal:"))
		fmt.Sscan(string(rest), &kib)
		memory = kib << 10
	}
	if text, err := os.ReadFile(container); err == nil {
		var limit int64 // "max" is no number and stays 0
		fmt.Sscan(string(text), &limit)
		if limit > 0 && (memory == 0 || limit < memory) {
			memory = limit
		}
	}
	return memory
}
