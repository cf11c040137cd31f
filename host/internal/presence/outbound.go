package presence

import (
	"context"

	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// outbound sees presence that a client sends to somebody: it follows directed presence and is the sending side of RFC 6121 §3.
func (p *plugin) outbound(ctx context.Context, ev *sdk.Event) (any, error) {
	s, ok := ev.Origin.(*session.Session)
	to, has := ev.Stanza.LookupAttr("to")
	if !ok || !has {
		return nil, nil
	}
	account, contact := s.BareJID(), bareOf(to)
	if account == contact {
		return nil, nil // one's own sessions need no subscription
	}
	switch typ := ev.Stanza.Type(); typ {
	case "", "unavailable", "error":
		return nil, p.directed(ctx, s, to, contact, typ)
	case "probe":
		return nil, nil
	case "subscribe", "unsubscribe", "subscribed", "unsubscribed":
		st := addressed(ev.Stanza, account, contact) // always of the account, not of one of its sessions
		return true, p.subscription(ctx, s, contact, st)
	}
	p.refuse(ctx, ev)
	return true, nil
}

// directed remembers who has to be told when the session is over and would not be otherwise (RFC 6121 §4.6.2).
func (p *plugin) directed(ctx context.Context, s *session.Session, to, contact, typ string) error {
	if typ != "" {
		s.Undirected(to)
		return nil
	}
	r, err := p.rosters.Roster(ctx, s.Username(), s.Host())
	if err != nil {
		return err
	}
	if !r.SendsTo(contact) {
		s.Directed(to)
	}
	return nil
}

func (p *plugin) subscription(ctx context.Context, s *session.Session, contact string, st *stanza.Element) error {
	user, host := s.Username(), s.Host()
	switch st.Type() {
	case "subscribe":
		changed, err := p.rosters.RequestOut(ctx, user, host, contact)
		return p.changed(ctx, s, contact, st, true, changed, err)
	case "unsubscribe":
		changed, err := p.rosters.UnsubscribeOut(ctx, user, host, contact)
		return p.changed(ctx, s, contact, st, true, changed, err)
	case "subscribed":
		return p.approve(ctx, s, contact, st)
	}
	pending, subscribed, err := p.rosters.CancelOut(ctx, user, host, contact)
	if err != nil {
		return err
	}
	if subscribed {
		p.sendGone(ctx, s.BareJID(), contact)
	}
	r, err := p.rosters.Roster(ctx, user, host)
	if err != nil {
		return err
	}
	_, listed := r.Item(contact) // whoever was only denied is in no list
	return p.changed(ctx, s, contact, st, pending || subscribed, listed, nil)
}

// approve lets a contact see the user who asked to; without a request it is an approval in advance, which stays here (RFC 6121 §3.4).
func (p *plugin) approve(ctx context.Context, s *session.Session, contact string, st *stanza.Element) error {
	approved, changed, err := p.rosters.ApproveOut(ctx, s.Username(), s.Host(), contact)
	if err := p.changed(ctx, s, contact, st, approved, changed, err); err != nil || !approved {
		return err
	}
	p.sendAvailable(ctx, s.BareJID(), contact)
	return nil
}

// changed sends what the client decided on its way and then pushes the item.
func (p *plugin) changed(ctx context.Context, s *session.Session, contact string, st *stanza.Element, route, push bool, err error) error {
	if err != nil {
		return err
	}
	if push {
		if err := p.rosters.Push(ctx, s.Username(), s.Host(), contact); err != nil {
			return err
		}
	}
	if route {
		return p.router.Post(ctx, s, st)
	}
	return nil
}
