package muccore

import "context"

// defaultsState is how new rooms are set up.
type defaultsState struct{}

func (s *service) loadDefaults(context.Context) error { return nil }

// setDefaults sets a new room up. language overrides the default one unless it is "".
func (r *Room) setDefaults(ctx context.Context, language string) error {
	return nil // FIXME declared only
}
