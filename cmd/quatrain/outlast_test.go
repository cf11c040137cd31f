package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"quatrain/spec"
)

// TestRoomsOutlastTheirProcess kills the process of rooms while people are in them: who comes next finds the room as it was, with everybody
// in it.
func TestRoomsOutlastTheirProcess(t *testing.T) {
	died := &notice{text: "the plugin's process died", seen: make(chan struct{})}
	p := &program{stderr: died}
	server, err := p.newEphemeral(t.Context(), "testdata/outlast/plugins.toml", runtimes{of: map[string]string{"muc_core": "go"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer server.close(t.Context())
	before, after := parseScript(t, "testdata/outlast/before.scs"), parseScript(t, "testdata/outlast/after.scs")
	for _, script := range []*spec.Script{before, after} {
		if err := server.admit(t.Context(), script); err != nil {
			t.Fatal(err)
		}
	}
	player := spec.Player{Dial: server.dial(), Timeout: 4 * spec.DefaultTimeout}
	player.AtEnd = func() {
		killPlugin(t, "muc_core")
		<-died.seen // what the server asks of a process that is dying fails; from now on it waits for the next one
		next := spec.Player{Dial: player.Dial, Timeout: player.Timeout}
		if err := next.Play(t.Context(), after); err != nil {
			t.Error(err)
		}
	}
	if err := player.Play(t.Context(), before); err != nil {
		t.Fatal(err)
	}
}

// killPlugin kills the process that runs a shipped plugin for this one.
func killPlugin(t *testing.T, name string) {
	t.Helper()
	killed := false
	for _, child := range childrenOf(t, os.Getpid()) {
		command, _ := os.ReadFile(filepath.Join("/proc", child, "cmdline")) // it may have ended
		pid, err := strconv.Atoi(child)
		if err != nil || !strings.HasSuffix(string(command), "\x00"+name+"\x00") {
			continue
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
		killed = true
	}
	if !killed {
		t.Errorf("no process runs %s", name)
	}
}
