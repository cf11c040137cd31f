package load

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
)

// client is a cheap one: it writes text and counts what comes, so that the server is what is measured.
type client struct {
	tb     testing.TB
	conn   net.Conn
	jid    string
	pieces []piece
	keep   int    // bytes of a piece that may have come
	tail   []byte // the last of them
}

// piece is text that is counted in what comes.
type piece struct {
	text []byte
	seen func(n int)
}

// tapped counts pieces of text.
func tapped(text string, seen func(n int)) piece { return piece{[]byte(text), seen} }

// counted adds to a counter.
func counted(text string, n *atomic.Int64) piece {
	return tapped(text, func(k int) { n.Add(int64(k)) })
}

// connect logs in with SASL ANONYMOUS and binds a resource.
func connect(tb testing.TB, p *process, encrypted bool) *client {
	tb.Helper()
	c := &client{tb: tb, conn: dial(tb, p, encrypted)}
	tb.Cleanup(func() { c.conn.Close() })
	c.say("<stream:stream to='" + domain + "' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
	c.until("</stream:features>")
	c.say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>")
	c.until("<success")
	c.say("<stream:stream to='" + domain + "' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
	c.until("</stream:features>")
	c.say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
	_, jid, _ := strings.Cut(c.until("</iq>"), "<jid>")
	c.jid, _, _ = strings.Cut(jid, "</jid>")
	return c
}

func dial(tb testing.TB, p *process, encrypted bool) net.Conn {
	tb.Helper()
	var conn net.Conn
	var err error
	if encrypted {
		conn, err = tls.Dial("tcp", p.TLS, &tls.Config{InsecureSkipVerify: true, ServerName: domain, NextProtos: []string{"xmpp-client"}})
	} else {
		conn, err = net.Dial("tcp", p.Plain)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return conn
}

func (c *client) say(text string) {
	if _, err := io.WriteString(c.conn, text); err != nil {
		c.tb.Error(err)
	}
}

// until reads until a piece of text has come, and returns all that came with it.
func (c *client) until(text string) string {
	c.tb.Helper()
	var all []byte
	buf := make([]byte, 4096)
	for !bytes.Contains(all, []byte(text)) {
		n, err := c.conn.Read(buf)
		all = append(all, buf[:n]...)
		if err != nil {
			c.tb.Fatalf("waiting for %q: %v after %q", text, err, all)
		}
	}
	return string(all)
}

// join enters a room, and waits for the subject, which comes last.
func (c *client) join(room, nick string) {
	c.tb.Helper()
	c.say(joining(room, nick))
	c.until("<subject")
}

func joining(room, nick string) string {
	return "<presence to='" + occupant(room, nick) + "'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
}

func leaving(room, nick string) string {
	return "<presence to='" + occupant(room, nick) + "' type='unavailable'/>"
}

// unlock accepts the default configuration of a room that has just been made.
func (c *client) unlock(room string) {
	c.say(accepting(room))
	c.until("id='u'")
}

func accepting(room string) string {
	return fmt.Sprintf("<iq to='%s@%s' type='set' id='u'><query xmlns='http://jabber.org/protocol/muc#owner'>"+
		"<x xmlns='jabber:x:data' type='submit'/></query></iq>", room, service)
}

// watch counts from now on, on a goroutine of its own, until the connection ends.
func (c *client) watch(pieces ...piece) {
	c.pieces = pieces
	for _, p := range pieces {
		c.keep = max(c.keep, len(p.text)-1)
	}
	go func() {
		buf := make([]byte, 32<<10)
		for {
			n, err := c.conn.Read(buf)
			c.count(buf[:n])
			if err != nil {
				return
			}
		}
	}()
}

// count looks at what came, and at the seam with what came before: a piece that ends in it may have begun there.
func (c *client) count(data []byte) {
	for _, p := range c.pieces {
		n := bytes.Count(data, p.text)
		head := data[:min(len(data), len(p.text)-1)]
		tail := c.tail[max(0, len(c.tail)-len(p.text)+1):]
		if len(tail) > 0 {
			n += strings.Count(string(tail)+string(head), string(p.text))
		}
		if n > 0 {
			p.seen(n)
		}
	}
	c.tail = append(c.tail, data...)
	c.tail = append(c.tail[:0], c.tail[max(0, len(c.tail)-c.keep):]...)
}

func occupant(room, nick string) string { return room + "@" + service + "/" + nick }
