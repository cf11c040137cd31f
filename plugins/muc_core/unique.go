package muccore

import (
	"context"
	"crypto/rand"
	"fmt"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// loadUnique offers names for new rooms that nobody has (XEP-0307; M8).
func (s *service) loadUnique(ctx context.Context) error {
	s.addFeature(ctx, nsUnique)
	// After others (0), who may have a better idea of names.
	s.m.Serve("iq-get/host/"+nsUnique+":unique", -1, func(ctx context.Context, ev *sdk.Event) (any, error) {
		s.answer(ctx, ev.Origin, stanza.Reply(ev.Stanza).TextTag("unique", nsUnique, newUUID()))
		return true, nil
	})
	return nil
}

// newUUID is a random one (RFC 9562 §5.4) in lower case.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
