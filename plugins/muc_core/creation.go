package muccore

import "context"

// creationState is what the facet keeps for all rooms.
type creationState struct{}

func (s *service) loadCreation(context.Context) error { return nil }
