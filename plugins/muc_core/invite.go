package muccore

import "context"

func (s *service) loadInvite(context.Context) error { return nil }
