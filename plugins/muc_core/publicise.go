package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// announcement is what is said of an occupant along with the presence.
type announcement struct {
	x        *stanza.Element // the <x/> with status codes
	full     *stanza.Element // instead of x for those who see real JIDs; may be nil
	anon     *stanza.Element // instead of x for those who do not; may be nil
	self     *stanza.Element // instead of x for the occupant; may be nil
	nick     string          // the new one, on a nick change
	actor    string          // real JID of who did it, byService or "" for nobody
	reason   string
	prevRole string // the role until now, if it changed
	// forceUnavailable shows the occupant leave, whatever it is.
	forceUnavailable bool
	// recipient is the only one who is told; nil: everybody.
	recipient *Occupant
}

func (s *service) loadPublicise(context.Context) error { return nil }

// basePresence is the primary session's, which stands for the occupant; who is made to leave never sent a presence that says so.
func basePresence(o *Occupant, forceUnavailable bool) *stanza.Element {
	p := o.primaryPresence()
	fits := p != nil && (o.role != "" || p.Type() == "unavailable")
	if fits && !forceUnavailable {
		return p.Clone()
	}
	return stanza.Presence("from", o.nick, "type", "unavailable")
}

// version is one of those that different readers see of one presence.
type version int

const (
	full    version = iota // with real JIDs
	anon                   // without
	self                   // for the occupant: its own JIDs, but not the actor's
	sibling                // for the same account under another nick: the same without what is said to the occupant alone
	versionCount
)

// versions are made as somebody needs them.
type versions struct {
	r     *Room
	said  announcement
	ev    roomEvent // of the presence: other plugins may have changed it
	of    *Occupant
	whois string
	made  [versionCount]*stanza.Element
}

func newVersions(r *Room, o *Occupant, said announcement, ev *sdk.Event, whois string) *versions {
	v := &versions{r: r, said: said, ev: roomEvent{ev, r}, of: o, whois: whois}
	if other := v.ev.occupant("occupant"); other != nil {
		v.of = other
	}
	if x, ok := ev.Get("x").(*stanza.Element); ok {
		v.said.x = x
	}
	return v
}

// buildX is the <x/> of a version.
func (v *versions) buildX(ctx context.Context, kind version) (*stanza.Element, error) {
	x := v.said.x
	switch {
	case kind == full && v.said.full != nil:
		x = v.said.full
	case kind == anon && v.said.anon != nil:
		x = v.said.anon
	case kind == self && v.said.self != nil:
		x = v.said.self
	}
	actor := v.ev.String("actor")
	who := item{nick: v.ev.String("nick"), actorNick: v.r.nickOf(actor), reason: v.ev.String("reason")}
	if kind == full {
		who.actorJID = actor
	}
	return v.r.buildItemList(ctx, v.of, x.Clone(), kind == anon, who)
}

func (v *versions) get(ctx context.Context, kind version) (*stanza.Element, error) {
	if v.made[kind] == nil {
		x, err := v.buildX(ctx, kind)
		if err != nil {
			return nil, err
		}
		v.made[kind] = v.ev.Stanza.Clone().AddChild(x)
	}
	return v.made[kind], nil
}

// seenBy is the version of a reader.
func (v *versions) seenBy(ctx context.Context, reader *Occupant) (*stanza.Element, error) {
	kind := anon
	switch {
	case canSeeRealJIDs(v.whois, reader):
		kind = full
	case reader.bareJID == v.of.bareJID && reader.nick == v.of.nick:
		kind = self
	case reader.bareJID == v.of.bareJID:
		kind = sibling
	}
	return v.get(ctx, kind)
}

