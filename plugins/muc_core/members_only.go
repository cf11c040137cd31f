package muccore

import (
	"context"

	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// Rooms only for people with an affiliation (XEP-0045 #enter-members; M42, M44, M56, M63).

const memberInvitesField = "{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites"

func (s *service) loadMembersOnly(context.Context) error {
	s.setting("members_only", setting{get: flag("members_only").get, set: setMembersOnly})
	s.setting("allow_member_invites", flag("allow_member_invites"))
	s.configField(configField{
		priority: 87, // after the password
		name:     "muc#roomconfig_membersonly",
		typ:      dataform.Boolean,
		label:    "Only members may enter",
		setting:  "members_only",
	})
	s.configField(configField{
		priority: 86.5,
		name:     memberInvitesField,
		typ:      dataform.Boolean,
		label:    "Members may invite others",
		setting:  "allow_member_invites",
	})
	s.hook("muc-disco#info", 0, tellMembersOnly)
	// Before moderated (1): in such a room strangers are nothing, not even visitors.
	s.hook("muc-get-default-role", 2, strangersAreNothing)
	// After nick and reservation (2 to 0), before the check for outcasts (-10), who are left to it.
	s.hook("muc-occupant-pre-join", -5, refuseStranger)
	return nil
}

func setMembersOnly(ctx context.Context, r *Room, value any) (bool, error) {
	changed := r.setData("members_only", isTrue(value))
	if !changed || !isTrue(value) {
		return changed, nil
	}
	return true, r.onceSaved(ctx, r.removeStrangers)
}

// removeStrangers: everybody is told that they have to go (XEP-0045 #roomconfig).
func (r *Room) removeStrangers(ctx context.Context) error {
	membersOnly, err := r.getFlag(ctx, "members_only")
	if err != nil || !membersOnly { // somebody has thought better of it since
		return err
	}
	var strangers []*Occupant
	for _, o := range r.eachOccupant() {
		affiliation, err := r.affiliation(ctx, o.bareJID)
		if err != nil {
			return err
		}
		if affiliation == "" {
			strangers = append(strangers, o)
		}
	}
	return r.remove(ctx, strangers, newX("322"))
}

// remove takes occupants, copies, out of the room, and then tells everybody of each; x is what their presence carries.
func (r *Room) remove(ctx context.Context, occupants []*Occupant, x *stanza.Element) error {
	roles := make([]string, len(occupants))
	for i, o := range occupants {
		roles[i], o.role = o.role, ""
		r.saveOccupant(o)
	}
	for i, o := range occupants {
		if err := r.publicise(ctx, o, announcement{x: x, prevRole: roles[i]}); err != nil {
			return err
		}
		if err := r.tellLeft(ctx, o, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

func tellMembersOnly(ctx context.Context, ev roomEvent) (any, error) {
	membersOnly, err := ev.room.getFlag(ctx, "members_only")
	if err != nil {
		return nil, err
	}
	memberInvites, err := ev.room.getFlag(ctx, "allow_member_invites")
	if err != nil {
		return nil, err
	}
	addDiscoFeature(ev, oneOf(membersOnly, "muc_membersonly", "muc_open"))
	if err := addField(ctx, ev, map[string]any{
		"name": memberInvitesField, "type": "boolean", "label": "Members may invite others", "value": memberInvites,
	}); err != nil {
		return nil, err
	}
	return nil, addField(ctx, ev, map[string]any{
		"name": "muc#roomconfig_allowinvites", "type": "boolean", "label": "Occupants may invite others", "value": !membersOnly || memberInvites,
	})
}

func strangersAreNothing(ctx context.Context, ev roomEvent) (any, error) {
	if ev.String("affiliation") != "" {
		return nil, nil
	}
	membersOnly, err := ev.room.getFlag(ctx, "members_only")
	if err != nil || !membersOnly {
		return nil, err
	}
	return false, nil
}

func refuseStranger(ctx context.Context, ev roomEvent) (any, error) {
	r := ev.room
	membersOnly, err := r.getFlag(ctx, "members_only")
	if err != nil || !membersOnly {
		return nil, err
	}
	affiliation, err := r.affiliation(ctx, ev.Stanza.From())
	if err != nil || affiliation != "" {
		return nil, err
	}
	return ev.refuseEntry(ctx, refuse(stanza.Auth, stanza.RegistrationRequired, "Only members may enter this room", r.jid))
}
