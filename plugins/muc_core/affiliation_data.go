package muccore

import "context"

func (s *service) loadAffiliationData(context.Context) error { return nil }

// setAffiliationData changes one value of what is kept with an affiliation; nil removes it. The error is a *stanza.Error if it cannot be saved.
func (r *Room) setAffiliationData(ctx context.Context, bareJID, key string, value any) error {
	return nil // FIXME declared only
}
