package interop

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
)

// socksProxy takes one connection as a SOCKS5 proxy (RFC 1928), and gives where it was to lead and the beginning of what was sent there. Then
// it ends it.
func socksProxy(t *testing.T) (port int, heard chan [2]string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	heard = make(chan [2]string, 1)
	go func() {
		defer close(heard)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		target, stream, err := takeSocks(conn)
		if err != nil {
			t.Errorf("the proxy: %v", err)
			return
		}
		heard <- [2]string{target, stream}
	}()
	return listener.Addr().(*net.TCPAddr).Port, heard
}

func takeSocks(conn net.Conn) (target, stream string, err error) {
	r := bufio.NewReader(conn)
	greeting := make([]byte, 3)
	if _, err := io.ReadFull(r, greeting); err != nil {
		return "", "", err
	}
	conn.Write([]byte{5, 0}) // no authentication
	head := make([]byte, 5)
	if _, err := io.ReadFull(r, head); err != nil {
		return "", "", err
	}
	rest := make([]byte, int(head[4])+2)
	if _, err := io.ReadFull(r, rest); err != nil {
		return "", "", err
	}
	name, port := rest[:head[4]], binary.BigEndian.Uint16(rest[head[4]:])
	conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	for !strings.Contains(stream, "stream:stream") {
		part, err := r.ReadString('>')
		if err != nil {
			return "", "", err
		}
		stream += part
	}
	return fmt.Sprintf("%s:%d", name, port), stream, nil
}

// Debian's mod_onions reaches servers of the Tor network through a proxy, by Prosody's streams between servers.
func TestDebianOnions(t *testing.T) {
	port, heard := socksProxy(t)
	dir := t.TempDir()
	link(t, dir, "s2s", "dialback", "onions")
	srv := startServer(t, host.Options{Config: fmt.Appendf(nil, `
[global]
plugin_paths = [%q]
modules_enabled = ["tls", "saslauth", "roster", "disco", "ping", "s2s", "dialback"]
s2s_ports = [0]
s2s_interfaces = ["127.0.0.1"]
s2s_require_encryption = false
[host."localhost"]
modules_enabled = ["onions"]
onions_socks5_port = %d
`, filepath.Join(dir, "modules"), port)}, people)
	play(t, srv, "testdata/onions.scs")
	got, ok := <-heard
	if !ok || got[0] != "verona2345.onion:5269" || !strings.Contains(got[1], `to='verona2345.onion'`) || !strings.Contains(got[1], `from='localhost'`) {
		t.Errorf("the proxy heard %q", got)
	}
}
