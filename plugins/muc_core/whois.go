package muccore

import (
	"context"
	"errors"

	"quatrain/xmpp/dataform"
)

// Who sees the occupants' real JIDs: moderators (semi-anonymous), or anyone (XEP-0045 #terms-rooms; M42, M53, M80).

func (s *service) loadWhois(context.Context) error {
	s.setting("whois", setting{get: getWhois, set: setWhois})
	s.configField(configField{
		priority: 76, // after moderated
		name:     "muc#roomconfig_whois",
		typ:      dataform.ListSingle,
		label:    "Real addresses may be seen by",
		options:  []dataform.Option{{Value: "moderators", Label: "Moderators"}, {Value: "anyone", Label: "Anyone"}},
		setting:  "whois",
		status:   func(whois any) string { return oneOf(whois == "anyone", "172", "173") },
	})
	s.hook("muc-disco#info", 0, func(ctx context.Context, ev roomEvent) (any, error) {
		whois, err := ev.room.getText(ctx, "whois")
		if err != nil {
			return nil, err
		}
		addDiscoFeature(ev, oneOf(whois == "anyone", "muc_nonanonymous", "muc_semianonymous"))
		return nil, nil
	})
	return nil
}

func getWhois(r *Room) any {
	if whois := r.dataText("whois"); whois != "" {
		return whois
	}
	return "moderators"
}

func setWhois(_ context.Context, r *Room, value any) (bool, error) {
	if value != "moderators" && value != "anyone" {
		return false, errors.New("whois is either moderators or anyone")
	}
	if getWhois(r) == value {
		return false, nil
	}
	return r.setData("whois", value), nil
}
