package host_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPIDFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "server.pid")
	s := start(t, setting{config: fmt.Sprintf("[global]\npidfile = %q\n[host.\"localhost\"]\n", file)})
	text, err := os.ReadFile(file)
	if err != nil || strings.TrimSpace(string(text)) != fmt.Sprint(os.Getpid()) {
		t.Errorf("got %q, %v; want %d", text, err, os.Getpid())
	}
	if err := s.Stop(t.Context(), "test ended"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the file is still there")
	}
}
