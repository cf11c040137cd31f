package muccore

import (
	"context"

	"quatrain/xmpp/dataform"
)

// Whether the room is listed publicly (XEP-0045 #terms-rooms; M42, M49, M55).

func (s *service) loadHidden(context.Context) error {
	mayPublish := s.definePermission("create-public-room", s.roleFor("muc_room_allow_public"))
	s.setting("hidden", flag("hidden"))
	s.setting("public", setting{
		get: func(r *Room) any { return !isTrue(r.data["hidden"]) },
		set: func(ctx context.Context, r *Room, value any) (bool, error) {
			return r.set(ctx, "hidden", !isTrue(value))
		},
	})
	s.configField(configField{
		priority: 91, // last under the heading "about the room"
		name:     "muc#roomconfig_publicroom",
		typ:      dataform.Boolean,
		label:    "Show the room in public lists",
		setting:  "public",
		mayEdit:  mayPublish.of,
	})
	s.hook("muc-disco#info", 0, tellFlag("hidden", "muc_hidden", "muc_public"))
	return nil
}
