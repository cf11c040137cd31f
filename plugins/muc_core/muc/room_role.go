package muc

import "context"

// Role is that of an occupant JID; NoRole if nobody has it.
func (r Room) Role(ctx context.Context, occupantJID string) (Role, error) {
	v, err := ask(ctx, r.Object, "get_role", occupantJID)
	return roleOf(v), err
}

// DefaultRole is the role that somebody with this affiliation gets on joining.
func (r Room) DefaultRole(ctx context.Context, a Affiliation) (Role, error) {
	v, err := ask(ctx, r.Object, "get_default_role", a.value())
	return roleOf(v), err
}

// SetRole changes an occupant's role, as far as the actor may: a real JID, or Service. NoRole kicks. Everybody is told, with the reason
// unless it is "". The error is a *stanza.Error: the actor may not, or nobody has this occupant JID (item-not-found).
func (r Room) SetRole(ctx context.Context, actor, occupantJID string, role Role, reason string) error {
	return do(ctx, r.Object, "set_role", actorValue(actor), occupantJID, role.value(), optional(reason))
}

// Kick removes an occupant on behalf of the service.
func (r Room) Kick(ctx context.Context, occupantJID, reason string) error {
	return r.SetRole(ctx, Service, occupantJID, NoRole, reason)
}
