package interop

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const prosodyConfig = `
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
	return startProsody(t, data, fmt.Sprintf(prosodyConfig, storage))
}

// prosodyProcess is what each Prosody here is told about itself.
const prosodyProcess = `
run_as_root = true
daemonize = false
pidfile = %q
data_path = %q
log = { debug = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { %d }
c2s_require_encryption = false
`

// startProsody is prosody with a configuration of one's own, but for what is about the process.
func startProsody(t *testing.T, data, configuration string) (address string, stop func()) {
	t.Helper()
	program, err := exec.LookPath("prosody")
	if err != nil {
		missing(t, "prosody")
	}
	port := freePort(t)
	dir := t.TempDir()
	config := filepath.Join(dir, "prosody.cfg.lua")
	text := fmt.Sprintf(prosodyProcess, filepath.Join(dir, "pid"), data, port) + configuration
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
	address = fmt.Sprintf("127.0.0.1:%d", port)
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
		killed := awaitEnd(cmd.Process, address, ended)
		if err := cmd.Wait(); err != nil && !killed && t.Context().Err() == nil {
			t.Errorf("prosody: %v\n%s", err, &log)
		}
		cmd.Process = nil
		if killed {
			t.Log("prosody did not end, and was killed")
		}
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
	awaitStream(t, address)
	return address, stop
}

// patience is how many seconds a Prosody may take to end.
const patience = 15

// awaitEnd waits for a Prosody that has been told to end, and kills it when it takes too long. Now and then one goes to sleep without having
// noticed the signal: then a connection wakes it.
func awaitEnd(process *os.Process, address string, ended <-chan struct{}) (killed bool) {
	for range patience {
		select {
		case <-ended:
			return false
		case <-time.After(time.Second):
			if conn, err := net.Dial("tcp", address); err == nil {
				conn.Close()
			}
		}
	}
	_ = process.Kill()
	<-ended
	return true
}

// awaitStream waits until a server that listens answers, which Prosody does when all its hosts are there.
func awaitStream(t *testing.T, address string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const opening = "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	if _, err := io.WriteString(conn, opening); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Fatalf("prosody does not answer: %v", err)
	}
}

// nextPort is the last that freePort gave: Prosody cannot be told to let the system choose. They lie below those that the system gives to
// others, so that nobody takes one between the look at it and Prosody's start.
var nextPort atomic.Int32

func freePort(t *testing.T) int {
	t.Helper()
	const first, last = 20000, 32000
	for range last - first {
		port := first + (os.Getpid()*31+int(nextPort.Add(1)))%(last-first)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}
