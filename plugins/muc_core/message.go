package muccore

import "context"

func (s *service) loadMessage(context.Context) error { return nil }
