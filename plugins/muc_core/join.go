package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func (s *service) loadJoin(context.Context) error { return nil }

// isTakenByOther is whether a nick (occupant JID) belongs to another account at the moment.
func (r *Room) isTakenByOther(occupantJID, bareJID string) bool {
	holder := r.occupants[occupantJID]
	return holder != nil && bareOf(holder.bareJID) != bareJID
}

// refuseConflict answers who wants a nick that is in use by another account.
func (r *Room) refuseConflict(ctx context.Context, origin sdk.Session, st *stanza.Element) {
	r.s.answer(ctx, origin, refusal(st, refuse(stanza.Cancel, stanza.Conflict, "This nickname is in use", r.jid)))
}
