package muccore

import "context"

func (s *service) loadGroupchat(context.Context) error { return nil }
