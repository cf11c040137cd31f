package interop

import (
	"bufio"
	"context"
	"crypto/sha1"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// external is a component that connects to the server (XEP-0114).
type external struct {
	t      *testing.T
	conn   net.Conn
	dec    *xmlstream.Decoder
	domain string
}

// connectComponent opens the stream of a component and shows that it knows the secret.
func connectComponent(t *testing.T, srv *host.Server, domain, secret string) *external {
	t.Helper()
	addrs := srv.ServiceAddrs(t.Context(), "component")
	if len(addrs) == 0 {
		t.Fatal("nothing listens for components")
	}
	c := dialComponent(t, addrs[0].String(), domain)
	header, err := c.dec.Stream()
	if err != nil {
		t.Fatal(err)
	}
	c.send("<handshake>%x</handshake>", sha1.Sum([]byte(header.ID+secret)))
	if st := c.next(); st.Name != "handshake" {
		t.Fatalf("got %s, want the handshake", st)
	}
	return c
}

func dialComponent(t *testing.T, addr, domain string) *external {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(30 * time.Second))
	c := &external{t, conn, xmlstream.NewDecoder(conn, xmlstream.Limits{}), domain}
	c.send("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='%s'>", domain)
	return c
}

func (c *external) send(format string, args ...any) {
	c.t.Helper()
	if _, err := fmt.Fprintf(c.conn, format, args...); err != nil {
		c.t.Fatal(err)
	}
}

func (c *external) next() *stanza.Element {
	c.t.Helper()
	st, err := c.dec.Next()
	if err != nil {
		c.t.Fatal(err)
	}
	return st
}

// serve answers each message with its text, and each ping, until the connection ends.
func (c *external) serve() {
	for {
		st, err := c.dec.Next()
		if err != nil {
			return
		}
		from, to, id := st.Attr("from"), st.Attr("to"), st.Attr("id")
		switch {
		case st.Name == "message":
			fmt.Fprintf(c.conn, "<message type='chat' id='%s' from='%s' to='%s'><body>You said: %s</body></message>", id, to, from, st.ChildText("body", ""))
		case st.Name == "iq" && st.Attr("type") == "get":
			fmt.Fprintf(c.conn, "<iq type='result' id='%s' from='%s' to='%s'/>", id, to, from)
		}
	}
}

const componentConfig = `# debian: component
[global]
modules_enabled = ["tls", "saslauth", "roster", "disco"]
[host."localhost"]
[component."gateway.localhost"]
plugin = "component"
component_secret = "mercury"
`

// Prosody's mod_component connects an external component, whose users chat with those of the server.
func TestExternalComponent(t *testing.T) {
	srv := configuredServer(t, componentConfig)
	play(t, srv, "testdata/component_away.scs")
	c := connectComponent(t, srv, "gateway.localhost", "mercury")
	go c.serve()
	play(t, srv, "testdata/component.scs")
	c.conn.Close()
}

func TestExternalComponentIsRefused(t *testing.T) {
	srv := configuredServer(t, componentConfig)
	addr := srv.ServiceAddrs(t.Context(), "component")[0].String()
	t.Run("wrong secret", func(t *testing.T) {
		c := dialComponent(t, addr, "gateway.localhost")
		if _, err := c.dec.Stream(); err != nil {
			t.Fatal(err)
		}
		c.send("<handshake>%x</handshake>", sha1.Sum([]byte("guess")))
		c.refused("not-authorized")
	})
	t.Run("unknown host", func(t *testing.T) {
		c := dialComponent(t, addr, "elsewhere.localhost")
		if _, err := c.dec.Stream(); err != nil {
			t.Fatal(err)
		}
		c.refused("host-unknown")
	})
	t.Run("broken XML", func(t *testing.T) {
		c := dialComponent(t, addr, "gateway.localhost")
		if _, err := c.dec.Stream(); err != nil {
			t.Fatal(err)
		}
		c.send("<a></b>")
		c.refused("not-well-formed")
	})
	t.Run("the name of another", func(t *testing.T) {
		c := connectComponent(t, srv, "gateway.localhost", "mercury")
		c.send("<message from='juliet@localhost' to='romeo@localhost'/>")
		c.refused("invalid-from")
	})
}

// refused reads the stream error and the end.
func (c *external) refused(condition string) {
	c.t.Helper()
	if st := c.next(); st.Name != "error" || len(st.Tags) == 0 || st.Tags[0].Name != condition {
		c.t.Errorf("got %s, want %s", st, condition)
	}
	if _, err := c.dec.Next(); err != xmlstream.ErrStreamEnd {
		c.t.Errorf("got %v, want the end of the stream", err)
	}
	if _, err := c.conn.Read(make([]byte, 1)); err != io.EOF {
		c.t.Errorf("got %v, want the end of the connection", err)
	}
}

// slixmpp's component is one as they are in use.
func TestSlixmppComponent(t *testing.T) {
	python := slixmpp(t)
	srv := configuredServer(t, componentConfig)
	ip, port, err := net.SplitHostPort(serviceAddr(t, srv, "component"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "component.py", "gateway.localhost", "mercury", ip, port)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cancel()
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "connected\n" {
		t.Fatalf("got %q, %v: %s", line, err, &problems)
	}
	play(t, srv, "testdata/component.scs")
}
