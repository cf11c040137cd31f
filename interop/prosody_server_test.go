package interop

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const prosodyConfig = `
run_as_root = true
daemonize = false
pidfile = %q
data_path = %q
log = { debug = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { %d }
c2s_require_encryption = false
modules_enabled = { "roster", "saslauth", "disco", "register", "posix", "ping" }
modules_disabled = { "s2s", "tls" }
allow_registration = true
authentication = "internal_hashed"
%s
VirtualHost "localhost"
Component "conference.localhost" "muc"
	modules_enabled = { "muc_mam" }
	restrict_room_creation = "local"
`

// prosody runs Debian's Prosody on a data directory until stop is called. storage are the lines of its configuration about that.
func prosody(t *testing.T, data, storage string) (address string, stop func()) {
	t.Helper()
	program, err := exec.LookPath("prosody")
	if err != nil {
		missing(t, "prosody")
	}
	port := freePort(t)
	dir := t.TempDir()
	config := filepath.Join(dir, "prosody.cfg.lua")
	text := fmt.Sprintf(prosodyConfig, filepath.Join(dir, "pid"), data, port, storage)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-F", "--config", config)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	listens, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		activated := fmt.Sprintf("Activated service 'c2s' on [127.0.0.1]:%d", port)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			fmt.Fprintln(&log, lines.Text())
			if strings.Contains(lines.Text(), activated) {
				close(listens)
			}
		}
	}()
	stop = func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		<-ended
		if err := cmd.Wait(); err != nil && t.Context().Err() == nil {
			t.Errorf("prosody: %v\n%s", err, &log)
		}
		cmd.Process = nil
		if t.Failed() {
			t.Logf("Prosody's log:\n%s", &log)
		}
	}
	t.Cleanup(func() {
		if cmd.Process != nil {
			stop()
		}
	})
	select {
	case <-listens:
	case <-ended:
		t.Fatalf("prosody does not listen:\n%s", &log)
	}
	return fmt.Sprintf("127.0.0.1:%d", port), stop
}

// freePort is one that the system has just given: Prosody cannot be told to let the system choose.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
