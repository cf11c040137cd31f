package collector

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAvailableMemory(t *testing.T) {
	for name, tc := range map[string]struct {
		machine, container string // "" for no such file
		want               int64
	}{
		"machine alone":       {"MemTotal:        2048 kB\nMemFree: 1 kB\n", "", 2048 << 10},
		"unlimited container": {"MemTotal: 2048 kB\n", "max\n", 2048 << 10},
		"smaller container":   {"MemTotal: 2048 kB\n", "4096\n", 4096},
		"larger container":    {"MemTotal: 2048 kB\n", "99999999999\n", 2048 << 10},
		"container alone":     {"", "4096\n", 4096},
		"strange text":        {"Total memory: much", "some", 0},
		"nothing":             {"", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			file := func(name, text string) string {
				path := filepath.Join(t.TempDir(), name)
				if text != "" {
					if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				return path
			}
			if got := availableMemory(file("meminfo", tc.machine), file("memory.max", tc.container)); got != tc.want {
				t.Errorf("availableMemory = %d, want %d", got, tc.want)
			}
		})
	}
}
