package muccore

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// How many may be in the room (XEP-0045 #enter-maxusers, field muc#roomconfig_maxusers). Admins and owners always get in.

func (s *service) loadMaxUsers(context.Context) error {
	s.setting("max_users", setting{
		get: func(r *Room) any { return r.data["max_users"] }, // nil: any number
		set: setMaxUsers,
	})
	options := []dataform.Option{{Value: "none", Label: "Any"}}
	for _, n := range []string{"10", "20", "30", "50", "100", "200", "500", "1000"} {
		options = append(options, dataform.Option{Value: n, Label: n})
	}
	s.configField(configField{
		priority: 86, // after members_only
		name:     "muc#roomconfig_maxusers",
		typ:      dataform.ListSingle,
		label:    "Greatest number of occupants",
		options:  options,
		pattern:  regexp.MustCompile(`^[0-9]{1,6}$`), // COMPAT What is written for another server may name any number; 0 is none.
		setting:  "max_users",
		show:     func(number any) any { return numberOrNone(number) },
	})
	s.hook("muc-disco#info", 0, tellMaxUsers)
	// After the checks of who somebody is (-5, -10) and what they know (-20), before the lock (-30).
	s.hook("muc-occupant-pre-join", -25, refuseIfFull)
	return nil
}

func setMaxUsers(_ context.Context, r *Room, value any) (bool, error) {
	n := asNumber(value)
	if n <= 0 {
		return r.setData("max_users", nil), nil
	}
	return r.setData("max_users", n), nil
}

// asNumber is a number, which may be written as a text; 0 for anything else.
func asNumber(value any) float64 {
	switch v := value.(type) {
	case float64:
		return v
	case string:
		n, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if err == nil {
			return n
		}
	}
	return 0
}

func numberOrNone(number any) string {
	n, ok := number.(float64)
	if !ok {
		return none
	}
	return strconv.FormatInt(int64(n), 10)
}

func tellMaxUsers(ctx context.Context, ev roomEvent) (any, error) {
	number, err := ev.room.get(ctx, "max_users")
	if err != nil || number == nil {
		return nil, err
	}
	return nil, tellValue(ctx, ev, "muc#roominfo_maxusers", "Greatest number of occupants", numberOrNone(number))
}

func refuseIfFull(ctx context.Context, ev roomEvent) (any, error) {
	r := ev.room
	limit, err := r.get(ctx, "max_users")
	n, ok := limit.(float64)
	if err != nil || !ok || !ev.Bool("is_first_session") || float64(len(r.occupants)) < n {
		return nil, err
	}
	affiliation, err := r.affiliation(ctx, ev.Stanza.From())
	if err != nil || isAdminMatter(affiliation) {
		return nil, err
	}
	return ev.refuseEntry(ctx, refuse(stanza.Wait, stanza.ServiceUnavailable, "This room is full", r.jid))
}
