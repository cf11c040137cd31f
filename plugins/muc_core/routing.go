package muccore

import (
	"context"

	"quatrain/xmpp/stanza"
)

// What leaves a room: to one JID, to the sessions of an occupant, to all. No stanza is kept by those it is handed to.

func (s *service) loadRouting(context.Context) error { return nil }

// routeStanza sends a stanza that has its addresses.
func (r *Room) routeStanza(ctx context.Context, st *stanza.Element) error {
	if f := r.replaced("route_stanza"); f != nil {
		_, err := f.Call(ctx, r, st)
		return err
	}
	return r.ownRouteStanza(ctx, st)
}

func (r *Room) ownRouteStanza(ctx context.Context, st *stanza.Element) error {
	return r.s.m.Send(ctx, nil, st)
}

// routeToOccupant sends a stanza to each session of an occupant. Its "to" is left as it was.
func (r *Room) routeToOccupant(ctx context.Context, o *Occupant, st *stanza.Element) error {
	if f := r.replaced("route_to_occupant"); f != nil {
		_, err := f.Call(ctx, r, o, st)
		return err
	}
	return r.ownRouteToOccupant(ctx, o, st)
}

func (r *Room) ownRouteToOccupant(ctx context.Context, o *Occupant, st *stanza.Element) error {
	jids := make([]string, len(o.sessions))
	for i, session := range o.sessions {
		jids[i] = session.jid
	}
	return r.sendOneByOne(ctx, jids, st)
}

// sendOneByOne routes a stanza to each of the JIDs and puts its old "to" back.
func (r *Room) sendOneByOne(ctx context.Context, fullJIDs []string, st *stanza.Element) error {
	to, had := st.LookupAttr("to")
	defer func() {
		if had {
			st.SetAttr("to", to)
		} else {
			st.DelAttr("to")
		}
	}()
	for _, jid := range fullJIDs {
		st.SetAttr("to", jid)
		if err := r.routeStanza(ctx, st); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) sendByOccupants(ctx context.Context, fullJIDs []string, st *stanza.Element) error {
	done := map[string]bool{}
	for _, jid := range fullJIDs {
		o := r.occupantByRealJID(jid)
		if o == nil || done[o.nick] {
			continue
		}
		done[o.nick] = true
		if err := r.routeToOccupant(ctx, o, st); err != nil {
			return err
		}
	}
	return nil
}

// deliver sends one stanza to many sessions, all those of an occupant or none. Where another plugin has put something in the place of one of
// the methods above, it sees what leaves; everywhere else it is a single delivery. The list is not changed and not kept.
func (r *Room) deliver(ctx context.Context, fullJIDs []string, st *stanza.Element) error {
	switch {
	case len(fullJIDs) == 0:
		return nil
	case r.replaced("route_to_occupant") != nil:
		return r.sendByOccupants(ctx, fullJIDs, st)
	case r.replaced("route_stanza") != nil:
		return r.sendOneByOne(ctx, fullJIDs, st)
	}
	return r.s.m.Broadcast(ctx, fullJIDs, st)
}

// broadcast sends a stanza to those whom filter chooses; without one it is everybody, which is much cheaper.
func (r *Room) broadcast(ctx context.Context, st *stanza.Element, filter func(o *Occupant) bool) error {
	if f := r.replaced("broadcast"); f != nil {
		_, err := f.Call(ctx, r, st, occupantFilter(filter))
		return err
	}
	return r.ownBroadcast(ctx, st, filter)
}

func (r *Room) ownBroadcast(ctx context.Context, st *stanza.Element, filter func(o *Occupant) bool) error {
	if filter == nil {
		return r.audience.everyone.send(ctx, r, st)
	}
	var chosen []string
	for _, o := range r.eachOccupant() {
		if !filter(o) {
			continue
		}
		for _, session := range o.sessions {
			chosen = append(chosen, session.jid)
		}
	}
	return r.deliver(ctx, chosen, st)
}

// broadcastToModerators is broadcast with a filter, without asking it about each occupant.
func (r *Room) broadcastToModerators(ctx context.Context, st *stanza.Element) error {
	if r.replaced("broadcast") != nil {
		return r.broadcast(ctx, st, withMinRole(moderator))
	}
	return r.audience.moderators.send(ctx, r, st)
}

// withMinRole is a filter for broadcast.
func withMinRole(role string) func(o *Occupant) bool {
	return func(o *Occupant) bool { return roleRanks[o.role] >= roleRanks[role] }
}

// broadcastMessage sends a message of the room itself or of an occupant to all.
func (r *Room) broadcastMessage(ctx context.Context, st *stanza.Element) error {
	if f := r.replaced("broadcast_message"); f != nil {
		_, err := f.Call(ctx, r, st)
		return err
	}
	return r.ownBroadcastMessage(ctx, st)
}

func (r *Room) ownBroadcastMessage(ctx context.Context, st *stanza.Element) error {
	ev := r.newEvent("muc-broadcast-message", nil, st)
	if taken, err := r.fireStops(ctx, ev); taken || err != nil {
		return err
	}
	if ev.Stanza != nil {
		st = ev.Stanza
	}
	return r.broadcast(ctx, st, nil)
}
