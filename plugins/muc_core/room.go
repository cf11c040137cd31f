package muccore

import (
	"cmp"
	"context"
	"slices"

	"quatrain/sdk"
)

// Room is a room and who is in it. The other facets add their methods.
//
// All of it but jid and the entry belongs to the chain that is in (enter). Methods expect that, and hold on to it while they fire events
// and send: handlers of other plugins come back into the room on the same chain.
type Room struct {
	s     *service
	jid   string // bare; immutable
	entry entry

	data            sdk.Data             // what is saved with the room, also by other plugins
	affiliations    map[string]string    // bare JID or domain → affiliation
	affiliationData map[string]sdk.Data  // bare JID → what is kept with it
	occupants       map[string]*Occupant // occupant JID → occupant
	jidNick         map[string]string    // full JID → occupant JID
	arrivals        uint64               // occupants so far
	order           []*Occupant          // occupants in order of arrival; nil if it is not known
	audience        audience

	history       []historyEntry // oldest first
	destroying    bool           // it has begun to end
	reason        string         // why, if it is destroyed on purpose
	transaction   *transaction
	roomState         // of the cache and the store
	roomFace          // what other plugins hang on it
	avatarOfRoom      // its picture
	reservedNicks any // a *reservedIndex, or what others have put in its place; nil: none
}

// newRoom makes a room that nobody knows yet. data becomes what is saved with it; nil for an empty one.
func (s *service) newRoom(jid string, data sdk.Data) *Room {
	if data == nil {
		data = sdk.Data{}
	}
	return &Room{
		s: s, jid: jid, data: data,
		affiliations:    map[string]string{},
		affiliationData: map[string]sdk.Data{},
		occupants:       map[string]*Occupant{},
		jidNick:         map[string]string{},
		audience:        newAudience(),
	}
}

// enter waits for the room and enters it. What is done with the returned context belongs to the chain that is in.
func (r *Room) enter(ctx context.Context) (_ context.Context, leave func(), err error) {
	inside, out, err := r.entry.enter(ctx)
	if err != nil {
		return nil, nil, err
	}
	return inside, func() { r.leave(inside, out) }, nil
}

// leave keeps what has changed, and lets go of rooms that had to wait for this one.
func (r *Room) leave(ctx context.Context, out func()) {
	outermost := r.entry.isOutermost()
	if outermost {
		r.keepChanges()
	}
	out()
	if outermost {
		r.s.thinOut(ctx)
	}
}

// newOccupant is somebody who could come in under that nick, with the role of the affiliation. nick is an occupant JID.
func (r *Room) newOccupant(ctx context.Context, bareJID, nick string) (*Occupant, error) {
	affiliation, err := r.affiliation(ctx, bareJID)
	if err != nil {
		return nil, err
	}
	role, err := r.defaultRole(ctx, affiliation)
	if err != nil {
		return nil, err
	}
	o := newOccupant(r, bareJID, nick)
	o.role = role
	return o, nil
}

// occupantJID is the nick of a session, "" if it is not in the room.
func (r *Room) occupantJID(fullJID string) string { return r.jidNick[fullJID] }

// occupantByNick is a copy of an occupant, nil if there is none.
func (r *Room) occupantByNick(occupantJID string) *Occupant {
	if o := r.occupants[occupantJID]; o != nil {
		return o.copy()
	}
	return nil
}

// occupantByRealJID is a copy of the occupant that a session belongs to, nil if it is not in the room.
func (r *Room) occupantByRealJID(fullJID string) *Occupant {
	if nick, ok := r.jidNick[fullJID]; ok {
		return r.occupantByNick(nick)
	}
	return nil
}

// eachOccupant are copies of all who are there, in order of arrival.
func (r *Room) eachOccupant() []*Occupant {
	all := slices.Clone(r.inOrder())
	for i, o := range all {
		all[i] = o.copy()
	}
	return all
}

// inOrder are those that the room keeps, in order of arrival. The list is not to be changed.
func (r *Room) inOrder() []*Occupant {
	if r.order != nil {
		return r.order
	}
	all := make([]*Occupant, 0, len(r.occupants))
	for _, o := range r.occupants {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b *Occupant) int { return cmp.Compare(a.arrival, b.arrival) })
	r.order = all
	return all
}

// setOccupant puts somebody under a nick, nil: nobody. Who comes last is last in order.
func (r *Room) setOccupant(nick string, o *Occupant) {
	old := r.occupants[nick]
	n := len(r.order)
	if old == nil && o != nil && n == len(r.occupants) && (n == 0 || r.order[n-1].arrival < o.arrival) {
		r.order = append(r.order, o)
	} else {
		r.order = nil
	}
	if o != nil {
		r.occupants[nick] = o
	} else {
		delete(r.occupants, nick)
	}
}

func (r *Room) hasOccupant() bool { return len(r.occupants) > 0 }

// saveOccupant makes the room know this state of an occupant. Without a role, or without an available session, the occupant is out (M75).
// It returns what the room keeps, nil if nothing.
func (r *Room) saveOccupant(o *Occupant) *Occupant {
	nick := o.nick
	old := r.occupants[nick]
	var kept *Occupant
	if o.role != "" && o.availableSession() != "" {
		kept = o.copy()
	}
	if kept != nil {
		r.place(kept, old)
	}
	r.setOccupant(nick, kept)
	if old != nil {
		r.forgetSessions(old, kept)
	}
	if kept != nil {
		r.rememberSessions(kept)
	}
	r.occupantChanged(nick)
	return kept
}

// place puts an occupant into the order of arrival. Who was there already, under this nick, keeps the place, as does a copy that comes back
// because a change has been called off.
func (r *Room) place(o, before *Occupant) {
	switch {
	case before != nil:
		o.arrival = before.arrival
	case o.arrival == 0:
		r.arrivals++
		o.arrival = r.arrivals
	}
}

func (r *Room) forgetSessions(old, kept *Occupant) {
	for _, session := range old.sessions {
		stays := kept != nil && kept.isAvailable(session.jid)
		if !stays && r.jidNick[session.jid] == old.nick {
			delete(r.jidNick, session.jid)
			r.audience.remove(session.jid, old.bareJID)
		}
	}
}

func (r *Room) rememberSessions(o *Occupant) {
	for _, session := range o.sessions {
		if session.presence.Type() == "" {
			r.jidNick[session.jid] = o.nick
			r.audience.set(session.jid, o)
		}
	}
}
