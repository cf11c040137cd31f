package muc

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// BroadcastMessage says something to all as a message of the room, or of the occupant whose JID it is from: handlers of BroadcastMessage see
// it, and it may be kept in the history.
func (r Room) BroadcastMessage(ctx context.Context, message *stanza.Element) error {
	_, err := call(ctx, r.Object, "broadcast_message", message)
	return err
}

// Broadcast sends a stanza to all, or to those whom who chooses; nil chooses all. It is one delivery however many listen, but choosing is a
// call for each occupant, which costs where the rooms are in another process.
func (r Room) Broadcast(ctx context.Context, st *stanza.Element, who func(ctx context.Context, occupantJID string, o Occupant) bool) error {
	var filter any
	if who != nil {
		filter = sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
			return []any{who(ctx, text(at(args, 0)), occupantOf(at(args, 1)))}, nil
		})
	}
	_, err := call(ctx, r.Object, "broadcast", st, filter)
	return err
}

// Send sends a stanza from the room, or from an occupant, to the JID that it is addressed to (route_stanza).
func (r Room) Send(ctx context.Context, st *stanza.Element) error {
	_, err := call(ctx, r.Object, "route_stanza", st)
	return err
}

// SendTo sends a stanza to all sessions of an occupant (route_to_occupant).
func (r Room) SendTo(ctx context.Context, o Occupant, st *stanza.Element) error {
	_, err := call(ctx, r.Object, "route_to_occupant", o.Object, st)
	return err
}

// Publicise tells everybody the presence of an occupant as the room knows it now, with the status codes of x (see X). previous is the role
// until now, if it has changed. For what the service does; actor and reason may be "".
func (r Room) Publicise(ctx context.Context, o Occupant, x *stanza.Element, actor, reason string, previous Role) error {
	_, err := call(ctx, r.Object, "publicise_occupant_status", o.Object, x, nil, optional(actor), optional(reason), previous.value())
	return err
}
