package muccore

import (
	"context"

	"quatrain/xmpp/stanza"
)

// Who may make rooms (M13), and, if so configured, who owns all of them (M147).

// creationState is who may make rooms, and who owns all of them ("": nobody).
type creationState struct {
	create, ownAll permission
}

func (s *service) loadCreation(context.Context) error {
	s.creation.create = s.definePermission("create-room", s.creators())
	s.hook("muc-room-pre-create", 0, func(ctx context.Context, ev roomEvent) (any, error) {
		if s.creation.create.allows(ctx, s, ev.Stanza.From()) {
			return nil, nil
		}
		return ev.refuseEntry(ctx, refuse(stanza.Cancel, stanza.NotAllowed, "You may not create rooms here", s.host))
	})
	if s.optionBool("component_admins_as_room_owners", false) {
		s.creation.ownAll = s.definePermission("automatic-ownership", "prosody:admin")
	}
	return nil
}

// creators is the role that makes rooms. true: admins; "local": accounts of the parent host; false: anyone. "admin" is an older name of true.
func (s *service) creators() string {
	switch s.m.Option("restrict_room_creation") {
	case nil, "local":
		return "prosody:registered"
	case false:
		return "prosody:guest"
	}
	return "prosody:admin"
}

// ownsAll: admins are owners whatever the room's list says, and cannot be made anything else, if so configured.
func (c *creationState) ownsAll(ctx context.Context, s *service, jid string) bool {
	return c.ownAll != "" && c.ownAll.allows(ctx, s, jid)
}
