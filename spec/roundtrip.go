package spec

import (
	"context"
	"crypto/rand"
	"strings"

	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// nsPing is XEP-0199. Whatever is answered, an error too, shows that what was sent before has been handled.
const nsPing = "urn:xmpp:ping"

// ping sends a request to one of the server's addresses and tells how to know the answer.
func (a *actor) ping(to string) (isAnswer func(*stanza.Element) bool, err error) {
	id := "ping-" + rand.Text()
	iq := stanza.IQ("get", id, "to", to).Put(stanza.New("ping", nsPing))
	err = a.stream.send(iq)
	return func(st *stanza.Element) bool { return st.Kind() == stanza.KindIQ && st.ID() == id && !st.IsRequest() }, err
}

// flush waits until everything that the client sent has been handled, by its server and by the server's rooms and services. What else
// arrives meanwhile stays in the inbox.
func (a *actor) flush(ctx context.Context) error {
	domain := a.account.Domain()
	for to := range a.touched {
		if to == "" {
			to = domain
		}
		if !isServedBy(to, domain) {
			continue
		}
		isAnswer, err := a.ping(to)
		if err != nil {
			return err
		}
		if _, err := a.inbox.take(ctx, isAnswer); err != nil {
			return err
		}
	}
	clear(a.touched)
	return nil
}

// isServedBy is whether an address belongs to the client's host or to a component below it: others may never answer.
func isServedBy(to, domain string) bool {
	j, err := jid.Parse(to)
	return err == nil && (j.Domain() == domain || strings.HasSuffix(j.Domain(), "."+domain))
}

// drain is all that has come and not been looked at, when everything sent before has had its effect.
func (a *actor) drain(ctx context.Context) ([]*stanza.Element, error) {
	isAnswer, err := a.ping(a.account.Domain())
	if err != nil {
		return nil, err
	}
	return a.inbox.upTo(ctx, isAnswer)
}
