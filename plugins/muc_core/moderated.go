package muccore

import (
	"context"

	"quatrain/xmpp/dataform"
)

// Rooms in which strangers only listen until they get voice (XEP-0045 #terms-rooms; M42, M135).

func (s *service) loadModerated(context.Context) error {
	s.setting("moderated", flag("moderated"))
	s.configField(configField{
		priority: 77, // after changing the subject
		name:     "muc#roomconfig_moderatedroom",
		typ:      dataform.Boolean,
		label:    "Moderated: newcomers have no voice",
		desc:     "People without an affiliation may speak when a moderator lets them",
		setting:  "moderated",
	})
	s.hook("muc-disco#info", 0, tellFlag("moderated", "muc_moderated", "muc_unmoderated"))
	// After members_only (2), before what holds for all rooms (-1).
	s.hook("muc-get-default-role", 1, strangersListen)
	return nil
}

// tellFlag tells in disco whether a setting is on.
func tellFlag(setting, on, off string) roomHandler {
	return func(ctx context.Context, ev roomEvent) (any, error) {
		isOn, err := ev.room.getFlag(ctx, setting)
		if err != nil {
			return nil, err
		}
		addDiscoFeature(ev, oneOf(isOn, on, off))
		return nil, nil
	}
}

func strangersListen(ctx context.Context, ev roomEvent) (any, error) {
	if ev.String("affiliation") != "" {
		return nil, nil
	}
	moderated, err := ev.room.getFlag(ctx, "moderated")
	if err != nil || !moderated {
		return nil, err
	}
	return visitor, nil
}
