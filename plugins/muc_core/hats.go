package muccore

import "context"

// hatsState is what the facet keeps for all rooms.
type hatsState struct{}

func (s *service) loadHats(context.Context) error { return nil }
