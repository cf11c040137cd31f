package muccore

import "context"

// shutdownState is whether occupants outlast this instance.
type shutdownState struct{}

func (s *service) loadShutdown(context.Context) error { return nil }
