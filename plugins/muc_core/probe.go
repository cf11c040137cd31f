package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Presence probes: a client asks who is behind a nick (M79).

func (s *service) loadProbe(context.Context) error { return nil }

// unavailablePresence is the presence of a nick that is reserved for somebody absent; nil if it is not reserved.
func (r *Room) unavailablePresence(ctx context.Context, occupantJID, to string) (*stanza.Element, error) {
	if f := r.replaced("build_unavailable_presence"); f != nil {
		results, err := f.Call(ctx, r, occupantJID, to)
		p, _ := first(results).(*stanza.Element)
		return p, err
	}
	return r.ownUnavailablePresence(ctx, occupantJID, to)
}

func (r *Room) ownUnavailablePresence(ctx context.Context, occupantJID, to string) (*stanza.Element, error) {
	nick := resourceOf(occupantJID)
	bareJID, err := r.registeredJID(ctx, nick)
	if bareJID == "" || err != nil {
		return nil, err
	}
	affiliation, err := r.affiliation(ctx, bareJID)
	if err != nil {
		return nil, err
	}
	anonymous, err := r.isAnonymousFor(ctx, to)
	if err != nil {
		return nil, err
	}
	who := item{affiliation: written(affiliation), role: none, nick: nick}
	if !anonymous {
		who.jid = bareJID
	}
	p := stanza.Presence("from", occupantJID, "to", to, "type", "unavailable").AddChild(who.addTo(newX()))
	return r.built(ctx, p, "bare_jid", bareJID, "nick", nick)
}

// respondToProbe is respond_to_probe: prober is nil if the sender is not in the room.
func (r *Room) respondToProbe(ctx context.Context, origin sdk.Session, st *stanza.Element, prober *Occupant) error {
	if f := r.replaced("respond_to_probe"); f != nil {
		_, err := f.Call(ctx, r, origin, st, occupantValue(prober))
		return err
	}
	return r.ownRespondToProbe(ctx, origin, st, prober)
}

func (r *Room) ownRespondToProbe(ctx context.Context, origin sdk.Session, st *stanza.Element, prober *Occupant) error {
	if prober == nil {
		r.s.answerError(ctx, origin, st, refuse(stanza.Cancel, stanza.NotAcceptable, "You are not in this room", r.jid))
		return nil
	}
	if probed := r.occupantByNick(st.To()); probed != nil {
		return r.publicise(ctx, probed, announcement{x: newX(), recipient: prober})
	}
	p, err := r.unavailablePresence(ctx, st.To(), st.From())
	if p == nil || err != nil {
		return err
	}
	return r.routeStanza(ctx, p)
}
