package interop

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
)

// dovecot answers as Dovecot's authentication service does (protocol 1.1): Romeo's password is montague.
func dovecot(t *testing.T) (socket string) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "auth-login")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveDovecot(conn)
		}
	}()
	return socket
}

func serveDovecot(conn net.Conn) {
	defer conn.Close()
	fmt.Fprint(conn, "VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nDONE\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		words := strings.Split(lines.Text(), "\t")
		if words[0] != "AUTH" {
			continue
		}
		answer := "FAIL"
		encoded, _ := strings.CutPrefix(words[len(words)-1], "resp=")
		if response, _ := base64.StdEncoding.DecodeString(encoded); words[2] == "PLAIN" && string(response) == "\x00romeo\x00montague" {
			answer = "OK"
		}
		fmt.Fprintf(conn, "%s\t%s\tuser=romeo\n", answer, words[1])
	}
}

// Debian's mod_auth_dovecot asks Dovecot who may log in, over a socket that waits.
func TestDebianDovecot(t *testing.T) {
	dir := t.TempDir()
	link(t, dir, "auth_dovecot")
	srv := startServer(t, host.Options{Config: fmt.Appendf(nil, `
[global]
plugin_paths = [%q]
modules_enabled = ["tls", "saslauth", "roster", "ping"]
[host."localhost"]
authentication = "dovecot"
dovecot_auth_socket = %q
`, filepath.Join(dir, "modules"), dovecot(t))}, nil)
	if err := tryLogin(t, srv, "romeo@localhost", "montague"); err != nil {
		t.Error(err)
	}
	if err := tryLogin(t, srv, "romeo@localhost", "capulet"); err == nil || !strings.Contains(err.Error(), "not-authorized") {
		t.Errorf("a wrong password: %v", err)
	}
}
