package muccore

import (
	"context"

	"quatrain/xmpp/stanza"
)

func (s *service) loadDestroy(context.Context) error { return nil }

// clear removes everybody, or those whom filter chooses; x, which may be nil, is what their presence carries.
func (r *Room) clear(ctx context.Context, x *stanza.Element, filter func(o *Occupant) bool) error {
	return nil // FIXME declared only
}

// destroy ends the room. newJID is a room to go to instead, with its password; each may be "". The error is a *stanza.Error if a handler
// objects, or if the room cannot be removed from the store: it goes on.
func (r *Room) destroy(ctx context.Context, newJID, reason, password string) error {
	return nil // FIXME declared only
}
