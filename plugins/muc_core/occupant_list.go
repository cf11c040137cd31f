package muccore

import (
	"context"
	"slices"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// shownPresence is an occupant's presence with its <x/>, anonymous or not, as made for the last who asked: in a large room all who enter are
// shown the same. It is kept on the occupant, which every change replaces; only the affiliation is the room's.
type shownPresence struct {
	affiliation string
	full, anon  shownVersion
}

// shownVersion is as a tree where somebody wants to see it before it is sent, and else as bytes; nil until asked for.
type shownVersion struct {
	tree    *stanza.Element
	printed *stanza.Printed
}

func (s *service) loadOccupantList(context.Context) error { return nil }

// shownOf is where a version of an occupant's presence is kept.
func (r *Room) shownOf(ctx context.Context, o *Occupant, anonymous bool) (*shownVersion, error) {
	affiliation, err := r.affiliation(ctx, o.bareJID)
	if err != nil {
		return nil, err
	}
	if o.shown == nil || o.shown.affiliation != affiliation {
		o.shown = &shownPresence{affiliation: affiliation}
	}
	if anonymous {
		return &o.shown.anon, nil
	}
	return &o.shown.full, nil
}

// presenceAs makes an occupant's presence as it is shown.
func (r *Room) presenceAs(ctx context.Context, o *Occupant, anonymous bool) (*stanza.Element, error) {
	x, err := r.buildItemList(ctx, o, newX(), anonymous, item{})
	if err != nil {
		return nil, err
	}
	return o.primaryPresence().Clone().AddChild(x), nil
}

func (r *Room) showOccupant(ctx context.Context, o *Occupant, to string, anonymous bool) error {
	v, err := r.shownOf(ctx, o, anonymous)
	if err != nil {
		return err
	}
	if v.tree == nil {
		if v.tree, err = r.presenceAs(ctx, o, anonymous); err != nil {
			return err
		}
	}
	p := v.tree.Clone()
	p.SetAttr("to", to)
	if p, err = r.built(ctx, p, "occupant", o); err != nil {
		return err
	}
	return r.routeStanza(ctx, p)
}

// showing shows occupants to somebody. What it sends it hands over together, unless others want to see each presence.
type showing struct {
	r       *Room
	to      string
	watched bool
	list    []*stanza.Printed // not yet sent
}

func (r *Room) newShowing(to string) *showing {
	watched := r.replaced("route_stanza") != nil || r.replaced("get_affiliation_data") != nil || r.s.othersHook(buildPresence)
	return &showing{r: r, to: to, watched: watched}
}

// add shows an occupant. Of the room's own handlers only that of hats adds to the presence, by what is kept with the affiliation.
func (s *showing) add(ctx context.Context, o *Occupant, anonymous bool) error {
	if s.watched || s.r.affiliationData[o.bareJID] != nil {
		if err := s.flush(ctx); err != nil {
			return err
		}
		return s.r.showOccupant(ctx, o, s.to, anonymous)
	}
	v, err := s.r.shownOf(ctx, o, anonymous)
	if err != nil {
		return err
	}
	if v.printed == nil {
		tree, err := s.r.presenceAs(ctx, o, anonymous)
		if err != nil {
			return err
		}
		v.printed = stanza.Print(tree)
	}
	if s.list == nil {
		s.list = make([]*stanza.Printed, 0, len(s.r.occupants))
	}
	s.list = append(s.list, v.printed)
	return nil
}

func (s *showing) flush(ctx context.Context) error {
	list := s.list
	s.list = nil
	if len(list) == 0 {
		return nil
	}
	return s.r.s.m.SendEach(ctx, s.to, slices.Values(list))
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
	toBare, all := bareOf(to), r.newShowing(to)
	for _, o := range r.inOrder() {
		own := o.bareJID == toBare
		if !own && !shown[written(o.role)] || !filter.admits(o.nick, o) {
			continue
		}
		if err := all.add(ctx, o, anonymous && !own); err != nil {
			return err
		}
	}
	if err := all.flush(ctx); err != nil {
		return err
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
