package muccore

import "context"

// adminCommandsState is what the facet keeps for all rooms.
type adminCommandsState struct{}

func (s *service) loadAdminCommands(context.Context) error { return nil }
