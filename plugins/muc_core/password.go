package muccore

import "context"

func (s *service) loadPassword(context.Context) error { return nil }
