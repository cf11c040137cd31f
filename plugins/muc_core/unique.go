package muccore

import (
	"context"

	"github.com/google/uuid"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// loadUnique offers names for new rooms that nobody has (XEP-0307; M8).
func (s *service) loadUnique(ctx context.Context) error {
	s.addFeature(ctx, nsUnique)
	// After others (0), who may have a better idea of names.
	s.m.Serve("iq-get/host/"+nsUnique+":unique", -1, func(ctx context.Context, ev *sdk.Event) (any, error) {
		s.answer(ctx, ev.Origin, stanza.Reply(ev.Stanza).TextTag("unique", nsUnique, uuid.NewString()))
		return true, nil
	})
	return nil
}
