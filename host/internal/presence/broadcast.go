package presence

import (
	"context"
	"strconv"
	"time"

	"quatrain/host/internal/roster"
	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

const nsDelay = "urn:xmpp:delay" // XEP-0203

// own is presence that a client sends to nobody in particular: it is for everybody who may know (RFC 6121 §4.2, §4.4, §4.5).
func (p *plugin) own(ctx context.Context, s *session.Session, st *stanza.Element) error {
	contacts, err := p.rosters.Roster(ctx, s.Username(), s.Host())
	if err != nil {
		return err
	}
	before, oldPriority := s.Presence()
	gone, priority := st.Type() == "unavailable", p.priority(st)
	if gone {
		s.SetPresence(nil, 0)
	} else {
		s.SetPresence(p.kept(st), priority)
	}
	p.tell(ctx, s, contacts, st)
	if gone {
		p.tellDirected(ctx, s, st)
		return nil
	}
	if before == nil {
		if err := p.initial(ctx, s, contacts, st); err != nil {
			return err
		}
	}
	if priority >= 0 && (before == nil || oldPriority < 0) && p.m.Bus().Has("message/offline/broadcast") {
		_, err = p.m.Fire(ctx, sdk.StanzaEvent("message/offline/broadcast", s, st))
	}
	return err
}

// kept is the presence as others get it later, with the time it is from.
func (p *plugin) kept(st *stanza.Element) *stanza.Element {
	c := st.Clone()
	c.DelAttr("to")
	c.AddChild(stanza.New("delay", nsDelay, "from", p.m.Host(), "stamp", time.Now().UTC().Format("2006-01-02T15:04:05Z")))
	return c
}

// priority is the stanza's, 0 for none or for what is no number; numbers beyond -128 to 127 count as those (RFC 6121 §4.7.2.3).
func (p *plugin) priority(st *stanza.Element) int {
	tag := st.Child("priority", "")
	if tag == nil {
		return 0
	}
	n, err := strconv.Atoi(tag.Text())
	if p.ignorePriority && (err != nil || n != 0) {
		tag.Tags, tag.Nodes = nil, nil
		tag.AddText("0")
		return 0
	}
	if err != nil {
		return 0
	}
	return max(-128, min(n, 127))
}

// tell sends to the session itself, the user's other available sessions and the contacts who are subscribed.
func (p *plugin) tell(ctx context.Context, s *session.Session, contacts *roster.Roster, st *stanza.Element) {
	if p.router.Session(s.JID()) == s { // not one that is just ending
		s.Send(ctx, st)
	}
	for _, other := range p.router.UserSessions(s.BareJID()) {
		if other != s && available(other) {
			p.router.Submit(ctx, s, addressed(st, s.JID(), other.JID()))
		}
	}
	for _, item := range contacts.Items() {
		if item.Subscription == roster.From || item.Subscription == roster.Both {
			p.router.Submit(ctx, s, addressed(st, s.JID(), item.JID))
		}
	}
}

// tellDirected sends to those who got presence directly and would not hear otherwise (RFC 6121 §4.6.3).
func (p *plugin) tellDirected(ctx context.Context, s *session.Session, st *stanza.Element) {
	for _, to := range s.TakeDirected() {
		p.router.Submit(ctx, s, addressed(st, s.JID(), to))
	}
}

// initial brings a session that becomes available up to date: the presence of contacts (RFC 6121 §4.2.2) and of the user's other
// sessions, and requests in both directions that are unanswered (§3.1.2, §3.1.3).
func (p *plugin) initial(ctx context.Context, s *session.Session, contacts *roster.Roster, st *stanza.Element) error {
	if p.m.Bus().Has("presence/initial") {
		if _, err := p.m.Fire(ctx, sdk.StanzaEvent("presence/initial", s, st)); err != nil {
			return err
		}
	}
	full, bare := s.JID(), s.BareJID()
	for _, item := range contacts.Items() {
		if item.Subscription == roster.To || item.Subscription == roster.Both {
			p.router.Submit(ctx, s, stanza.Presence("type", "probe", "from", full, "to", item.JID))
		}
	}
	for _, other := range p.router.UserSessions(bare) {
		if there, _ := other.Presence(); other != s && there != nil {
			p.router.Submit(ctx, other, addressed(there, other.JID(), full))
		}
	}
	for _, contact := range contacts.Pending() {
		s.Send(ctx, request(contacts, contact))
	}
	for _, item := range contacts.Items() {
		if item.Ask {
			p.router.Post(ctx, s, stanza.Presence("type", "subscribe", "from", bare, "to", item.JID))
		}
	}
	return nil
}

// request is a contact's pending request, as it came if that was kept.
func request(contacts *roster.Roster, contact string) *stanza.Element {
	st := contacts.Request(contact)
	if st == nil {
		st = stanza.Presence()
	}
	st.SetAttr("type", "subscribe")
	st.SetAttr("from", contact)
	return st
}

// unbound says goodbye for a session that ended without (RFC 6121 §4.5.2).
func (p *plugin) unbound(ctx context.Context, ev *sdk.Event) (any, error) {
	s, ok := ev.Get("session").(*session.Session)
	if !ok {
		return nil, nil
	}
	gone := stanza.Presence("type", "unavailable")
	if reason := ev.String("error"); reason != "" {
		gone.TextTag("status", "", "Disconnected: "+reason)
	}
	if available(s) {
		return nil, p.router.Process(ctx, s, gone)
	}
	p.tellDirected(ctx, s, gone)
	return nil, nil
}
