package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// talker is one of many clients that only talk: it logs in anonymously, writes text, and notes which of the numbered words of whom have come.
type talker struct {
	t    testing.TB
	id   int
	conn net.Conn
	jid  string

	writing sync.Mutex // guards writes
	mu      sync.Mutex // guards the rest
	heard   map[voice]*hearing
	ended   error // why nothing more is read
}

// voice is who says words where: a kind of conversation, and the number of a talker.
type voice struct {
	kind string
	id   int
}

// hearing is what came of a voice.
type hearing struct {
	last, count int
	disorder    []string
}

// words are written "[KIND:TALKER:NUMBER]" in a body.
var words = regexp.MustCompile(`<body>\[([a-z]+):(\d+):(\d+)\]`)

// join logs in.
func newTalker(t testing.TB, address string, id int) *talker {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	c := &talker{t: t, id: id, conn: conn, heard: map[voice]*hearing{}}
	open := "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	c.say(open)
	c.until("</stream:features>")
	c.say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>")
	c.until("<success")
	c.say(open)
	c.until("</stream:features>")
	c.say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
	_, rest, _ := strings.Cut(c.until("</iq>"), "<jid>")
	c.jid, _, _ = strings.Cut(rest, "</jid>")
	return c
}

func (c *talker) say(text string) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if _, err := io.WriteString(c.conn, text); err != nil {
		c.t.Errorf("talker %d: %v", c.id, err)
	}
}

// until reads until a piece of text has come, and returns all that came with it. Not while it listens.
func (c *talker) until(text string) string {
	c.t.Helper()
	var all []byte
	buf := make([]byte, 4096)
	for !bytes.Contains(all, []byte(text)) {
		n, err := c.conn.Read(buf)
		all = append(all, buf[:n]...)
		if err != nil {
			c.t.Fatalf("talker %d: waiting for %q: %v after %q", c.id, text, err, all)
		}
	}
	return string(all)
}

// listen notes what comes until the connection ends.
func (c *talker) listen() {
	buf, rest := make([]byte, 64<<10), 0
	for {
		n, err := c.conn.Read(buf[rest:])
		have := buf[:rest+n]
		end := bytes.LastIndexByte(have, '>') + 1
		c.note(have[:end])
		rest = copy(buf, have[end:])
		if err != nil {
			c.mu.Lock()
			c.ended = err
			c.mu.Unlock()
			return
		}
	}
}

func (c *talker) note(text []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range words.FindAllSubmatch(text, -1) {
		id, _ := strconv.Atoi(string(m[2]))
		number, _ := strconv.Atoi(string(m[3]))
		v := voice{string(m[1]), id}
		h := c.heard[v]
		if h == nil {
			h = &hearing{}
			c.heard[v] = h
		}
		if number <= h.last {
			h.disorder = append(h.disorder, fmt.Sprintf("%d after %d", number, h.last))
		}
		h.last = max(h.last, number)
		h.count++
	}
}

// has is what came of a voice.
func (c *talker) has(kind string, id int) hearing {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.heard[voice{kind, id}]; h != nil {
		return *h
	}
	return hearing{}
}

// fault says what went wrong with the connection, or with the order of what came; "" if nothing.
func (c *talker) fault() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended != nil {
		return fmt.Sprintf("talker %d: the connection ended: %v", c.id, c.ended)
	}
	for v, h := range c.heard {
		if len(h.disorder) > 0 {
			return fmt.Sprintf("talker %d heard %s of %d out of order: %s", c.id, v.kind, v.id, strings.Join(h.disorder, ", "))
		}
	}
	return ""
}
