package muc

import (
	"context"
	"slices"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Groupchat is fired for each message to the room. A result stops; use Refuse. Who has no voice has been refused at 50; changes of the subject
// are taken at 20.
type Groupchat struct{ RoomEvent }

func (Groupchat) EventName() string { return "muc-occupant-groupchat" }

// Occupant is who says it; FromJID the sender's full JID.
func (e Groupchat) Occupant() Occupant { return e.occupant("occupant") }
func (e Groupchat) FromJID() string    { return e.String("from") }

// BroadcastMessage is fired when a message is about to go to all: one of an occupant, or one of the room. Stanza is from whom all see it from. The
// result true keeps it back.
type BroadcastMessage struct{ RoomEvent }

func (BroadcastMessage) EventName() string { return "muc-broadcast-message" }

// IsHistoric asks whether a message is worth keeping. The result is true or false.
type IsHistoric struct{ RoomEvent }

func (IsHistoric) EventName() string { return "muc-message-is-historic" }

// AddHistory is fired for a message that is to be kept. The result true tells that the handler has kept it.
type AddHistory struct{ RoomEvent }

func (AddHistory) EventName() string { return "muc-add-history" }

// GetHistory is fired when somebody is to be sent what was said before. The handler that has it calls Answer and returns true.
type GetHistory struct{ RoomEvent }

func (GetHistory) EventName() string { return "muc-get-history" }

// To is the full JID that it goes to.
func (e GetHistory) To() string { return e.String("to") }

// MaxStanzas and MaxChars are the most that is wanted, -1 for any; Since is from when on, the zero time for ever (XEP-0045 #enter-managehistory).
func (e GetHistory) MaxStanzas() int { return e.wish("maxstanzas") }
func (e GetHistory) MaxChars() int   { return e.wish("maxchars") }

func (e GetHistory) Since() time.Time {
	if n, ok := e.Get("since").(float64); ok {
		return time.Unix(int64(n), 0)
	}
	return time.Time{}
}

func (e GetHistory) wish(name string) int {
	if n, ok := e.Get(name).(float64); ok {
		return int(n)
	}
	return -1
}

// Answer gives the messages, oldest first, as they are to be sent.
func (e GetHistory) Answer(messages []*stanza.Element) {
	rest := slices.Clone(messages)
	e.Set("next_stanza", sdk.Func(func(context.Context, ...any) ([]any, error) {
		if len(rest) == 0 {
			return nil, nil
		}
		next := rest[0]
		rest = rest[1:]
		return []any{next}, nil
	}))
}

// PrivateMessage is fired for each message from occupant to occupant. Stanza is from the sender's occupant JID to the recipient's, and may be
// changed. The result false keeps it back; use Refuse.
type PrivateMessage struct{ RoomEvent }

func (PrivateMessage) EventName() string { return "muc-private-message" }

// Occupant is the sender.
func (e PrivateMessage) Occupant() Occupant { return e.occupant("occupant") }

// Refuse answers the sender with an error of the room, and returns what keeps the message back.
func (e PrivateMessage) Refuse(ctx context.Context, refusal *stanza.Error) (any, error) {
	r := *refusal
	if r.By == "" {
		r.By = e.Room().JID(ctx)
	}
	reply := stanza.ErrorReply(e.Stanza, &r)
	if reply == nil {
		return false, nil
	}
	return false, e.Room().SendTo(ctx, e.Occupant(), reply)
}

// PreInvite and PreDecline are fired when an occupant invites somebody, or somebody declines. A result stops.
type PreInvite struct{ RoomEvent }

func (PreInvite) EventName() string { return "muc-pre-invite" }

type PreDecline struct{ RoomEvent }

func (PreDecline) EventName() string { return "muc-pre-decline" }

// Invite and Decline are fired when the letter, Stanza, goes out; it may be changed. The result true tells that the handler has delivered it.
type Invite struct{ RoomEvent }

func (Invite) EventName() string { return "muc-invite" }

// Incoming is the message that the letter is made of.
func (e Invite) Incoming() *stanza.Element { return incoming(e.RoomEvent) }

type Decline struct{ RoomEvent }

func (Decline) EventName() string { return "muc-decline" }

func (e Decline) Incoming() *stanza.Element { return incoming(e.RoomEvent) }

func incoming(e RoomEvent) *stanza.Element {
	st, _ := e.Get("incoming").(*stanza.Element)
	return st
}

// VoiceRequest is fired when somebody asks for voice, VoiceResponse when a moderator answers. Fields are those of the form.
type VoiceRequest struct{ RoomEvent }

func (VoiceRequest) EventName() string    { return "muc-voice-request" }
func (e VoiceRequest) Occupant() Occupant { return e.occupant("occupant") }

func (e VoiceRequest) Fields(ctx context.Context) (map[string]any, error) {
	return table(ctx, e.Get("fields"))
}

type VoiceResponse struct{ RoomEvent }

func (VoiceResponse) EventName() string    { return "muc-voice-response" }
func (e VoiceResponse) Occupant() Occupant { return e.occupant("occupant") }

func (e VoiceResponse) Fields(ctx context.Context) (map[string]any, error) {
	return table(ctx, e.Get("fields"))
}
