package interop

import (
	"fmt"
	"testing"

	"quatrain/host"
	"quatrain/xmpp/stanza"
)

// user is a client that is online over TLS and asks for things.
type user struct {
	*wire
	jid string // full
	ids int
}

// login connects an account, "romeo@localhost", and sends presence, which the server has handled when it returns.
func login(t *testing.T, srv *host.Server, account, password string) *user {
	t.Helper()
	u := &user{wire: dialWire(t, addressOf(srv))}
	u.encrypted()
	u.authenticate(account, password)
	u.jid = u.iq("", "set", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>").FindText("{urn:ietf:params:xml:ns:xmpp-bind}bind/jid#")
	u.send("<presence/>")
	u.settle()
	return u
}

// settle returns when the server has handled what was sent to it: it answers in order. What comes meanwhile stays to be read.
func (u *user) settle() {
	u.t.Helper()
	const id = "settled"
	u.send("<iq type='get' id='%s'><ping xmlns='urn:xmpp:ping'/></iq>", id)
	for e := u.read(); e.Attr("id") != id; e = u.read() {
		u.early = append(u.early, e)
	}
}

// await passes over stanzas until one pleases.
func (u *user) await(pleases func(*stanza.Element) bool) *stanza.Element {
	u.t.Helper()
	for {
		if e := u.next(); pleases(e) {
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
	u.send("<iq type='%s' id='%s'%s>%s</iq>", kind, id, to, payload)
	return u.await(func(e *stanza.Element) bool { return e.Name == "iq" && e.Attr("id") == id })
}
