package muccore

import (
	"context"
	"maps"
	"slices"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
)

// Owners and admins as lists in the configuration form (XEP-0045 #roomconfig). Who stands in both is an owner; who stands in neither any
// longer has no affiliation.

var leaderFields = map[string]string{owner: "muc#roomconfig_roomowners", admin: "muc#roomconfig_roomadmins"}

// First under the heading "access": who gets an affiliation stays in a room that becomes members-only by the same form.
func (s *service) loadLeaders(context.Context) error {
	s.addLeaderField(admin, 89, "Admins")
	s.addLeaderField(owner, 88.5, "Owners")
	return nil
}

func (s *service) addLeaderField(affiliation string, priority float64, label string) {
	name := leaderFields[affiliation]
	s.hook("muc-config-form", priority, func(ctx context.Context, ev roomEvent) (any, error) {
		var jids []any
		for jid := range ev.room.eachAffiliation(affiliation) {
			jids = append(jids, jid)
		}
		return nil, addField(ctx, ev, map[string]any{"name": name, "type": dataform.JIDMulti, "label": label, "value": jids})
	})
	s.hook("muc-config-submitted/"+name, 0, func(ctx context.Context, ev roomEvent) (any, error) {
		changed, err := applyLeaders(ctx, ev, affiliation)
		if err != nil || !changed {
			return nil, err
		}
		return nil, addStatusCode(ctx, ev, "104")
	})
}

// leaders are those with an affiliation, or in a list of a form.
type leaders map[string]bool

func leadersOf(ctx context.Context, list any) (leaders, error) {
	items, err := sdk.Items(ctx, list)
	set := leaders{}
	for _, jid := range items {
		set[bareOf(text(jid))] = true
	}
	return set, err
}

// wantedLeaders are who will have an affiliation once the form has been applied: a list that is not in the form stays.
func wantedLeaders(ctx context.Context, ev roomEvent, affiliation string) (leaders, error) {
	list, err := sdk.Field(ctx, ev.Get("fields"), leaderFields[affiliation])
	if err != nil {
		return nil, err
	}
	if list != nil {
		return leadersOf(ctx, list)
	}
	set := leaders{}
	for jid := range ev.room.eachAffiliation(affiliation) {
		set[jid] = true
	}
	return set, nil
}

// applyLeaders tells whether a list has changed anything. Whom it adds comes first: otherwise the last owner could not hand over the room.
func applyLeaders(ctx context.Context, ev roomEvent, affiliation string) (changed bool, err error) {
	listed, err := leadersOf(ctx, ev.Get("value"))
	if err != nil {
		return false, err
	}
	owners, err := wantedLeaders(ctx, ev, owner)
	if err != nil {
		return false, err
	}
	admins, err := wantedLeaders(ctx, ev, admin)
	if err != nil {
		return false, err
	}
	wishes := map[string]string{}
	r := ev.room
	for _, jid := range slices.Sorted(maps.Keys(listed)) {
		isBetter := affiliation == admin && owners[jid]
		if !isBetter && r.affiliations[jid] != affiliation {
			wishes[jid] = affiliation
		}
	}
	added, err := applyWishes(ctx, ev, wishes)
	if err != nil {
		return added, err
	}
	removed, err := applyWishes(ctx, ev, r.dropped(affiliation, listed, owners, admins))
	return added || removed, err
}

// dropped are those who are no longer on the list, and what becomes of them.
func (r *Room) dropped(affiliation string, listed, owners, admins leaders) map[string]string {
	wishes := map[string]string{}
	for jid := range r.eachAffiliation(affiliation) {
		if !listed[jid] && !owners[jid] {
			wishes[jid] = oneOf(affiliation == owner && admins[jid], admin, none)
		}
	}
	return wishes
}

// applyWishes makes the changes that are allowed, and tells whether there was one.
func applyWishes(ctx context.Context, ev roomEvent, wishes map[string]string) (changed bool, err error) {
	for _, jid := range slices.Sorted(maps.Keys(wishes)) {
		err := ev.room.setAffiliation(ctx, ev.String("actor"), jid, wishes[jid], "", nil)
		if err != nil && refusedWith(err) == nil {
			return changed, err
		}
		changed = changed || err == nil
	}
	return changed, nil
}
