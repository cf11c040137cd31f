package muccore

import "context"

// descriptionState is what the facet keeps for all rooms.
type descriptionState struct{}

func (s *service) loadDescription(context.Context) error { return nil }
