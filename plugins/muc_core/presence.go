package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Presence to a room: who joins, leaves, changes nick or just says how they are (XEP-0045 #presence; M60–M62, M70, M76).

func (s *service) loadPresence(context.Context) error {
	s.method("handle_presence_to_occupant", (*Room).handlePresenceToOccupant)
	s.method("handle_presence_to_room", (*Room).handlePresenceToRoom)
	s.method("handle_normal_presence", (*Room).handleNormalPresence)
	return nil
}

func (r *Room) handlePresenceToOccupant(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	switch st.Type() {
	case "error":
		return r.handle(ctx, "handle_kickable", origin, st)
	case "", "unavailable", "probe":
		return r.handle(ctx, "handle_normal_presence", origin, st)
	case "visible", "invisible", "result":
	default:
		r.s.answerError(ctx, origin, st, refuse(stanza.Modify, stanza.BadRequest, "", r.jid))
	}
	return true, nil
}

// handlePresenceToRoom takes updates to the room's own JID as meant for the sender's nick. Nobody else gets in this way.
// COMPAT Some clients send such.
func (r *Room) handlePresenceToRoom(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	nick, to := r.occupantJID(st.From()), st.To()
	if nick == "" {
		return false, nil
	}
	st.SetAttr("to", nick)
	defer st.SetAttr("to", to)
	return r.handle(ctx, "handle_presence_to_occupant", origin, st)
}

func (r *Room) updatePresence(ctx context.Context, origin sdk.Session, st *stanza.Element, o *Occupant, isResync bool) error {
	fullJID := st.From()
	ev := r.newEvent("muc-occupant-pre-change", origin, st,
		"is_last_session", !o.hasOtherSession(fullJID), "orig_occupant", o, "dest_occupant", o)
	if stopped, err := r.fireStops(ctx, ev); stopped || err != nil {
		return err
	}
	o.setSession(fullJID, ev.Stanza, false)
	r.saveOccupant(o)
	if isResync {
		if err := r.sendOthersTo(ctx, fullJID); err != nil {
			return err
		}
	}
	if err := r.publicise(ctx, o, announcement{x: newX(), prevRole: o.role}); err != nil {
		return err
	}
	if !isResync {
		return nil
	}
	return r.tellSessionNew(ctx, origin, ev.Stanza, o)
}

// handleNormalPresence decides what a presence means. Without the muc <x/> a client that is not here thinks that it is: tell it (M61). With
// it, a client that is here thinks that it is not: show it everything again (M70).
func (r *Room) handleNormalPresence(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	o := r.occupantByRealJID(st.From())
	isJoining := st.Child("x", nsMUC) != nil
	switch {
	case st.Type() == "probe":
		return true, r.respondToProbe(ctx, origin, st, o)
	case st.Type() == "unavailable":
		if o == nil {
			return true, nil
		}
		return r.handleLeave(ctx, origin, st, o)
	case o != nil && o.nick == st.To():
		return true, r.updatePresence(ctx, origin, st, o, isJoining)
	case o != nil:
		return r.handleNickChange(ctx, origin, st, o)
	case isJoining:
		return r.handle(ctx, "handle_join", origin, st)
	}
	r.s.answerError(ctx, origin, st, refuse(stanza.Cancel, stanza.ItemNotFound, "You are not in this room", r.jid))
	return true, nil
}
