package muccore

import "context"

func (s *service) loadVoice(context.Context) error { return nil }
