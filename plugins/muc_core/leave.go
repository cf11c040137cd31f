package muccore

import "context"

func (s *service) loadLeave(context.Context) error { return nil }
