package muccore

import "context"

func (s *service) loadOwnerQuery(context.Context) error { return nil }
