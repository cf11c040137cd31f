package muccore

import (
	"context"

	"quatrain/sdk"
)

// definePermission declares an action that a role (and those above it) may do unless configured otherwise.
func (s *service) definePermission(action, role string) permission {
	action = "muc:" + action
	s.m.DefaultPermission(role, action)
	return permission(action)
}

// permission is an action.
type permission string

// allows is whether a JID may do it.
func (p permission) allows(ctx context.Context, s *service, jid string) bool {
	return s.m.May(ctx, string(p), sdk.Actor{JID: jid}, false)
}
