package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
)

// Whose presence is shown to the others, by role; none means absent people with an affiliation (M57, M71, M78).

var (
	broadcastRoles  = []string{none, visitor, participant, moderator}
	shownByDefault  = roleSet{visitor: true, participant: true, moderator: true}
	broadcastLabels = map[string]string{
		none: "People with an affiliation who are away", visitor: "Visitors", participant: "Participants", moderator: "Moderators",
	}
)

// roleSet are roles, true for each that is in. Not to be changed.
type roleSet map[string]bool

// rolesOf reads a set of roles: a map from role to true, or a list of roles, as it stands in forms and in the configuration. nil is the
// default.
func rolesOf(v any) roleSet {
	if v == nil {
		return shownByDefault
	}
	data, _ := stored(v)
	set := roleSet{}
	for key, value := range data {
		if role, isRole := key.(string); isRole && isTrue(value) {
			set[role] = true
		} else if role, isListed := value.(string); isListed {
			set[role] = true
		}
	}
	return set
}

func (s roleSet) equals(other roleSet) bool {
	for _, role := range broadcastRoles {
		if s[role] != other[role] {
			return false
		}
	}
	return true
}

// data is the set as it is stored.
func (s roleSet) data() sdk.Data {
	d := sdk.Data{}
	for _, role := range broadcastRoles {
		if s[role] {
			d[role] = true
		}
	}
	return d
}

func (s *service) loadPresenceBroadcast(context.Context) error {
	s.setting("presence_broadcast", setting{
		get: func(r *Room) any {
			if shown, ok := r.data["presence_broadcast"]; ok {
				return shown
			}
			return shownByDefault.data()
		},
		set: setPresenceBroadcast,
	})
	options := make([]dataform.Option, len(broadcastRoles))
	for i, role := range broadcastRoles {
		options[i] = dataform.Option{Value: role, Label: broadcastLabels[role]}
	}
	s.configField(configField{
		priority: 63, // after the history
		name:     "muc#roomconfig_presencebroadcast",
		typ:      dataform.ListMulti,
		label:    "Whose presence is shown",
		options:  options,
		setting:  "presence_broadcast",
		show:     func(v any) any { return rolesOf(v).list() },
		parse: func(v any) any {
			if v == nil {
				return []any{}
			}
			return v
		},
	})
	// Before the setter (0) makes old and new the same.
	s.hook("muc-config-submitted/muc#roomconfig_presencebroadcast", 1, codeAbsentShown)
	return nil
}

// list is the set as it stands in forms.
func (s roleSet) list() []any {
	values := []any{}
	for _, role := range broadcastRoles {
		if s[role] {
			values = append(values, role)
		}
	}
	return values
}

// shownRoles are the roles whose presence is shown to the others.
func (r *Room) shownRoles(ctx context.Context) (roleSet, error) {
	if r.replaced("get_presence_broadcast") == nil && r.data["presence_broadcast"] == nil {
		return shownByDefault, nil
	}
	v, err := r.get(ctx, "presence_broadcast")
	if err != nil {
		return nil, err
	}
	v, err = sdk.Plain(ctx, v) // another plugin's table
	return rolesOf(v), err
}

func setPresenceBroadcast(ctx context.Context, r *Room, value any) (bool, error) {
	value, err := sdk.Plain(ctx, value)
	if err != nil {
		return false, err
	}
	shown := rolesOf(value)
	was, err := r.shownRoles(ctx)
	if err != nil || shown.equals(was) {
		return false, err
	}
	if shown.equals(shownByDefault) {
		delete(r.data, "presence_broadcast")
	} else {
		r.data["presence_broadcast"] = shown.data()
	}
	return true, r.onceSaved(ctx, func(ctx context.Context) error {
		return r.announceShown(ctx, was, shown)
	})
}

func (r *Room) announceShown(ctx context.Context, was, is roleSet) error {
	for _, o := range r.eachOccupant() {
		if is[o.role] == was[o.role] {
			continue
		}
		if err := r.publicise(ctx, o, announcement{x: newX(), forceUnavailable: !is[o.role]}); err != nil {
			return err
		}
	}
	return nil
}

// codeAbsentShown: XEP-0045 #registrar-statuscodes, 102 and 103 tell whether absent people are shown.
func codeAbsentShown(ctx context.Context, ev roomEvent) (any, error) {
	was, err := ev.room.shownRoles(ctx)
	if err != nil {
		return nil, err
	}
	value, err := sdk.Plain(ctx, ev.Get("value"))
	if err != nil {
		return nil, err
	}
	if value == nil {
		value = []any{}
	}
	switch is := rolesOf(value); {
	case is[none] && !was[none]:
		err = addStatusCode(ctx, ev, "102")
	case was[none] && !is[none]:
		err = addStatusCode(ctx, ev, "103")
	}
	return nil, err
}