// sendToSiblings tells the same account under another nick, which may be shown its own JIDs.
func (v *versions) sendToSiblings(ctx context.Context, o *Occupant, sessions map[string]string) error {
	for fullJID, nick := range sessions {
		reader := v.r.occupants[nick]
		if nick == o.nick || reader == nil {
			continue
		}
		p, err := v.seenBy(ctx, reader)
		if err != nil {
			return err
		}
		p = p.Clone()
		p.SetAttr("to", fullJID)
		if err := v.r.routeStanza(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (v *versions) sendToList(ctx context.Context, to *hearers, kind version, excluded map[string]string) error {
	if len(to.jids) == 0 {
		return nil
	}
	p, err := v.get(ctx, kind)
	if err != nil {
		return err
	}
	return to.sendExcept(ctx, v.r, p, excluded)
}

func (v *versions) sendToOthers(ctx context.Context, o *Occupant) error {
	a := &v.r.audience
	own := a.sessionsOf(o.bareJID)
	if v.whois == "anyone" {
		if err := v.sendToList(ctx, a.everyone, full, own); err != nil {
			return err
		}
		return v.sendToSiblings(ctx, o, own)
	}
	if err := v.sendToList(ctx, a.moderators, full, own); err != nil {
		return err
	}
	if err := v.sendToList(ctx, a.others, anon, own); err != nil {
		return err
	}
	return v.sendToSiblings(ctx, o, own)
}

// sendToSelf tells the occupant's own sessions, each by its own presence.
func (v *versions) sendToSelf(ctx context.Context, o *Occupant) error {
	x, err := v.buildX(ctx, self)
	if err != nil {
		return err
	}
	addStatus(x, "110")
	if o.role == "" {
		return v.r.routeToOccupant(ctx, o, v.ev.Stanza.Clone().AddChild(x))
	}
	for _, session := range o.sessions {
		p := session.presence.Clone()
		p.SetAttr("to", session.jid)
		p, err := v.r.built(ctx, p, "occupant", o)
		if err != nil {
			return err
		}
		if err := v.r.routeStanza(ctx, p.AddChild(x.Clone())); err != nil {
			return err
		}
	}
	return nil
}

// buildPresence is the event by which other facets and plugins add to a presence that is being made.
const buildPresence = "muc-build-occupant-presence"

// built lets others add to a presence that is being made, and returns it.
func (r *Room) built(ctx context.Context, p *stanza.Element, pairs ...any) (*stanza.Element, error) {
	if !r.s.hooked(buildPresence) {
		return p, nil
	}
	ev := r.newEvent(buildPresence, nil, p, pairs...)
	if _, err := r.fire(ctx, ev); err != nil {
		return nil, err
	}
	return ev.Stanza, nil
}

// visibility is whether others are told, and if the occupant vanishes from their sight (M78).
func (r *Room) visibility(ctx context.Context, o *Occupant, prevRole string, forceUnavailable bool) (told, vanishes bool, err error) {
	shown, err := r.shownRoles(ctx)
	if err != nil || forceUnavailable || shown[written(o.role)] {
		return true, false, err
	}
	was := prevRole != "" && shown[prevRole]
	return was, was, nil
}

// publicise tells the room about an occupant: one presence in the versions that the different readers may see (M76–M85).
func (r *Room) publicise(ctx context.Context, o *Occupant, said announcement) error {
	if f := r.replaced("publicise_occupant_status"); f != nil {
		_, err := f.Call(ctx, r, o, said.value(), optional(said.nick), actorValue(said.actor), optional(said.reason), optional(said.prevRole),
			said.forceUnavailable, occupantValue(said.recipient))
		return err
	}
	return r.ownPublicise(ctx, o, said)
}

// value is the <x/>, or its versions, as other plugins see them.
func (said announcement) value() any {
	if said.full == nil && said.anon == nil && said.self == nil {
		return said.x
	}
	v := map[string]any{"base": said.x}
	for name, x := range map[string]*stanza.Element{"full": said.full, "anon": said.anon, "self": said.self} {
		if x != nil {
			v[name] = x
		}
	}
	return v
}

func (r *Room) ownPublicise(ctx context.Context, o *Occupant, said announcement) error {
	ev := r.newEvent(buildPresence, nil, basePresence(o, said.forceUnavailable),
		"x", said.x, "occupant", o, "nick", optional(said.nick), "actor", actorValue(said.actor), "reason", optional(said.reason))
	if _, err := r.fire(ctx, ev); err != nil {
		return err
	}
	whois, err := r.getText(ctx, "whois")
	if err != nil {
		return err
	}
	if said.recipient != nil {
		p, err := newVersions(r, o, said, ev, whois).seenBy(ctx, said.recipient)
		if err != nil {
			return err
		}
		return r.routeToOccupant(ctx, said.recipient, p)
	}
	ev.Name = "muc-broadcast-presence"
	if _, err := r.fire(ctx, ev); err != nil {
		return err
	}
	return r.broadcastPresence(ctx, o, newVersions(r, o, said, ev, whois))
}

func (r *Room) broadcastPresence(ctx context.Context, o *Occupant, v *versions) error {
	told, vanishes, err := r.visibility(ctx, o, v.said.prevRole, v.said.forceUnavailable)
	if err != nil {
		return err
	}
	if vanishes {
		v.ev.Stanza.SetAttr("type", "unavailable")
	}
	if told {
		if err := v.sendToOthers(ctx, o); err != nil {
			return err
		}
	}
	return v.sendToSelf(ctx, o)
}

// occupantValue is an occupant as a value, nil for none.
func occupantValue(o *Occupant) any {
	if o == nil {
		return nil
	}
	return o
}
