package muccore

import (
	"context"

	"quatrain/xmpp/stanza"
)

func (s *service) loadProbe(context.Context) error { return nil }

// unavailablePresence is the presence of a nick that is reserved for somebody absent; nil if it is not reserved.
func (r *Room) unavailablePresence(ctx context.Context, occupantJID, to string) (*stanza.Element, error) {
	return nil, nil // FIXME declared only
}
