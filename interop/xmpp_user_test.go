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

// login connects an account, "romeo@localhost", and sends presence.
func login(t *testing.T, srv *host.Server, account, password string) *user {
	t.Helper()
	u := &user{wire: dialWire(t, addressOf(srv))}
	u.encrypted()
	u.authenticate(account, password)
	u.jid = u.iq("", "set", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>").FindText("{urn:ietf:params:xml:ns:xmpp-bind}bind/jid#")
	u.send("<presence/>")
	return u
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
