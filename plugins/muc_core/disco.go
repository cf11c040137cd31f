package muccore

import "context"

func (s *service) loadDisco(context.Context) error { return nil }
