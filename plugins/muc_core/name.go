package muccore

import (
	"context"

	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// The room's name for people (M44, M49, M59).

func (s *service) loadName(context.Context) error {
	s.setting("name", textSetting("name"))
	s.configField(configField{
		priority:  99, // first under the heading "about the room"
		name:      "muc#roomconfig_roomname",
		typ:       dataform.TextSingle,
		label:     "Name",
		setting:   "name",
		maxLength: int(s.optionNumber("muc_max_name_length", 256)),
	})
	// Before the features (0): clients show the first identity.
	s.hook("muc-disco#info", 1, tellName)
	return nil
}

func tellName(ctx context.Context, ev roomEvent) (any, error) {
	name, err := ev.room.getText(ctx, "name")
	if err != nil {
		return nil, err
	}
	if query := discoQuery(ev); query != nil {
		identity := stanza.New("identity", "", "category", "conference", "type", "text")
		if name != "" {
			identity.SetAttr("name", name)
		}
		query.AddChild(identity)
	}
	if err := addField(ctx, ev, map[string]any{"name": "muc#roomconfig_roomname", "type": "text-single", "label": "Name"}); err != nil {
		return nil, err
	}
	return nil, setFormValue(ctx, ev, "muc#roomconfig_roomname", optional(name))
}
