package interop

import (
	"bytes"
	"crypto/sha1"
	"fmt"
	"io"
	"net"
	"testing"
	"time"
)

const proxyConfig = `# debian: proxy65 net_multiplex component
[global]
modules_enabled = ["tls", "saslauth", "roster", "disco"]
[host."localhost"]
[component."proxy.localhost"]
plugin = "proxy65"
`

// socks asks a SOCKS5 proxy for the connection of a destination (XEP-0065 #mediated).
func socks(t *testing.T, addr net.Addr, destination string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	talk := func(send, want string) {
		t.Helper()
		got := make([]byte, len(want))
		if _, err := io.WriteString(conn, send); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(conn, got); err != nil || string(got) != want {
			t.Fatalf("got %q, %v; want %q", got, err, want)
		}
	}
	talk("\x05\x01\x00", "\x05\x00")
	talk("\x05\x01\x00\x03\x28"+destination+"\x00\x00", "\x05\x00\x00\x03\x28"+destination+"\x00\x00")
	return conn
}

// Prosody's mod_proxy65 passes files between clients that cannot reach each other (XEP-0065).
func TestProxy65(t *testing.T) {
	srv := configuredServer(t, proxyConfig)
	addr := srv.ServiceAddrs(t.Context(), "proxy65")[0]
	destination := fmt.Sprintf("%x", sha1.Sum([]byte("tryst"+"romeo@localhost/orchard"+"juliet@localhost/balcony")))
	target := socks(t, addr, destination)
	initiator := socks(t, addr, destination)
	play(t, srv, "testdata/proxy65.scs")
	letter := bytes.Repeat([]byte("But, soft! what light through yonder window breaks? "), 40000)
	sent := make(chan error, 1)
	go func() {
		_, err := initiator.Write(letter)
		sent <- err
	}()
	got := make([]byte, len(letter))
	if _, err := io.ReadFull(target, got); err != nil || !bytes.Equal(got, letter) {
		t.Errorf("the letter did not come as it was: %v", err)
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
	initiator.Close()
	if _, err := target.Read(got); err != io.EOF {
		t.Errorf("the other end is still there: %v", err)
	}
}
