package muc

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// Occupant is somebody in a room under a nick, with one or more sessions; or who could be. Occupants that a room hands out are copies: what
// is set here counts once it went through Room.SaveOccupant. The zero Occupant is nobody.
type Occupant struct{ sdk.Object }

// IsZero is whether this is nobody.
func (o Occupant) IsZero() bool { return o.Object == nil }

// OccupantJID is room@service/nick (occupant.nick).
func (o Occupant) OccupantJID(ctx context.Context) (string, error) {
	return getText(ctx, o.Object, "nick")
}

// SetOccupantJID changes it: a handler of PreJoin gives a newcomer another nick by this.
func (o Occupant) SetOccupantJID(ctx context.Context, occupantJID string) error {
	return set(ctx, o.Object, "nick", occupantJID)
}

// Nick is the nick alone.
func (o Occupant) Nick(ctx context.Context) (string, error) {
	occupantJID, err := o.OccupantJID(ctx)
	_, _, nick := jid.Split(occupantJID)
	return nick, err
}

// BareJID is the account's.
func (o Occupant) BareJID(ctx context.Context) (string, error) {
	return getText(ctx, o.Object, "bare_jid")
}

// RealJID is the full JID of the primary session, whose presence stands for the occupant (occupant.jid); "" before there is one.
func (o Occupant) RealJID(ctx context.Context) (string, error) {
	return getText(ctx, o.Object, "jid")
}

// Role is what the occupant may do.
func (o Occupant) Role(ctx context.Context) (Role, error) {
	v, err := get(ctx, o.Object, "role")
	return roleOf(v), err
}

// SetRole changes it in this copy. Room.SetRole does all that belongs to a change of role.
func (o Occupant) SetRole(ctx context.Context, role Role) error {
	return set(ctx, o.Object, "role", role.value())
}

// Sessions are the latest presences by full JID, as the room shows them. They must not be changed.
func (o Occupant) Sessions(ctx context.Context) (map[string]*stanza.Element, error) {
	v, err := get(ctx, o.Object, "sessions")
	if err != nil {
		return nil, err
	}
	all, err := table(ctx, v)
	sessions := make(map[string]*stanza.Element, len(all))
	for full, presence := range all {
		if p, ok := presence.(*stanza.Element); ok {
			sessions[full] = p
		}
	}
	return sessions, err
}

// Presence is the latest of a session, or of the primary one if fullJID is ""; nil if there is none. It must not be changed.
func (o Occupant) Presence(ctx context.Context, fullJID string) (*stanza.Element, error) {
	v, err := ask(ctx, o.Object, "get_presence", optional(fullJID))
	p, _ := v.(*stanza.Element)
	return p, err
}

// occupantOf is a value that may be an occupant.
func occupantOf(v any) Occupant {
	o, _ := v.(sdk.Object)
	return Occupant{o}
}
