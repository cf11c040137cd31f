package muccore

import "context"

func (s *service) loadUnique(context.Context) error { return nil }
