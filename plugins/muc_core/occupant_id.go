package muccore

import "context"

// occupantIDState is whether occupants have identifiers.
type occupantIDState struct{}

func (s *service) loadOccupantID(context.Context) error { return nil }

// salt is the room's secret for identifiers, made and saved when first asked for.
func (r *Room) salt(ctx context.Context) (string, error) {
	return "", nil // FIXME declared only
}

// occupantID is the identifier of an occupant (XEP-0421).
func (r *Room) occupantID(ctx context.Context, o *Occupant) (string, error) {
	return "", nil // FIXME declared only
}
