package load

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
	"time"
)

// prosodyConfig is for Prosody what config is for us: the same modules, nothing that limits, counts or logs.
const prosodyConfig = `
run_as_root = true
daemonize = false
pidfile = %q
data_path = %q
log = { info = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { %d }
network_backend = "epoll"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
modules_enabled = { "saslauth", "disco", "ping" }
modules_disabled = { "s2s", "tls", "offline" }
VirtualHost "localhost"
	authentication = "anonymous"
Component "conference.localhost" "muc"
	muc_room_cache_size = 20000
`

// startProsody runs Debian's Prosody, which ends with the test.
func startProsody(tb testing.TB) *process {
	tb.Helper()
	program, err := exec.LookPath("prosody")
	if err != nil {
		tb.Skip("prosody is not installed")
	}
	dir, port := tb.TempDir(), freePort(tb)
	file := filepath.Join(dir, "prosody.cfg.lua")
	if err := os.WriteFile(file, fmt.Appendf(nil, prosodyConfig, filepath.Join(dir, "pid"), dir, port), 0o600); err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(program, "-F", "--config", file)
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	listens := make(chan bool)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		lines := bufio.NewScanner(out)
		for lines.Scan() && !strings.Contains(lines.Text(), "Activated service 'c2s'") {
		}
		listens <- lines.Err() == nil
		for lines.Scan() { // so that it can go on writing
		}
	}()
	tb.Cleanup(func() {
		endProsody(cmd, ended)
	})
	if !<-listens {
		tb.Fatal("prosody does not listen")
	}
	return &process{tb: tb, hello: hello{Plain: fmt.Sprintf("127.0.0.1:%d", port)}, foreign: cmd.Process.Pid}
}

func endProsody(cmd *exec.Cmd, ended chan struct{}) {
	_ = cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(5 * time.Second): // with hundreds of connections it may not notice the signal
		_ = cmd.Process.Kill()
		<-ended
	}
	_ = cmd.Wait()
}

// freePort is one that nothing listens on: Prosody cannot be told to let the system choose.
func freePort(tb testing.TB) int {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
