package muccore

import (
	"context"

	"quatrain/xmpp/dataform"
)

// Whether the room outlasts its last occupant (XEP-0045 #terms-rooms; M21–M23, M42, M55).

func (s *service) loadPersistent(context.Context) error {
	mayPersist := s.definePermission("create-persistent-room", s.roleFor("muc_room_allow_persistent"))
	s.setting("persistent", flag("persistent"))
	s.configField(configField{
		priority: 95,
		name:     "muc#roomconfig_persistentroom",
		typ:      dataform.Boolean,
		label:    "Keep the room when the last one leaves",
		setting:  "persistent",
		mayEdit:  mayPersist.of,
	})
	s.hook("muc-disco#info", 0, tellFlag("persistent", "muc_persistent", "muc_temporary"))
	// After all others, who may still want to look at the room, or to make it persistent.
	s.hook("muc-occupant-left", -1, endIfEmpty)
	return nil
}

// roleFor is the role that may do what an option allows to all; otherwise only admins may.
func (s *service) roleFor(option string) string {
	return oneOf(s.optionBool(option, true), "prosody:registered", "prosody:admin")
}

// of is allows in the form that fields of the configuration want.
func (p permission) of(ctx context.Context, s *service, actor string) bool {
	return p.allows(ctx, s, actor)
}

func endIfEmpty(ctx context.Context, ev roomEvent) (any, error) {
	r := ev.room
	if r.destroying || r.hasOccupant() {
		return nil, nil
	}
	persistent, err := r.getFlag(ctx, "persistent")
	if err != nil || persistent {
		return nil, err
	}
	r.destroying = true // several may be removed at once, but the room ends once
	return nil, r.tell(ctx, "muc-room-destroyed", nil, nil)
}
