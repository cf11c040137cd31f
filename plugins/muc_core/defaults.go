package muccore

import "context"

// defaultsState is how new rooms are set up unless their owner says otherwise (M13, M29): values of settings, in the order in which they
// are set. What is nil is not set.
type defaultsState struct {
	settings []defaultSetting
}

type defaultSetting struct {
	name  string
	value any
}

func (s *service) loadDefaults(context.Context) error {
	whois := oneOf(s.optionBool("muc_room_default_public_jids", false), "anyone", "moderators")
	s.defaults.settings = []defaultSetting{
		{"public", s.optionBool("muc_room_default_public", false)},
		{"persistent", s.optionBool("muc_room_default_persistent", false)},
		{"members_only", s.optionBool("muc_room_default_members_only", false)},
		{"allow_member_invites", s.optionBool("muc_room_default_allow_member_invites", false)},
		{"moderated", s.optionBool("muc_room_default_moderated", false)},
		{"whois", whois},
		{"changesubject", s.optionBool("muc_room_default_change_subject", false)},
		{"historylength", s.optionNumber("muc_room_default_history_length", 20)},
		{"language", optional(s.optionString("muc_room_default_language", ""))},
		{"presence_broadcast", s.m.Option("muc_room_default_presence_broadcast")},
		{"allow_pm", s.optionString("muc_room_default_allow_pm", "visitor")},
		{"allow_modpm", s.optionBool("muc_room_default_always_allow_moderator_pms", false)},
	}
	// After the lock (10), before everything that the creator's presence asks for (0).
	s.hook("muc-room-pre-create", 1, func(ctx context.Context, ev roomEvent) (any, error) {
		return nil, ev.room.setDefaults(ctx, ev.Stanza.Attr("xml:lang"))
	})
	return nil
}

// setDefaults sets a new room up. language overrides the default one unless it is "".
func (r *Room) setDefaults(ctx context.Context, language string) error {
	if f := r.replaced("set_defaults"); f != nil {
		_, err := f.Call(ctx, r, optional(language))
		return err
	}
	return r.ownSetDefaults(ctx, language)
}

func (r *Room) ownSetDefaults(ctx context.Context, language string) error {
	for _, d := range r.s.defaults.settings {
		if d.value == nil {
			continue
		}
		if _, err := r.set(ctx, d.name, d.value); err != nil {
			return err
		}
	}
	if language == "" {
		return nil
	}
	_, err := r.set(ctx, "language", language)
	return err
}
