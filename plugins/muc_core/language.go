package muccore

import (
	"context"

	"quatrain/xmpp/dataform"
)

// The language that is spoken in the room, as a tag of RFC 5646 (M44, M49, M59).

func (s *service) loadLanguage(context.Context) error {
	s.setting("language", textSetting("language"))
	s.configField(configField{
		priority:  97, // after the description
		name:      "muc#roomconfig_lang",
		typ:       dataform.TextSingle,
		datatype:  "xs:language",
		label:     "Language",
		desc:      "The tag of the language that is mostly spoken, such as en or de",
		setting:   "language",
		maxLength: 35, // room for every registered tag (RFC 5646 §4.4.1)
	})
	s.hook("muc-disco#info", 0, func(ctx context.Context, ev roomEvent) (any, error) {
		language, err := ev.room.get(ctx, "language")
		if err != nil {
			return nil, err
		}
		return nil, tellValue(ctx, ev, "muc#roominfo_lang", "Language", language)
	})
	return nil
}
