package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Changing the nick (XEP-0045 #changenick; M106–M111).

func (s *service) loadNickChange(context.Context) error { return nil }

// change is a session on its way from one nick to another.
type change struct {
	r              *Room
	origin         sdk.Session // nil if the service does it
	presence       *stanza.Element
	old, new       *Occupant
	isFirstSession bool // of the new nick
	isLastSession  bool // of the old one
}

func (c *change) fullJID() string { return c.presence.From() }

// showLeaving: a session that goes over to a nick which its user already has elsewhere sees that one leave first, since to the client it is
// somebody else.
func (c *change) showLeaving(ctx context.Context) error {
	affiliation, err := c.r.affiliation(ctx, c.new.bareJID)
	if err != nil {
		return err
	}
	x := item{affiliation: written(affiliation), role: none}.addTo(newX())
	return c.r.routeStanza(ctx, stanza.Presence("from", c.new.nick, "to", c.fullJID(), "type", "unavailable").
		TextTag("status", "", "Another session of yours has this nickname, you are joining it").AddChild(x))
}

// showToSession shows what only the session itself sees of the change, as others of its user stay under the old nick (M108).
// COMPAT Clients get confused by the items of other sessions, so there is only its own.
func (c *change) showToSession(ctx context.Context) error {
	affiliation, err := c.r.affiliation(ctx, c.old.bareJID)
	if err != nil {
		return err
	}
	x := item{affiliation: written(affiliation), role: c.old.role, jid: c.fullJID(), nick: resourceOf(c.new.nick)}.addTo(newX())
	addStatus(addStatus(x, "303"), "110")
	return c.r.routeStanza(ctx, stanza.Presence("from", c.old.nick, "to", c.fullJID(), "type", "unavailable").AddChild(x))
}

// showOldAgain: the old nick is still in use by the user's other sessions, so the one that left it has to see it.
func (c *change) showOldAgain(ctx context.Context) error {
	p := c.old.primaryPresence()
	if p == nil {
		return nil
	}
	x, err := c.r.buildItemList(ctx, c.old, newX(), false, item{})
	if err != nil {
		return err
	}
	p = p.Clone()
	p.SetAttr("to", c.fullJID())
	return c.r.routeStanza(ctx, p.AddChild(x))
}

func (c *change) depart(ctx context.Context) error {
	x, newNick := newX(), resourceOf(c.new.nick)
	c.old.setSession(c.fullJID(), stanza.Presence("type", "unavailable", "from", c.fullJID()), false)
	if !c.isFirstSession {
		if err := c.showLeaving(ctx); err != nil {
			return err
		}
	}
	if c.isFirstSession && c.isLastSession {
		addStatus(x, "303")
	} else {
		c.old.removeSession(c.fullJID())
		if err := c.showToSession(ctx); err != nil {
			return err
		}
		newNick = "" // to the others no occupant changes its nick
	}
	oldRole := c.old.role
	c.r.saveOccupant(c.old)
	if c.isLastSession && !c.isFirstSession {
		c.old.role = ""
	}
	return c.r.publicise(ctx, c.old, announcement{x: x, nick: newNick, prevRole: oldRole})
}

// replace: the new occupant is there before anybody hears that the old one has left, as a room with nobody in it would be removed.
func (c *change) replace(ctx context.Context) error {
	c.new.setSession(c.fullJID(), c.presence, false)
	c.r.saveOccupant(c.new)
	if !c.isLastSession {
		return nil
	}
	return c.r.tellLeft(ctx, c.old, c.origin, c.presence)
}

func (c *change) arrive(ctx context.Context, renamed bool) error {
	isResync := c.presence.Child("x", nsMUC) != nil
	if isResync {
		if err := c.r.sendOthersTo(ctx, c.fullJID()); err != nil {
			return err
		}
	}
	x := newX()
	if renamed {
		addStatus(x, "210")
	}
	if err := c.r.publicise(ctx, c.new, announcement{x: newX(), self: x, prevRole: c.old.role}); err != nil {
		return err
	}
	if !c.isLastSession {
		if err := c.showOldAgain(ctx); err != nil {
			return err
		}
	}
	if !isResync {
		return nil
	}
	if c.isFirstSession {
		if err := c.r.tellJoined(ctx, c.origin, c.presence, c.new); err != nil {
			return err
		}
	}
	return c.r.tellSessionNew(ctx, c.origin, c.presence, c.new)
}

func (c *change) run(ctx context.Context, renamed bool) error {
	if err := c.depart(ctx); err != nil {
		return err
	}
	if err := c.replace(ctx); err != nil {
		return err
	}
	return c.arrive(ctx, renamed)
}

// handleNickChange is handle_nick_change: old is the occupant that the sender is so far.
func (r *Room) handleNickChange(ctx context.Context, origin sdk.Session, st *stanza.Element, old *Occupant) (bool, error) {
	if f := r.replaced("handle_nick_change"); f != nil {
		results, err := f.Call(ctx, r, origin, st, old)
		return isTrue(first(results)), err
	}
	return true, r.ownHandleNickChange(ctx, origin, st, old)
}

func (r *Room) ownHandleNickChange(ctx context.Context, origin sdk.Session, st *stanza.Element, old *Occupant) error {
	bareJID, wish := bareOf(st.From()), st.To()
	dest := r.occupantByNick(wish)
	isFirst := dest == nil
	if isFirst {
		var err error
		if dest, err = r.newOccupant(ctx, bareJID, wish); err != nil {
			return err
		}
		dest.role = old.role
	}
	ev := roomEvent{r.newEvent("muc-occupant-pre-change", origin, st, "is_first_session", isFirst,
		"is_last_session", !old.hasOtherSession(st.From()), "orig_occupant", old, "dest_occupant", dest), r}
	if stopped, err := r.fireStops(ctx, ev.Event); stopped || err != nil {
		return err
	}
	if other := ev.occupant("dest_occupant"); other != nil {
		dest = other
	}
	if r.isTakenByOther(dest.nick, bareJID) {
		r.refuseConflict(ctx, origin, st)
		return nil
	}
	c := &change{r, origin, ev.Stanza, old, dest, ev.Bool("is_first_session"), ev.Bool("is_last_session")}
	return c.run(ctx, dest.nick != wish)
}

// merge: the account has the new nick, too, and its sessions go over to it one by one (M109).
func (r *Room) merge(ctx context.Context, oldJID, newJID string) error {
	for _, session := range r.occupantByNick(oldJID).sessions {
		st := session.presence.Clone()
		st.SetAttr("from", session.jid)
		st.SetAttr("to", newJID)
		old, dest := r.occupantByNick(oldJID), r.occupantByNick(newJID)
		if old == nil || dest == nil || old.presence(session.jid) == nil {
			return nil // a bounce has ended a session meanwhile
		}
		c := &change{r: r, presence: st, old: old, new: dest, isLastSession: !old.hasOtherSession(session.jid)}
		if err := c.run(ctx, true); err != nil {
			return err
		}
	}
	return nil
}

// renameOccupant gives an occupant another nick, with all its sessions, on behalf of the service: 303 to all, 210 to itself.
func (r *Room) renameOccupant(ctx context.Context, oldJID, newJID string) error {
	old := r.occupantByNick(oldJID)
	if old == nil || oldJID == newJID {
		return nil
	}
	if r.occupants[newJID] != nil {
		return r.merge(ctx, oldJID, newJID)
	}
	renamed, err := r.newOccupant(ctx, old.bareJID, newJID)
	if err != nil {
		return err
	}
	renamed.role = old.role
	for _, session := range old.copy().sessions {
		renamed.setSession(session.jid, session.presence, false)
		old.setSession(session.jid, stanza.Presence("type", "unavailable"), false)
	}
	r.saveOccupant(old)
	said := announcement{x: newX("303"), nick: resourceOf(newJID), prevRole: old.role}
	if err := r.publicise(ctx, old, said); err != nil {
		return err
	}
	r.saveOccupant(renamed)
	if err := r.tellLeft(ctx, old, nil, nil); err != nil {
		return err
	}
	return r.publicise(ctx, renamed, announcement{x: newX(), self: newX("210"), prevRole: old.role})
}
