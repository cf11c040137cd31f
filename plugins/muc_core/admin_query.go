package muccore

import "context"

func (s *service) loadAdminQuery(context.Context) error { return nil }
