package muccore

import (
	"context"

	"quatrain/xmpp/dataform"
)

// A longer text about the room (M44, M49, M59).

func (s *service) loadDescription(context.Context) error {
	s.setting("description", textSetting("description"))
	s.configField(configField{
		priority:  98, // after the name
		name:      "muc#roomconfig_roomdesc",
		typ:       dataform.TextSingle,
		label:     "Description",
		desc:      "A sentence about what the room is for",
		setting:   "description",
		maxLength: int(s.optionNumber("muc_max_description_length", 4096)),
	})
	s.hook("muc-disco#info", 0, func(ctx context.Context, ev roomEvent) (any, error) {
		description, err := ev.room.getText(ctx, "description")
		if err != nil {
			return nil, err
		}
		return nil, tellValue(ctx, ev, "muc#roominfo_description", "Description", description)
	})
	return nil
}

// tellValue adds a field and its value, nil for none, to the form in disco.
func tellValue(ctx context.Context, ev roomEvent, name, label string, value any) error {
	if err := addField(ctx, ev, map[string]any{"name": name, "label": label}); err != nil {
		return err
	}
	return setFormValue(ctx, ev, name, value)
}
