package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Joining (XEP-0045 #enter, #createroom; M13–M15, M28, M63–M69). The checks are the other facets' handlers of muc-occupant-pre-join.

func (s *service) loadJoin(context.Context) error {
	s.method("handle_join", (*Room).handleJoin)
	s.method("handle_first_presence", (*Room).handleFirstPresence)
	return nil
}

// refuseConflict answers who wants a nick that is in use by another account, whatever the case (XEP-0045 #enter-conflict).
func (r *Room) refuseConflict(ctx context.Context, origin sdk.Session, st *stanza.Element) {
	r.s.answer(ctx, origin, refusal(st, refuse(stanza.Cancel, stanza.Conflict, "This nickname is in use", r.jid)))
}

// isTakenByOther is whether a nick (occupant JID) belongs to another account at the moment.
func (r *Room) isTakenByOther(occupantJID, bareJID string) bool {
	holder := r.occupants[occupantJID]
	return holder != nil && bareOf(holder.bareJID) != bareJID
}

// tellJoined and tellSessionNew: st is the presence which brought the session here.
func (r *Room) tellJoined(ctx context.Context, origin sdk.Session, st *stanza.Element, o *Occupant) error {
	return r.tell(ctx, "muc-occupant-joined", origin, st, "nick", o.nick, "occupant", o)
}

func (r *Room) tellSessionNew(ctx context.Context, origin sdk.Session, st *stanza.Element, o *Occupant) error {
	return r.tell(ctx, "muc-occupant-session-new", origin, st, "nick", o.nick, "occupant", o, "jid", st.From())
}

// selfX is the <x/> that the newcomer sees.
func (r *Room) selfX(ctx context.Context, isNewRoom, renamed bool) (*stanza.Element, error) {
	whois, err := r.getText(ctx, "whois")
	if err != nil {
		return nil, err
	}
	x := newX()
	if isNewRoom {
		addStatus(x, "201")
	}
	if whois == "anyone" {
		addStatus(x, "100")
	}
	if renamed {
		addStatus(x, "210")
	}
	return x, nil
}

// settle is about who the newcomer becomes, once all have agreed. They may have chosen another nick, or have waited for something: the
// account may be there under this nick by now, and gets one more session (M66, M167). It stays the object that the others have seen, with
// what they have hung on it. It tells whether the occupant is new in the room.
func (r *Room) settle(o *Occupant, isFirstSession bool) (isNew bool) {
	present := r.occupantByNick(o.nick)
	if present == nil {
		o.sessions, o.jid = nil, ""
		return true
	}
	o.sessions, o.jid = present.sessions, present.jid
	if isFirstSession {
		o.role = present.role
	}
	return false
}

// newcomer is somebody whom all have agreed to let in.
type newcomer struct {
	occupant  *Occupant
	isNew     bool // there was no such occupant
	isNewRoom bool
	origin    sdk.Session
	presence  *stanza.Element
}

// ask asks the other facets and plugins. nil if the sender has been refused.
func (r *Room) ask(ctx context.Context, origin sdk.Session, st *stanza.Element, isNewRoom bool) (*newcomer, error) {
	bareJID := bareOf(st.From())
	o := r.occupantByNick(st.To())
	isFirst := o == nil
	if isFirst {
		var err error
		if o, err = r.newOccupant(ctx, bareJID, st.To()); err != nil {
			return nil, err
		}
	}
	ev := roomEvent{r.newEvent("muc-occupant-pre-join", origin, st, "is_first_session", isFirst, "occupant", o), r}
	if isNewRoom {
		ev.Set("is_new_room", true)
	}
	if stopped, err := r.fireStops(ctx, ev.Event); stopped || err != nil {
		return nil, err
	}
	if other := ev.occupant("occupant"); other != nil {
		o = other
	}
	if r.isTakenByOther(o.nick, bareJID) {
		r.refuseConflict(ctx, origin, st)
		return nil, nil
	}
	isNew := r.settle(o, ev.Bool("is_first_session"))
	return &newcomer{o, isNew, ev.Bool("is_new_room"), origin, ev.Stanza}, nil
}

func (r *Room) admit(ctx context.Context, n *newcomer) error {
	o, fullJID := n.occupant, n.presence.From()
	o.setSession(fullJID, n.presence, false)
	r.saveOccupant(o)
	if err := r.sendOthersTo(ctx, fullJID); err != nil {
		return err
	}
	x, err := r.selfX(ctx, n.isNewRoom, o.nick != n.presence.To())
	if err != nil {
		return err
	}
	if err := r.publicise(ctx, o, announcement{x: newX(), self: x}); err != nil {
		return err
	}
	if n.isNew {
		if err := r.tellJoined(ctx, n.origin, n.presence, o); err != nil {
			return err
		}
	}
	return r.tellSessionNew(ctx, n.origin, n.presence, o)
}

func (r *Room) handleJoin(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	n, err := r.ask(ctx, origin, st, false)
	if n == nil || err != nil {
		return true, err
	}
	return true, r.admit(ctx, n)
}

// handleFirstPresence handles the presence that makes the room exist. A creator who is refused leaves no empty, locked room behind; one who
// is let in is told so when a persistent room is in the store.
func (r *Room) handleFirstPresence(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	if stopped, err := r.fireStops(ctx, r.newEvent("muc-room-pre-create", origin, st)); stopped || err != nil {
		return true, err
	}
	n, err := r.ask(ctx, origin, st, true)
	if n == nil {
		r.s.forgetRoom(ctx, r)
		if gone := r.s.deleteRoom(ctx, r); gone != nil { // a persistent one may have been saved on the way
			r.s.log.Error("a refused room was not removed from the store", "jid", r.jid, "err", gone)
		}
		return true, err
	}
	if err := r.s.keepRoom(ctx, r); err != nil {
		r.s.answer(ctx, origin, refusal(st, refuse(stanza.Wait, stanza.InternalServerError, "", r.jid)))
		return true, nil
	}
	if err := r.admit(ctx, n); err != nil {
		return true, err
	}
	return true, r.tell(ctx, "muc-room-created", origin, n.presence, "creator", n.occupant)
}
