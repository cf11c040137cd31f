package interop

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quatrain/xmpp/xmlstream"
)

// Prosody's mod_admin_socket brings commands to the shell through a socket of the file system.
func TestAdminSocket(t *testing.T) {
	srv := configuredServer(t, `# debian: admin_socket
[global]
modules_enabled = ["tls", "saslauth", "roster", "disco", "admin_socket", "admin_shell"]
[host."localhost"]
`)
	path := filepath.Join(srv.DataDir(), "prosody.sock")
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	dec := xmlstream.NewDecoder(conn, xmlstream.Limits{})
	send := func(text string) {
		t.Helper()
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	send("<stream:stream xmlns='xmpp:prosody.im/admin' xmlns:stream='http://etherx.jabber.org/streams'>")
	if _, err := dec.Stream(); err != nil {
		t.Fatal(err)
	}
	send("<repl-input>host:list()</repl-input>")
	var said strings.Builder
	for {
		st, err := dec.Next()
		if err != nil {
			t.Fatalf("%v after %s", err, &said)
		}
		said.WriteString(st.String())
		if st.Name == "repl-result" {
			break
		}
	}
	if !strings.Contains(said.String(), "localhost") {
		t.Errorf("the hosts are %s", &said)
	}
	stopServer(t, srv)
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the socket is left behind: %v", err)
	}
}
