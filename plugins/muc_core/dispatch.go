package muccore

import (
	"context"
	"errors"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// From stanzas to rooms (M9–M11).

// Below the usual priorities, so that other modules can take a stanza before the room sees it.
const dispatchPriority = -2

// toRooms are the methods for stanzas to rooms, by the event without its class, and the event's payload.
var toRooms = []struct{ kind, payload, method string }{
	{"message", "", "handle_message_to_room"},
	{"presence", "", "handle_presence_to_room"},
	{"iq-get", "/" + nsDiscoInfo + ":query", "handle_disco_info_get_query"},
	{"iq-get", "/" + nsDiscoItems + ":query", "handle_disco_items_get_query"},
	{"iq-get", "/" + nsAdmin + ":query", "handle_admin_query_get_command"},
	{"iq-set", "/" + nsAdmin + ":query", "handle_admin_query_set_command"},
	{"iq-get", "/" + nsOwner + ":query", "handle_owner_query_get_to_room"},
	{"iq-set", "/" + nsOwner + ":query", "handle_owner_query_set_to_room"},
}

// toOccupants are those for stanzas to occupants.
var toOccupants = map[string]string{
	"message/full": "handle_message_to_occupant", "presence/full": "handle_presence_to_occupant", "iq/full": "handle_iq_to_occupant",
}

func (s *service) loadDispatch(context.Context) error {
	for _, to := range toRooms {
		for _, class := range []string{"bare", "host"} {
			s.m.Serve(to.kind+"/"+class+to.payload, dispatchPriority, s.roomHandler(to.method))
		}
	}
	for event, method := range toOccupants {
		s.m.Serve(event, dispatchPriority, s.roomHandler(method))
	}
	// What rooms have no answer to is left to others, but a damaged room has none at all.
	s.m.Serve("iq/bare", dispatchPriority-1, s.answerForDamaged)
	return nil
}

// roomHandler is a handler for stanza events: it finds the room and calls its method of this name. A room whose record cannot be read is answered
// for, but never made anew, or it would be overwritten.
func (s *service) roomHandler(method string) sdk.Handler {
	return func(ctx context.Context, ev *sdk.Event) (any, error) {
		handled, err := s.dispatch(ctx, method, ev.Origin, ev.Stanza)
		if !handled || err != nil {
			return nil, err
		}
		return true, nil
	}
}

func (s *service) dispatch(ctx context.Context, method string, origin sdk.Session, st *stanza.Element) (handled bool, err error) {
	return s.dispatchTo(ctx, origin, st, func(ctx context.Context, r *Room) (bool, error) { return r.handle(ctx, method, origin, st) })
}

// dispatchTo finds the room of a stanza, enters it and calls handle; or it answers for a room that is not there.
func (s *service) dispatchTo(
	ctx context.Context, origin sdk.Session, st *stanza.Element, handle func(ctx context.Context, r *Room) (bool, error),
) (handled bool, err error) {
	roomJID := bareOf(st.To())
	ctx, r, leave, err := s.enterRoom(ctx, roomJID)
	switch {
	case errors.Is(err, errNoPlace), errors.Is(err, errBusy):
		return s.refuse(ctx, origin, st, refuse(stanza.Wait, stanza.ResourceConstraint, "", s.host)), nil
	case err != nil:
		return s.refuse(ctx, origin, st, refuse(stanza.Wait, stanza.InternalServerError, "", roomJID)), nil
	case r == nil:
		return s.handleAbsent(ctx, roomJID, origin, st)
	}
	defer leave()
	if !r.dataFlag("destroyed") {
		return handle(ctx, r)
	}
	if answered, err := r.answerAsTombstone(ctx, origin, st); answered || err != nil {
		return true, err
	}
	return s.handleAbsent(ctx, roomJID, origin, st)
}

// refuse answers for a room that is not there, unless there is nothing to answer.
func (s *service) refuse(ctx context.Context, origin sdk.Session, st *stanza.Element, e *stanza.Error) (handled bool) {
	if st.Type() == "error" || st.Type() == "result" {
		return false
	}
	s.answer(ctx, origin, refusal(st, e))
	return true
}

func (s *service) handleAbsent(ctx context.Context, roomJID string, origin sdk.Session, st *stanza.Element) (bool, error) {
	switch {
	case !isStrict(roomJID):
		return s.refuse(ctx, origin, st, refuse(stanza.Modify, stanza.JIDMalformed, "", s.host)), nil
	case st.Name == "presence" && st.Type() == "" && st.Child("x", nsMUC) != nil:
		return s.createByPresence(ctx, roomJID, origin, st)
	}
	return s.refuse(ctx, origin, st, refuse(stanza.Cancel, stanza.ItemNotFound, "There is no such room", s.host)), nil
}

// createByPresence: who makes a room names it and has a nick there (XEP-0045 #enter-nonick). The service itself is no room.
func (s *service) createByPresence(ctx context.Context, roomJID string, origin sdk.Session, st *stanza.Element) (bool, error) {
	if localOf(roomJID) == "" || resourceOf(st.To()) == "" {
		return s.refuse(ctx, origin, st, refuse(stanza.Modify, stanza.JIDMalformed, "A room and a nickname are expected", s.host)), nil
	}
	r := s.newRoom(roomJID, nil)
	ctx, leave, err := r.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	return r.handle(ctx, "handle_first_presence", origin, st)
}

// isStrict is whether an address has no code points that are not assigned in Unicode 3.2 (RFC 6122 §2): what looks like nothing is no name
// for a room.
func isStrict(bare string) bool {
	_, ok := jid.Nameprep(domainOf(bare), true)
	if local := localOf(bare); ok && local != "" {
		_, ok = jid.Nodeprep(local, true)
	}
	return ok
}

func (s *service) answerForDamaged(ctx context.Context, ev *sdk.Event) (any, error) {
	if !ev.Stanza.IsRequest() {
		return nil, nil
	}
	roomJID := bareOf(ev.Stanza.To())
	_, err := s.getRoom(ctx, roomJID)
	if err == nil || errors.Is(err, errNoPlace) {
		return nil, nil
	}
	s.refuse(ctx, ev.Origin, ev.Stanza, refuse(stanza.Wait, stanza.InternalServerError, "", roomJID))
	return true, nil
}
