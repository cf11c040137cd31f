package muccore

import (
	"context"

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

// publicise tells the room about an occupant: one presence in the versions that the different readers may see (M76–M85).
func (r *Room) publicise(ctx context.Context, o *Occupant, a announcement) error {
	return nil // FIXME declared only
}
