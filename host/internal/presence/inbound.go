package presence

import (
	"context"

	"quatrain/host/internal/roster"
	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// bare is presence for an account: of its own session without "to", about a subscription, or of a contact.
func (p *plugin) bare(ctx context.Context, ev *sdk.Event) (any, error) {
	typ := ev.Stanza.Type()
	to, has := ev.Stanza.LookupAttr("to")
	if !has {
		s, ok := ev.Origin.(*session.Session)
		if !ok || typ != "" && typ != "unavailable" {
			p.refuse(ctx, ev)
			return true, nil
		}
		return true, p.own(ctx, s, ev.Stanza)
	}
	if typ != "" && typ != "unavailable" && typ != "error" {
		return true, p.inbound(ctx, ev)
	}
	for _, s := range p.router.UserSessions(to) {
		if available(s) {
			s.Send(ctx, ev.Stanza)
		}
	}
	return true, nil
}

// full is presence for one session; for one that is gone it is dropped (RFC 6121 §8.5.3.2.2).
func (p *plugin) full(ctx context.Context, ev *sdk.Event) (any, error) {
	switch ev.Stanza.Type() {
	case "", "unavailable", "error":
		if s := p.router.Session(ev.Stanza.To()); s != nil {
			s.Send(ctx, ev.Stanza)
		}
		return true, nil
	}
	return true, p.inbound(ctx, ev)
}

// host answers for the host itself, which is always there.
func (p *plugin) host(ctx context.Context, ev *sdk.Event) (any, error) {
	from := bareOf(ev.Stanza.From())
	answer := func(attrs ...string) {
		st := stanza.Presence(append(attrs, "from", p.m.Host(), "to", from)...)
		if id := ev.Stanza.ID(); id != "" {
			st.SetAttr("id", id)
		}
		p.m.Send(ctx, nil, st)
	}
	switch ev.Stanza.Type() {
	case "probe":
		answer()
	case "subscribe":
		answer("type", "subscribed")
		answer()
	}
	return true, nil
}

// inbound is the receiving side of RFC 6121 §3, and probes (§4.3), for an account of ours.
func (p *plugin) inbound(ctx context.Context, ev *sdk.Event) error {
	account, contact := bareOf(ev.Stanza.To()), bareOf(ev.Stanza.From())
	user, host, _ := jid.Split(account)
	st := addressed(ev.Stanza, contact, account)
	switch ev.Stanza.Type() {
	case "probe":
		return p.probed(ctx, user, host, contact, ev.Stanza.From())
	case "subscribe":
		return p.asked(ctx, user, host, contact, st)
	case "subscribed":
		changed, err := p.rosters.SubscribedIn(ctx, user, host, contact)
		return p.show(ctx, user, host, contact, st, changed, changed, err)
	case "unsubscribed":
		changed, err := p.rosters.CancelledIn(ctx, user, host, contact)
		return p.show(ctx, user, host, contact, st, changed, changed, err)
	case "unsubscribe":
		pending, subscribed, err := p.rosters.UnsubscribeIn(ctx, user, host, contact)
		err = p.show(ctx, user, host, contact, st, pending || subscribed, subscribed, err)
		if subscribed && err == nil {
			p.sendGone(ctx, account, contact)
		}
		return err
	}
	p.refuse(ctx, ev)
	return nil
}

// probed answers with the presence of every session, or that it is none of the contact's business (RFC 6121 §4.3.2).
func (p *plugin) probed(ctx context.Context, user, host, contact, prober string) error {
	r, err := p.rosters.Roster(ctx, user, host)
	if err != nil {
		return err
	}
	account := user + "@" + host
	if contact == account || r.SendsTo(contact) {
		p.sendPresence(ctx, account, prober)
		return nil
	}
	p.send(ctx, account, contact, "unsubscribed")
	return nil
}

// asked is a request to see the user: granted if it has been before or in advance, kept and shown otherwise (RFC 6121 §3.1.3, §3.4.2).
func (p *plugin) asked(ctx context.Context, user, host, contact string, st *stanza.Element) error {
	r, err := p.rosters.Roster(ctx, user, host)
	if err != nil {
		return err
	}
	account := user + "@" + host
	granted := r.SendsTo(contact)
	if item, _ := r.Item(contact); item.Approved && !granted {
		if granted, err = p.rosters.ApprovedIn(ctx, user, host, contact); err != nil {
			return err
		}
		p.rosters.Push(ctx, user, host, contact)
	}
	if granted {
		p.send(ctx, account, contact, "subscribed")
		p.sendPresence(ctx, account, contact)
		return nil
	}
	p.send(ctx, account, contact, "unavailable") // the request has arrived
	fresh, err := p.rosters.RequestIn(ctx, user, host, contact, st)
	if err != nil || !fresh {
		return err
	}
	for _, s := range p.router.UserSessions(account) {
		if available(s) {
			s.Send(ctx, st)
		}
	}
	return nil
}

// show tells the user's sessions what a contact decided, if that changed something, and pushes the item if that is visible in it.
func (p *plugin) show(ctx context.Context, user, host, contact string, st *stanza.Element, deliver, push bool, err error) error {
	if err != nil {
		return err
	}
	if deliver {
		for _, s := range p.router.UserSessions(user + "@" + host) {
			if s.Interested() {
				s.Send(ctx, st)
			}
		}
	}
	if !push {
		return nil
	}
	return p.rosters.Push(ctx, user, host, contact)
}

// removed ends the subscriptions of an item that is about to be removed (RFC 6121 §2.5.2).
func (p *plugin) removed(ctx context.Context, ev *sdk.Event) (any, error) {
	user, contact := ev.String("username"), ev.String("jid")
	account := user + "@" + p.m.Host()
	item, _ := ev.Get("item").(map[string]any)
	subscription, _ := item["subscription"].(string)
	r, err := p.rosters.Roster(ctx, user, p.m.Host())
	if err != nil {
		return nil, err
	}
	post := func(typ string) {
		p.m.Send(ctx, ev.Origin, stanza.Presence("type", typ, "from", account, "to", contact))
	}
	seen := subscription == roster.From || subscription == roster.Both
	if seen {
		p.sendGone(ctx, account, contact)
	}
	if seen || r.IsPending(contact) {
		post("unsubscribed")
	}
	if subscription == roster.To || subscription == roster.Both || item["ask"] != nil {
		post("unsubscribe")
	}
	return nil, nil
}

func bareOf(address string) string {
	local, domain, _ := jid.Split(address)
	if local == "" {
		return domain
	}
	return local + "@" + domain
}
