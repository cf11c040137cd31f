package interop

import (
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// user is a client that says and reads stanzas, for tests that do more than a script can.
type user struct {
	t    *testing.T
	conn net.Conn
	dec  *xmlstream.Decoder
	jid  string // full
	ids  int
}

// login connects one of people's accounts, "romeo@localhost", and sends presence.
func login(t *testing.T, srv *host.Server, account, password string) *user {
	t.Helper()
	conn, err := net.Dial("tcp", srv.Addrs()[0].String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(time.Minute))
	name, domain, _ := strings.Cut(account, "@")
	u := &user{t: t, conn: conn, dec: xmlstream.NewDecoder(conn, xmlstream.Limits{MaxStanza: 16 << 20})}
	u.open(domain)
	u.ask("<starttls xmlns='" + stanza.NSTLS + "'/>")
	u.conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	u.dec.Reset(u.conn)
	u.open(domain)
	if e := u.ask("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + base64.StdEncoding.EncodeToString([]byte("\x00"+name+"\x00"+password)) + "</auth>"); e.Name != "success" {
		t.Fatalf("login of %s: %s", account, e)
	}
	u.dec.Restart()
	u.open(domain)
	u.jid = u.iq("", "set", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>").FindText("{urn:ietf:params:xml:ns:xmpp-bind}bind/jid#")
	u.say("<presence/>")
	return u
}

func (u *user) open(domain string) {
	u.t.Helper()
	u.say("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='%s' version='1.0' to='%s'>", stanza.NSStreams, domain)
	if _, err := u.dec.Stream(); err != nil {
		u.t.Fatal(err)
	}
	u.read()
}

func (u *user) say(format string, args ...any) {
	u.t.Helper()
	if _, err := fmt.Fprintf(u.conn, format, args...); err != nil {
		u.t.Fatal(err)
	}
}

func (u *user) read() *stanza.Element {
	u.t.Helper()
	e, err := u.dec.Next()
	if err != nil {
		u.t.Fatal(err)
	}
	return e
}

func (u *user) ask(xml string) *stanza.Element {
	u.t.Helper()
	u.say("%s", xml)
	return u.read()
}

// await passes over stanzas until one pleases.
func (u *user) await(pleases func(*stanza.Element) bool) *stanza.Element {
	u.t.Helper()
	for {
		if e := u.read(); pleases(e) {
			return e
		}
	}
}

// iq is the answer to a request.
func (u *user) iq(to, kind, payload string) *stanza.Element {
	u.t.Helper()
	u.ids++
	id := fmt.Sprint("q", u.ids)
	if to != "" {
		to = " to='" + to + "'"
	}
	u.say("<iq type='%s' id='%s'%s>%s</iq>", kind, id, to, payload)
	return u.await(func(e *stanza.Element) bool { return e.Name == "iq" && e.Attr("id") == id })
}
