package muc

import (
	"context"

	"quatrain/sdk"
)

// Service as the actor of a change is the service itself: nobody is asked, and nobody named.
const Service = ""

// Room is a room. It is a handle: equal rooms are the same room, so a Room can be the key of a map; but such a map keeps rooms that the service
// has swapped out long ago, so keep things by their JID instead. The zero Room is none.
//
// What has no method here can be reached by Call, Get and Set of the object, by the names that Prosody's modules use.
type Room struct{ sdk.Object }

// IsZero is whether this is no room.
func (r Room) IsZero() bool { return r.Object == nil }

// JID is the room's bare JID (room.jid); "" if the room is gone.
func (r Room) JID(ctx context.Context) string {
	jid, err := getText(ctx, r.Object, "jid")
	if err != nil {
		return ""
	}
	return jid
}

// OccupantJIDOf makes an occupant JID of a nick: room@service/nick.
func (r Room) OccupantJIDOf(ctx context.Context, nick string) string { return r.JID(ctx) + "/" + nick }

// IsAnonymousFor is whether real JIDs are hidden from a full JID, which need not be in the room.
func (r Room) IsAnonymousFor(ctx context.Context, fullJID string) (bool, error) {
	v, err := ask(ctx, r.Object, "is_anonymous_for", fullJID)
	return truthy(v), err
}

// Save writes the room, if it is persistent. Setters do not save. The error tells that it is not written.
func (r Room) Save(ctx context.Context) error { return do(ctx, r.Object, "save") }

// Destroy ends the room: everybody has to leave and is told the reason, and newJID, the room to go to instead, with its password; all three may
// be "". The error, a *stanza.Error, is that of a handler of RoomPreDestroy or of the store; the room goes on.
func (r Room) Destroy(ctx context.Context, newJID, reason, password string) error {
	return do(ctx, r.Object, "destroy", optional(newJID), optional(reason), optional(password))
}

// IsLocked is whether nobody can enter, because the room has not been configured yet.
func (r Room) IsLocked(ctx context.Context) (bool, error) {
	v, err := ask(ctx, r.Object, "is_locked")
	return truthy(v), err
}

// Lock and Unlock lock the room and unlock it.
func (r Room) Lock(ctx context.Context) error {
	_, err := call(ctx, r.Object, "lock")
	return err
}

func (r Room) Unlock(ctx context.Context) error {
	_, err := call(ctx, r.Object, "unlock")
	return err
}

// roomOf is a value that may be a room.
func roomOf(v any) Room {
	o, _ := v.(sdk.Object)
	return Room{o}
}
