package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// What owners ask of their room: its configuration form, its end (XEP-0045 #owner; M48, M175).

func (s *service) loadOwnerQuery(context.Context) error {
	s.method("handle_owner_query_get_to_room", (*Room).handleOwnerGet)
	s.method("handle_owner_query_set_to_room", (*Room).handleOwnerSet)
	return nil
}

// refuseStanza answers with an error that the room says.
func (r *Room) refuseStanza(ctx context.Context, origin sdk.Session, st *stanza.Element, t stanza.ErrorType, c stanza.Condition, text string) {
	r.s.answerError(ctx, origin, st, refuse(t, c, text, r.jid))
}

// isRefusedToOwnersOnly answers who is no owner.
func (r *Room) isRefusedToOwnersOnly(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	affiliation, err := r.affiliation(ctx, st.From())
	if err != nil || affiliation == owner {
		return false, err
	}
	r.refuseStanza(ctx, origin, st, stanza.Auth, stanza.Forbidden, "Only owners configure the room")
	return true, nil
}

func (r *Room) handleOwnerGet(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	if refused, err := r.isRefusedToOwnersOnly(ctx, origin, st); refused || err != nil {
		return true, err
	}
	_, err := r.handle(ctx, "send_form", origin, st)
	return true, err
}

func (r *Room) handleOwnerSet(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	if refused, err := r.isRefusedToOwnersOnly(ctx, origin, st); refused || err != nil {
		return true, err
	}
	query := st.Tags[0]
	if len(query.Tags) == 0 {
		r.refuseStanza(ctx, origin, st, stanza.Modify, stanza.BadRequest, "")
		return true, nil
	}
	request := query.Tags[0]
	switch {
	case request.Name == "destroy" && (request.NS() == "" || request.NS() == nsOwner):
		return true, r.answerDestroy(ctx, origin, st, request)
	case request.Name == "x" && request.NS() == nsData:
		return r.handle(ctx, "process_form", origin, st)
	}
	r.refuseStanza(ctx, origin, st, stanza.Cancel, stanza.ServiceUnavailable, "")
	return true, nil
}

func (r *Room) answerDestroy(ctx context.Context, origin sdk.Session, st, request *stanza.Element) error {
	alternative, named := request.LookupAttr("jid")
	if alternative = prepare(alternative); named && alternative == "" {
		r.refuseStanza(ctx, origin, st, stanza.Modify, stanza.JIDMalformed, "The other room needs a valid address")
		return nil
	}
	if err := r.destroy(ctx, alternative, request.ChildText("reason", ""), request.ChildText("password", "")); err != nil {
		return r.answerFailure(ctx, origin, st, err)
	}
	r.s.answer(ctx, origin, stanza.Reply(st))
	return nil
}
