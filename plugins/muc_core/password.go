package muccore

import (
	"context"

	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// A secret one has to know to get in (XEP-0045 #enter-pw; M13, M42, M63).

func (s *service) loadPassword(context.Context) error {
	s.setting("password", textSetting("password"))
	s.configField(configField{
		priority: 88, // first under the heading "access"
		name:     "muc#roomconfig_roomsecret",
		typ:      dataform.TextPrivate,
		label:    "Password",
		desc:     "Leave it empty to let people in without",
		setting:  "password",
	})
	s.hook("muc-disco#info", 0, tellPassword)
	// Owners and members need it, too. After the checks of who somebody is (-5, -10): those people are not asked for a secret.
	s.hook("muc-occupant-pre-join", -20, checkPassword)
	// Whoever makes a room may bring its password.
	s.hook("muc-room-pre-create", 0, func(ctx context.Context, ev roomEvent) (any, error) {
		_, err := ev.room.set(ctx, "password", optional(givenPassword(ev.Stanza)))
		return nil, err
	})
	return nil
}

func tellPassword(ctx context.Context, ev roomEvent) (any, error) {
	password, err := ev.room.get(ctx, "password")
	if err != nil {
		return nil, err
	}
	addDiscoFeature(ev, oneOf(isTrue(password), "muc_passwordprotected", "muc_unsecured"))
	return nil, nil
}

// givenPassword is the one in a presence, "" if there is none.
func givenPassword(st *stanza.Element) string {
	if x := st.Child("x", nsMUC); x != nil {
		return x.ChildText("password", nsMUC)
	}
	return ""
}

func checkPassword(ctx context.Context, ev roomEvent) (any, error) {
	r := ev.room
	password, err := r.getText(ctx, "password")
	if err != nil || password == "" || givenPassword(ev.Stanza) == password {
		return nil, err
	}
	return ev.refuseEntry(ctx, refuse(stanza.Auth, stanza.NotAuthorized, "This room needs a password", r.jid))
}
