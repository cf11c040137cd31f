package muc

import (
	"context"

	"quatrain/xmpp/stanza"
)

// RoomPreCreate is fired when a presence would make a room. A result stops: the room is not made.
type RoomPreCreate struct{ RoomEvent }

func (RoomPreCreate) EventName() string { return "muc-room-pre-create" }

// RoomCreated is fired when there is a new room. If a presence has made it, Creator is who is in it now; otherwise it is none.
type RoomCreated struct{ RoomEvent }

func (RoomCreated) EventName() string { return "muc-room-created" }

func (e RoomCreated) Creator() Occupant { return e.occupant("creator") }

// RoomLocked is fired before a room is locked.
type RoomLocked struct{ RoomEvent }

func (RoomLocked) EventName() string { return "muc-room-locked" }

// RoomUnlocked is fired before a room is unlocked: its owner has configured it, or the lock has lapsed.
type RoomUnlocked struct{ RoomEvent }

func (RoomUnlocked) EventName() string { return "muc-room-unlocked" }

// RoomPreRestore is fired when a room is about to come from the store. It has no Room yet. The result false leaves it there, as if it did not
// exist.
type RoomPreRestore struct{ RoomEvent }

func (RoomPreRestore) EventName() string { return "muc-room-pre-restore" }

func (e RoomPreRestore) JID() string { return e.String("jid") }

// RoomRestored is fired when a room has come from the store.
type RoomRestored struct{ RoomEvent }

func (RoomRestored) EventName() string { return "muc-room-restored" }

// RoomPreDestroy is fired when a room is to end. Handlers may change the values, and Veto.
type RoomPreDestroy struct{ RoomEvent }

func (RoomPreDestroy) EventName() string { return "muc-pre-room-destroy" }

// NewJID is the room to go to instead, Password that room's; each may be "".
func (e RoomPreDestroy) NewJID() string   { return e.String("newjid") }
func (e RoomPreDestroy) Reason() string   { return e.String("reason") }
func (e RoomPreDestroy) Password() string { return e.String("password") }

func (e RoomPreDestroy) SetNewJID(v string)   { e.Set("newjid", optional(v)) }
func (e RoomPreDestroy) SetReason(v string)   { e.Set("reason", optional(v)) }
func (e RoomPreDestroy) SetPassword(v string) { e.Set("password", optional(v)) }

// Veto keeps the room. The owner is told not-allowed, with this type.
func (e RoomPreDestroy) Veto(t stanza.ErrorType) {
	e.Set("allowed", false)
	e.Set("error", string(t))
}

// RoomDestroyed is fired when a room has ended: because somebody wanted it, or because a temporary one is empty. The result true keeps the
// handlers behind from hearing of it, which are those that remove it from the store (0) and leave a tombstone (-10).
type RoomDestroyed struct{ RoomEvent }

func (RoomDestroyed) EventName() string { return "muc-room-destroyed" }

func (e RoomDestroyed) NewJID() string   { return e.String("newjid") }
func (e RoomDestroyed) Reason() string   { return e.String("reason") }
func (e RoomDestroyed) Password() string { return e.String("password") }

// DefaultRoleWanted is fired when the rooms want to know the role of somebody with an affiliation. The result is a Role; NoRole or false is none. The
// rooms' own answer comes last, at -1; moderated rooms answer at 1, those for members only at 2.
type DefaultRoleWanted struct{ RoomEvent }

func (DefaultRoleWanted) EventName() string { return "muc-get-default-role" }

func (e DefaultRoleWanted) Affiliation() Affiliation { return affiliationOf(e.Get("affiliation")) }

// VCardUpdated is fired when a room has got another vCard, and with it perhaps another picture. It has no Room: Stanza is the request, which was
// sent to it.
type VCardUpdated struct{ RoomEvent }

func (VCardUpdated) EventName() string { return "vcard-updated" }

// RoomOf looks the room up.
func (e VCardUpdated) RoomOf(ctx context.Context, rooms *Rooms) (Room, error) {
	return rooms.Get(ctx, e.Stanza.To())
}
