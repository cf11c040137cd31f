package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// tombstoneState is for how long destroyed rooms are remembered.
type tombstoneState struct{}

func (s *service) loadTombstone(context.Context) error { return nil }

// leaveStore is what a room that is to be destroyed leaves in the store.
func (r *Room) leaveStore(ctx context.Context, reason, newJID string) error {
	return nil // FIXME declared only
}

// answerAsTombstone answers for a tombstone, and tells whether the stanza has been dealt with; otherwise there is no room any longer.
func (r *Room) answerAsTombstone(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	return true, nil // FIXME declared only
}
