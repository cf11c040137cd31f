package muccore

import "context"

func (s *service) loadNick(context.Context) error { return nil }
