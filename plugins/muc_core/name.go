package muccore

import "context"

// nameState is what the facet keeps for all rooms.
type nameState struct{}

func (s *service) loadName(context.Context) error { return nil }
