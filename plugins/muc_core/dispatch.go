package muccore

import "context"

func (s *service) loadDispatch(context.Context) error { return nil }
