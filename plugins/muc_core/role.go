package muccore

import "context"

func (s *service) loadRole(context.Context) error { return nil }

// defaultRole is what somebody of this affiliation gets on joining (M135), "" for none.
func (r *Room) defaultRole(ctx context.Context, affiliation string) (string, error) {
	return "", nil // FIXME declared only
}

// role is that of an occupant, "" for none or if there is no such occupant.
func (r *Room) role(occupantJID string) string {
	return "" // FIXME declared only
}

// maySetRole is whether an actor, a real JID, may give an occupant a role (M145): nil, or a *stanza.Error.
func (r *Room) maySetRole(ctx context.Context, actor string, o *Occupant, role string) error {
	return nil // FIXME declared only
}

// changeRole gives an occupant, a copy, this role ("": out), and tells nobody.
func (r *Room) changeRole(o *Occupant, role string) {} // FIXME declared only

// setRole gives an occupant a role and tells everybody. actor is a real JID, or byService. "" kicks. The error is a *stanza.Error where it is
// refused.
func (r *Room) setRole(ctx context.Context, actor, occupantJID, role, reason string) error {
	return nil // FIXME declared only
}
