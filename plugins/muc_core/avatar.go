package muccore

import "context"

// avatarState is whether rooms have pictures.
type avatarState struct{}

// avatarOfRoom is what a room remembers of its picture.
type avatarOfRoom struct{}

func (s *service) loadAvatar(context.Context) error { return nil }
