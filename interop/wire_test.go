package interop

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// wire is a client whose connection the test has in hand: it can cut it, and speak before it has logged in.
type wire struct {
	t    *testing.T
	conn net.Conn
	dec  *xmlstream.Decoder

	early []*stanza.Element // have come before they were asked for
}

// wireTimeout is how long what a server should send may take.
const wireTimeout = 10 * time.Second

func dialWire(t *testing.T, address string) *wire {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &wire{t: t, conn: conn, dec: xmlstream.NewDecoder(conn, xmlstream.Limits{MaxStanza: 16 << 20})}
}

// send writes text, which has verbs as for Printf if there are arguments.
func (w *wire) send(text string, args ...any) {
	w.t.Helper()
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	if _, err := io.WriteString(w.conn, text); err != nil {
		w.t.Fatalf("sending %s: %v", text, err)
	}
}

// next is what the server sends next.
func (w *wire) next() *stanza.Element {
	w.t.Helper()
	if len(w.early) > 0 {
		el := w.early[0]
		w.early = w.early[1:]
		return el
	}
	return w.read()
}

// read is the next stanza of the connection.
func (w *wire) read() *stanza.Element {
	w.t.Helper()
	w.conn.SetReadDeadline(time.Now().Add(wireTimeout))
	el, err := w.dec.Next()
	if err != nil {
		w.t.Fatalf("waiting for the server: %v", err)
	}
	return el
}

// expect is next, which has to be of a name; and of an id or with a body, unless that is "".
func (w *wire) expect(name, idOrBody string) *stanza.Element {
	w.t.Helper()
	el := w.next()
	if el.Name != name || idOrBody != "" && el.ID() != idOrBody && el.ChildText("body", "") != idOrBody {
		w.t.Fatalf("got %s, want %s %s", el, name, idOrBody)
	}
	return el
}

// until passes over what comes before an element of a name.
func (w *wire) until(name string) *stanza.Element {
	w.t.Helper()
	for {
		if el := w.next(); el.Name == name {
			return el
		}
	}
}

// ended waits for the end of the connection, and passes over what comes before.
func (w *wire) ended() (last []*stanza.Element) {
	w.t.Helper()
	w.conn.SetReadDeadline(time.Now().Add(wireTimeout))
	for {
		el, err := w.dec.Next()
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			w.t.Fatal("the connection goes on")
		}
		if err != nil {
			return last
		}
		last = append(last, el)
	}
}

// open opens the stream, as often as there are streams on the connection, and returns the features.
func (w *wire) open(from string) *stanza.Element {
	w.t.Helper()
	if from != "" {
		from = " from='" + from + "'"
	}
	w.dec.Restart()
	w.send("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='%s' to='localhost'%s version='1.0'>", stanza.NSStreams, from)
	w.conn.SetReadDeadline(time.Now().Add(wireTimeout))
	if _, err := w.dec.Stream(); err != nil {
		w.t.Fatalf("opening a stream: %v", err)
	}
	return w.expect("features", "")
}

// encrypted opens a stream and makes it one over TLS, with a certificate of the client's if there is one. It returns the features of the new one.
func (w *wire) encrypted(own ...tls.Certificate) *stanza.Element {
	w.t.Helper()
	w.open("")
	w.send("<starttls xmlns='%s'/>", stanza.NSTLS)
	w.expect("proceed", "")
	conn := tls.Client(w.conn, &tls.Config{InsecureSkipVerify: true, Certificates: own})
	if err := conn.Handshake(); err != nil {
		w.t.Fatal(err)
	}
	w.conn = conn
	w.dec.Reset(conn)
	return w.open("")
}

// login authenticates one of people; features are those after that.
func (w *wire) login(account string) (features *stanza.Element) {
	w.t.Helper()
	w.open("")
	return w.authenticate(account, people[account])
}

// authenticate is login on an open stream, with a password.
func (w *wire) authenticate(account, password string) (features *stanza.Element) {
	w.t.Helper()
	w.send("<auth xmlns='%s' mechanism='PLAIN'>%s</auth>", stanza.NSSASL, plainOf(account, password))
	w.expect("success", "")
	return w.open("")
}

// plain is the message of the mechanism PLAIN for one of people.
func plain(account string) string { return plainOf(account, people[account]) }

func plainOf(account, password string) string {
	return base64.StdEncoding.EncodeToString([]byte("\x00" + jid.MustParse(account).Local() + "\x00" + password))
}

// bind takes a resource.
func (w *wire) bind(resource string) {
	w.t.Helper()
	w.send("<iq type='set' id='bind'><bind xmlns='%s'><resource>%s</resource></bind></iq>", stanza.NSBind, resource)
	if reply := w.expect("iq", "bind"); reply.Type() != "result" {
		w.t.Fatalf("binding: %s", reply)
	}
}

// online is a client of an account that has sent its presence and seen it come back.
func online(t *testing.T, address, account, resource string) *wire {
	t.Helper()
	w := dialWire(t, address)
	w.login(account)
	w.bind(resource)
	w.send("<presence/>")
	w.until("presence")
	return w
}

// cut ends the connection without a word.
func (w *wire) cut() { w.conn.Close() }

// ping asks the server and waits for the answer: what was sent before has been handled.
func (w *wire) ping(id string) {
	w.t.Helper()
	w.send("<iq type='get' id='%s' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>", id)
	for w.until("iq").ID() != id {
	}
}
