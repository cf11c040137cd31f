package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"quatrain"
	"quatrain/spec"
)

// runAsProgram makes the test binary the program itself, so that there is a process to kill.
const runAsProgram = "QUATRAIN_TEST_RUN_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(runAsProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

var listening = regexp.MustCompile(`msg="listening for clients" address=(\S+)`)

// startProcess runs the server as a process of its own until the test ends or kill is called, and waits until it listens.
func startProcess(t *testing.T, args ...string) (address string, kill func()) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), runAsProgram+"=1")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	for address == "" && lines.Scan() {
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			address = m[1]
		}
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for lines.Scan() {
		}
	}()
	kill = func() {
		_ = cmd.Process.Kill() // SIGKILL
		<-drained
		_ = cmd.Wait()
	}
	if address == "" {
		kill()
		t.Fatal("the server does not listen")
	}
	return address, kill
}

// playOver plays a script and calls atEnd before its clients leave.
func playOver(t *testing.T, address, file string, atEnd func()) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	script, err := spec.Parse(file, src)
	if err != nil {
		t.Fatal(err)
	}
	player := spec.Player{Dial: spec.Only(address), Timeout: 20 * time.Second, AtEnd: atEnd}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := player.Play(ctx, script); err != nil {
		t.Fatal(err)
	}
}

// TestAcknowledgedWritesSurviveAKill kills the server after its last answer. What it had answered for is there afterwards.
func TestAcknowledgedWritesSurviveAKill(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "plugins.toml")
	text := strings.Replace(string(quatrain.DefaultConfig), "[global]\n",
		"[global]\ninterfaces = [\"127.0.0.1\"]\nc2s_ports = [0]\nc2s_direct_tls_ports = []\n", 1)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	options := []string{"--config", config, "--data", filepath.Join(dir, "data")}
	for account, password := range map[string]string{"romeo@localhost": "montague", "juliet@localhost": "capulet"} {
		if got := run(t, password+"\n", append(append([]string{"user"}, options...), "add", account)...); got.code != exitOK {
			t.Fatalf("%+v", got)
		}
	}
	for _, script := range []string{"testdata/kill/before.scs", "testdata/kill/after.scs"} {
		address, kill := startProcess(t, options...)
		playOver(t, address, script, kill)
	}
}
