package muc

import "quatrain/xmpp/stanza"

// PreJoin is fired when somebody wants to enter. A result stops; use Refuse. The rooms' own checks: whether the nick is possible at all (2, 1),
// members only (-5), ban (-10), password (-20), greatest number of occupants (-25), lock (-30); reserved nicks and everything else have 0.
type PreJoin struct{ RoomEvent }

func (PreJoin) EventName() string { return "muc-occupant-pre-join" }

// Occupant is who is going to be in the room, with one more session. Its occupant JID and its role may be changed.
func (e PreJoin) Occupant() Occupant { return e.occupant("occupant") }

// IsFirstSession is whether nobody has this nick yet.
func (e PreJoin) IsFirstSession() bool { return e.Bool("is_first_session") }

// IsNewRoom is whether this is the presence that makes the room.
func (e PreJoin) IsNewRoom() bool { return e.Bool("is_new_room") }

// PreChange is fired when an occupant wants to change nick, or sends another presence. A result stops; use Refuse. Checks as for PreJoin.
type PreChange struct{ RoomEvent }

func (PreChange) EventName() string { return "muc-occupant-pre-change" }

// OrigOccupant is who the session belongs to, DestOccupant who it is going to belong to. They are equal if the nick stays.
func (e PreChange) OrigOccupant() Occupant { return e.occupant("orig_occupant") }
func (e PreChange) DestOccupant() Occupant { return e.occupant("dest_occupant") }

// ChangesNick is whether the nick changes.
func (e PreChange) ChangesNick() bool { return e.OrigOccupant() != e.DestOccupant() }

// IsFirstSession is whether nobody has the new nick yet, IsLastSession whether nobody is left under the old one.
func (e PreChange) IsFirstSession() bool { return e.Bool("is_first_session") }
func (e PreChange) IsLastSession() bool  { return e.Bool("is_last_session") }

// PreLeave is fired when a session leaves. A result stops: it stays, as far as the room is concerned.
type PreLeave struct{ RoomEvent }

func (PreLeave) EventName() string { return "muc-occupant-pre-leave" }

func (e PreLeave) Occupant() Occupant  { return e.occupant("occupant") }
func (e PreLeave) IsLastSession() bool { return e.Bool("is_last_session") }

// Joined is fired when there is a new occupant. Origin and Stanza are those of the presence.
type Joined struct{ RoomEvent }

func (Joined) EventName() string { return "muc-occupant-joined" }

func (e Joined) Occupant() Occupant  { return e.occupant("occupant") }
func (e Joined) OccupantJID() string { return e.String("nick") }

// SessionNew is fired when a session has come, be it an occupant's first or not, and has been shown who is there. The history (0) and the
// subject (0) are sent here.
type SessionNew struct{ RoomEvent }

func (SessionNew) EventName() string { return "muc-occupant-session-new" }

func (e SessionNew) Occupant() Occupant  { return e.occupant("occupant") }
func (e SessionNew) OccupantJID() string { return e.String("nick") }

// FullJID is the session's.
func (e SessionNew) FullJID() string { return e.String("jid") }

// Left is fired when an occupant is gone. Origin and Stanza are nil if the service or a moderator has removed it.
type Left struct{ RoomEvent }

func (Left) EventName() string { return "muc-occupant-left" }

func (e Left) Occupant() Occupant  { return e.occupant("occupant") }
func (e Left) OccupantJID() string { return e.String("nick") }

// BuildPresence is fired when the presence of an occupant is made for others to see. Stanza is that presence, without its <x/>, and may be
// changed. For somebody absent there is no Occupant, but a BareJID and a Nick.
type BuildPresence struct{ RoomEvent }

func (BuildPresence) EventName() string { return "muc-build-occupant-presence" }

func (e BuildPresence) Occupant() Occupant { return e.occupant("occupant") }
func (e BuildPresence) BareJID() string    { return e.String("bare_jid") }
func (e BuildPresence) Nick() string       { return e.String("nick") }

// BroadcastPresence is fired when a presence is about to go to all. Stanza and what is said about it may be changed.
type BroadcastPresence struct{ RoomEvent }

func (BroadcastPresence) EventName() string { return "muc-broadcast-presence" }

// X has the status codes that all see; it is not yet in the stanza.
func (e BroadcastPresence) X() *stanza.Element {
	x, _ := e.Get("x").(*stanza.Element)
	return x
}

func (e BroadcastPresence) Occupant() Occupant { return e.occupant("occupant") }

// NewNick is the nick that the occupant changes to, "" if it does not; Actor the real JID of who did it, "" for the service or the occupant.
func (e BroadcastPresence) NewNick() string { return e.String("nick") }
func (e BroadcastPresence) Actor() string   { return e.String("actor") }
func (e BroadcastPresence) Reason() string  { return e.String("reason") }

func (e BroadcastPresence) SetActor(realJID string) { e.Set("actor", optional(realJID)) }
func (e BroadcastPresence) SetReason(text string)   { e.Set("reason", optional(text)) }
