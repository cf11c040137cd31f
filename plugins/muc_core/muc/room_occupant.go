package muc

import "context"

// OccupantByNick is a copy of the occupant of an occupant JID, the zero Occupant if there is none.
func (r Room) OccupantByNick(ctx context.Context, occupantJID string) (Occupant, error) {
	v, err := ask(ctx, r.Object, "get_occupant_by_nick", occupantJID)
	return occupantOf(v), err
}

// OccupantByRealJID is a copy of the occupant that a session, a full JID, belongs to; the zero Occupant if it is not in the room.
func (r Room) OccupantByRealJID(ctx context.Context, fullJID string) (Occupant, error) {
	v, err := ask(ctx, r.Object, "get_occupant_by_real_jid", fullJID)
	return occupantOf(v), err
}

// OccupantJID is the occupant JID of a session, a full JID; "" if it is not in the room.
func (r Room) OccupantJID(ctx context.Context, fullJID string) (string, error) {
	v, err := ask(ctx, r.Object, "get_occupant_jid", fullJID)
	return text(v), err
}

// Occupants are copies of all who are in the room, in no order (each_occupant).
func (r Room) Occupants(ctx context.Context) ([]Occupant, error) {
	results, err := call(ctx, r.Object, "each_occupant")
	if err != nil {
		return nil, err
	}
	var all []Occupant
	for row, err := range rows(ctx, results) {
		if err != nil {
			return nil, err
		}
		if o := occupantOf(at(row, 1)); !o.IsZero() {
			all = append(all, o)
		}
	}
	return all, nil
}

// HasOccupant is whether anybody is in the room.
func (r Room) HasOccupant(ctx context.Context) (bool, error) {
	v, err := ask(ctx, r.Object, "has_occupant")
	return truthy(v), err
}

// NewOccupant makes somebody who could come in under an occupant JID, with the role that the affiliation of the bare JID gives.
func (r Room) NewOccupant(ctx context.Context, bareJID, occupantJID string) (Occupant, error) {
	v, err := ask(ctx, r.Object, "new_occupant", bareJID, occupantJID)
	return occupantOf(v), err
}

// SaveOccupant makes the room know this state of an occupant, and tells nobody. Without a role or without an available session the occupant
// is out of the room.
func (r Room) SaveOccupant(ctx context.Context, o Occupant) error {
	_, err := call(ctx, r.Object, "save_occupant", o.Object)
	return err
}

// IsTakenByOther is whether an occupant JID belongs to another account at the moment.
func (r Room) IsTakenByOther(ctx context.Context, occupantJID, bareJID string) (bool, error) {
	v, err := ask(ctx, r.Object, "is_taken_by_other", occupantJID, bareJID)
	return truthy(v), err
}

// RenameOccupant gives an occupant another nick, with all its sessions, on behalf of the service. Both are occupant JIDs. If the account has
// the new one, too, its sessions come together under it.
func (r Room) RenameOccupant(ctx context.Context, oldJID, newJID string) error {
	_, err := call(ctx, r.Object, "rename_occupant", oldJID, newJID)
	return err
}

// RegisteredNick is the nick that a bare JID has reserved, "" if none; RegisteredJID is who has reserved a nick. sdk.ErrNoMethod tells that
// nicks cannot be reserved here: that is the plugin muc_register.
func (r Room) RegisteredNick(ctx context.Context, bareJID string) (string, error) {
	v, err := ask(ctx, r.Object, "get_registered_nick", bareJID)
	return text(v), err
}

func (r Room) RegisteredJID(ctx context.Context, nick string) (string, error) {
	v, err := ask(ctx, r.Object, "get_registered_jid", nick)
	return text(v), err
}
