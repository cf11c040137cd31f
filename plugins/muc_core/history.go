package muccore

import (
	"context"

	"quatrain/xmpp/stanza"
)

// historyState is the bound for the history of every room.
type historyState struct {
	maxLength float64
}

// historyEntry is a message that newcomers are shown.
type historyEntry struct {
	stanza    *stanza.Element // with a delay; never changed but for "to"
	timestamp float64         // seconds since 1970
	chars     int             // its size on the wire without the receiver's address, 0 until asked for
}

func (s *service) loadHistory(context.Context) error { return nil }

// sendHistory shows the history to a session that joins with this presence.
func (r *Room) sendHistory(ctx context.Context, presence *stanza.Element) error {
	return nil // FIXME declared only
}
