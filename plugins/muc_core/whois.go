package muccore

import "context"

func (s *service) loadWhois(context.Context) error { return nil }
