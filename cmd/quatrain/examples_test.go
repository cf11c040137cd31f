package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"quatrain/spec"
)

const goExample = "../../examples/go"

// TestGoExample builds the module of examples/go, runs its own tests, and plays its script on rooms of both kinds.
func TestGoExample(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "spec"), os.DirFS(filepath.Join(goExample, "spec"))); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "killed"), os.DirFS("testdata/polls")); err != nil {
		t.Fatal(err)
	}
	goTool(t, goExample, "vet", "./...")
	goTool(t, goExample, "test", "./...")
	goTool(t, goExample, "build", "-o", filepath.Join(dir, "polls"), ".")
	for _, rooms := range []string{"lua", "go"} {
		how := runtimes{of: map[string]string{"muc_core": rooms}}
		t.Run("rooms in "+rooms, func(t *testing.T) {
			playScript(t, filepath.Join(dir, "spec", "polls.scs"), how)
		})
		t.Run("killed beside rooms in "+rooms, func(t *testing.T) {
			playKilled(t, dir, how)
		})
	}
}

// playKilled kills the program between two scripts: its polls outlast it.
func playKilled(t *testing.T, dir string, how runtimes) {
	died := &notice{text: "the plugin's process died", seen: make(chan struct{})}
	p := &program{stderr: died}
	server, err := p.newEphemeral(t.Context(), filepath.Join(dir, "killed", "plugins.toml"), how, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer server.close(t.Context())
	player := spec.Player{Dial: server.dial(), Timeout: 4 * spec.DefaultTimeout}
	begun, ended := parseScript(t, "testdata/polls/begun.scs"), parseScript(t, "testdata/polls/ended.scs")
	if err := server.admit(t.Context(), begun); err != nil {
		t.Fatal(err)
	}
	if err := player.Play(t.Context(), begun); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(processOf(t, filepath.Join(dir, "polls")), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-died.seen // what the server asks of a process that is dying fails; from now on it waits for the next one
	if err := player.Play(t.Context(), ended); err != nil {
		t.Error(err)
	}
}

// notice waits for a text in a log.
type notice struct {
	text string
	once sync.Once
	seen chan struct{} // closed when it is there
}

func (n *notice) Write(line []byte) (int, error) {
	if strings.Contains(string(line), n.text) {
		n.once.Do(func() { close(n.seen) })
	}
	return len(line), nil
}

// processOf is the process that runs a program.
func processOf(t *testing.T, program string) (pid int) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != program {
			continue // it has ended meanwhile, or is another one
		}
		if pid, err = strconv.Atoi(strings.Split(link, "/")[2]); err != nil {
			t.Fatal(err)
		}
		return pid
	}
	t.Fatalf("no process runs %s", program)
	return 0
}
