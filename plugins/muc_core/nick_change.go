package muccore

import "context"

func (s *service) loadNickChange(context.Context) error { return nil }

// renameOccupant gives an occupant another nick, with all its sessions, on behalf of the service: 303 to all, 210 to itself.
func (r *Room) renameOccupant(ctx context.Context, oldJID, newJID string) error {
	return nil // FIXME declared only
}
