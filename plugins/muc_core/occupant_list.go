package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// shownPresence is an occupant's presence with its <x/>, anonymous or not, as made for the last who asked: in a large room all who enter are
// shown the same. It is kept on the occupant, which every change replaces; only the affiliation is the room's.
type shownPresence struct {
	affiliation string
	full, anon  *stanza.Element // nil until asked for
}

func (s *service) loadOccupantList(context.Context) error { return nil }

// presenceOf is a copy of the occupant's presence as shown.
func (r *Room) presenceOf(ctx context.Context, o *Occupant, anonymous bool) (*stanza.Element, error) {
	affiliation, err := r.affiliation(ctx, o.bareJID)
	if err != nil {
		return nil, err
	}
	if o.shown == nil || o.shown.affiliation != affiliation {
		o.shown = &shownPresence{affiliation: affiliation}
	}
	made := &o.shown.full
	if anonymous {
		made = &o.shown.anon
	}
	if *made == nil {
		x, err := r.buildItemList(ctx, o, newX(), anonymous, item{})
		if err != nil {
			return nil, err
		}
		*made = o.primaryPresence().Clone().AddChild(x)
	}
	return (*made).Clone(), nil
}

func (r *Room) showOccupant(ctx context.Context, o *Occupant, to string, anonymous bool) error {
	p, err := r.presenceOf(ctx, o, anonymous)
	if err != nil {
		return err
	}
	p.SetAttr("to", to)
	if p, err = r.built(ctx, p, "occupant", o); err != nil {
		return err
	}
	return r.routeStanza(ctx, p)
}

// showAbsent shows somebody with an affiliation who is not here, by reserved nick if there is one.
func (r *Room) showAbsent(ctx context.Context, jid, nick, to string, anonymous bool) error {
	who := item{affiliation: r.affiliations[jid], role: none, nick: nick}
	if !anonymous {
		who.jid = jid
	}
	from := r.jid
	if nick != "" {
		from += "/" + nick
	}
	p := stanza.Presence("from", from, "to", to, "type", "unavailable").AddChild(who.addTo(newX()))
	p, err := r.built(ctx, p, "bare_jid", jid, "nick", optional(nick))
	if err != nil {
		return err
	}
	return r.routeStanza(ctx, p)
}

// absentShown is whether somebody with an affiliation is shown without being here.
func (r *Room) absentShown(jid string, data sdk.Data, anonymous bool, filter listFilter) (nick string, shown bool) {
	nick = text(data["reserved_nickname"])
	isHere := len(r.audience.sessionsOf(jid)) > 0
	return nick, !isHere && (nick != "" || !anonymous) && filter.admits(jid, nil)
}

// listFilter chooses who is shown: by occupant JID and occupant, or by bare JID and nil for absent people. nil: all.
type listFilter func(jid string, o *Occupant) bool

func (f listFilter) admits(jid string, o *Occupant) bool { return f == nil || f(jid, o) }

// value is a filter as other plugins see it.
func (f listFilter) value() any {
	if f == nil {
		return nil
	}
	return sdk.Func(func(_ context.Context, args ...any) ([]any, error) {
		o, _ := nth(args, 1).(*Occupant)
		return []any{f(text(first(args)), o)}, nil
	})
}

// sendOccupantList shows everybody else to the session of a full JID (XEP-0045 #enter-pres; M69, M71).
func (r *Room) sendOccupantList(ctx context.Context, to string, filter listFilter) error {
	if f := r.replaced("send_occupant_list"); f != nil {
		_, err := f.Call(ctx, r, to, filter.value())
		return err
	}
	return r.ownSendOccupantList(ctx, to, filter)
}

func (r *Room) ownSendOccupantList(ctx context.Context, to string, filter listFilter) error {
	anonymous, err := r.isAnonymousFor(ctx, to)
	if err != nil {
		return err
	}
	shown, err := r.shownRoles(ctx)
	if err != nil {
		return err
	}
	toBare := bareOf(to)
	for _, o := range r.inOrder() {
		own := o.bareJID == toBare
		if !own && !shown[written(o.role)] || !filter.admits(o.nick, o) {
			continue
		}
		if err := r.showOccupant(ctx, o, to, anonymous && !own); err != nil {
			return err
		}
	}
	if !shown[none] {
		return nil
	}
	for jid, data := range r.eachAffiliation("") {
		if nick, ok := r.absentShown(jid, data, anonymous, filter); ok {
			if err := r.showAbsent(ctx, jid, nick, to, anonymous); err != nil {
				return err
			}
		}
	}
	return nil
}

// sendOthersTo shows a session who else is there.
func (r *Room) sendOthersTo(ctx context.Context, fullJID string) error {
	return r.sendOccupantList(ctx, fullJID, func(jid string, o *Occupant) bool {
		return o == nil || o.presence(fullJID) == nil
	})
}
