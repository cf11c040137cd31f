package muccore

import "context"

func (s *service) loadHidden(context.Context) error { return nil }
