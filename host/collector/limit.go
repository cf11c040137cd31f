package collector

import (
	"bytes"
	"fmt"
	"os"
)

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
