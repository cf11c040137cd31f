package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func (s *service) loadVoice(context.Context) error { return nil }

// handleRoleRequest takes a request for voice, or a moderator's answer to one.
func (r *Room) handleRoleRequest(ctx context.Context, origin sdk.Session, st, form *stanza.Element) error {
	return nil // FIXME declared only
}
