package muccore

import (
	"context"

	"quatrain/sdk"
)

func (s *service) loadAffiliationChange(context.Context) error { return nil }

// setAffiliation gives somebody another affiliation. actor is a real JID, or byService. data: nil leaves what is there, an empty map clears
// it. The error is a *stanza.Error where the change is refused or cannot be saved, and then it has not happened.
func (r *Room) setAffiliation(ctx context.Context, actor, jid, affiliation, reason string, data sdk.Data) error {
	return nil // FIXME declared only
}
