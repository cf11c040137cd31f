package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// floods are what greedy clients may want of a room again and again.
var floods = map[string]func(c *talker) string{
	"entries": func(c *talker) string {
		const room = "<presence to='flooded@rooms.localhost/n%d'"
		return fmt.Sprintf(room+" type='unavailable'/>"+room+"><x xmlns='http://jabber.org/protocol/muc'/></presence>", c.id, c.id)
	},
	"nicks": func(c *talker) string {
		const enter = "<presence to='flooded@rooms.localhost/%s%d'/>"
		return fmt.Sprintf(enter+enter, "x", c.id, "n", c.id)
	},
	"registrations": func(c *talker) string {
		const register = "<iq type='set' id='%[1]s' to='flooded@rooms.localhost'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>" +
			"<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field>" +
			"<field var='muc#register_roomnick'><value>%[1]s%[2]d</value></field></x></query></iq>"
		return fmt.Sprintf(register+register, "x", c.id, "n", c.id)
	},
	"questions": func(c *talker) string {
		return "<iq type='get' id='q' to='flooded@rooms.localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>" +
			"<iq type='get' id='q' to='rooms.localhost'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>"
	},
}

// TestFloods: several ask for the same as fast as the server takes it, in a room that is kept on disk. Another room goes on, memory stays bounded, and afterwards
// everything is as before.
func TestFloods(t *testing.T) {
	for kind, text := range floods {
		t.Run(kind, func(t *testing.T) {
			onTwins(t, func(t *testing.T, runtime string) { testFlood(t, runtime, text) })
		})
	}
}

func testFlood(t *testing.T, runtime string, text func(c *talker) string) {
	t.Parallel()
	o := startOverload(t, runtime, "muc_room_default_persistent = true\n")
	quiet := o.quiet()
	before := o.status()
	price := o.price(quiet, 1)
	f := o.flood("flooded", 4, text)
	const many = 1000
	if !eventually(t.Context(), func() bool { return f.said.Load() > many }) {
		t.Fatalf("of %d things only %d were taken", many, f.said.Load())
	}
	o.converse(quiet, 1000, 30)
	for _, c := range f.talkers {
		if fault := c.fault(); fault != "" {
			t.Error(fault)
		}
	}
	f.end()
	o.enter("flooded").conn.Close()
	o.recovers(before, quiet, price)
	for name, peak := range o.peaks() {
		if bound := 512 << 20; peak > bound {
			t.Errorf("%s: %d MiB of memory at the peak, more than %d", name, peak>>20, bound>>20)
		}
		t.Logf("%s: %d MiB at the peak", name, peak>>20)
	}
	t.Logf("%d times in the flood", f.said.Load())
}

// quiet are two in a room of their own.
func (o *overload) quiet() []*talker {
	o.t.Helper()
	quiet := []*talker{o.enter("quiet"), o.enter("quiet")}
	for _, c := range quiet {
		go c.listen()
	}
	return quiet
}

// opening opens a stream.
const opening = "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

// visit connects, says something, and reads until the server ends the connection or the text has come.
func visit(address, say, until string) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, say); err != nil {
		return err
	}
	all, buf := "", make([]byte, 4096)
	for !strings.Contains(all, until) {
		n, err := conn.Read(buf)
		if all += string(buf[:n]); err != nil {
			return fmt.Errorf("%w after %q", err, all)
		}
	}
	return nil
}

// strangers are what those do who come again and again and never stay: what they say, and what they wait for.
var strangers = map[string][2]string{
	"log in":         {opening + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>" + opening + "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "</iq>"},
	"guess":          {strings.Replace(opening, "localhost", "members", 1) + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + base64.StdEncoding.EncodeToString([]byte("\x00romeo\x00wrong")) + "</auth>", "<not-authorized"},
	"open and leave": {opening, "</stream:features>"},
	"talk nonsense":  {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "</stream:stream>"},
}

// TestStrangersAtTheDoor: many connect, want something and break the connection, again and again. Those who are there go on, and afterwards
// everything is as before.
func TestStrangersAtTheDoor(t *testing.T) {
	for kind, talk := range strangers {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			o := startOverload(t, "", "")
			quiet := o.quiet()
			before := o.status()
			price := o.price(quiet, 1)
			var visits atomic.Int64
			stop := make(chan struct{})
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					for {
						select {
						case <-stop:
							return
						default:
						}
						if err := visit(o.address, talk[0], talk[1]); err != nil {
							t.Error(err)
							return
						}
						visits.Add(1)
					}
				})
			}
			o.converse(quiet, 1000, 20)
			const many = 100
			if !eventually(t.Context(), func() bool { return visits.Load() > many }) {
				t.Errorf("%d visits, not even %d", visits.Load(), many)
			}
			close(stop)
			all.Wait()
			o.recovers(before, quiet, price)
			o.bounded(256 << 20)
			t.Logf("%d visits, %d MiB at the peak", visits.Load(), o.peak()>>20)
		})
	}
}

// TestTrickle: two thousand connections each have said a part of something, and do not go on. Who wants to come in does, and when it is told
// to wait no longer the server lets them go.
func TestTrickle(t *testing.T) {
	t.Parallel()
	const strangers, places = 2000, 500
	o := startOverload(t, "", fmt.Sprintf("c2s_max_unauthenticated = %d\n", places))
	quiet := o.quiet()
	before := o.status()
	price := o.price(quiet, 1)
	conns := make([]net.Conn, strangers)
	for i := range conns {
		conn, err := net.Dial("tcp", o.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		part := opening + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + strings.Repeat("A", 4000)
		for _, piece := range []string{part[:10], part[10 : 10+i%len(part[10:])]} {
			if _, err := io.WriteString(conn, piece); err != nil {
				t.Fatal(err)
			}
		}
		conns[i] = conn
	}
	o.awaitLog("too many clients have not logged in", 1)
	o.converse(quiet, 1000, 20)
	o.enter("late").conn.Close()
	ended := 0
	for _, conn := range conns[:strangers-places] {
		conn.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := io.Copy(io.Discard, conn); err == nil || !strings.Contains(err.Error(), "timeout") {
			ended++
		}
	}
	if ended != strangers-places {
		t.Errorf("%d of the oldest %d were ended", ended, strangers-places)
	}
	for _, conn := range conns {
		conn.Close()
	}
	o.recovers(before, quiet, price)
	o.bounded(512 << 20)
	t.Logf("%d MiB at the peak", o.peak()>>20)
}
