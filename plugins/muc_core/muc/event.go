package muc

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// RoomEvent is what all events of rooms have in common: Origin, Stanza and the named values of the event itself, and a room. Origin and Stanza
// are nil where no stanza has caused the event, unless the event's comment says otherwise.
type RoomEvent struct{ *sdk.Event }

// Room is the room that the event is about.
func (e RoomEvent) Room() Room { return roomOf(e.Get("room")) }

// Refuse answers the sender of the stanza with an error of the room, and returns what a handler returns to stop the event.
func (e RoomEvent) Refuse(ctx context.Context, refusal *stanza.Error) (any, error) {
	answer(ctx, e.Origin, e.Stanza, e.Room().JID(ctx), refusal)
	return true, nil
}

// occupant is a named value that may be an occupant.
func (e RoomEvent) occupant(name string) Occupant { return occupantOf(e.Get(name)) }

// View is a typed view of one kind of event. Plugins may define their own in the same way: a struct of nothing but a RoomEvent, with the event's
// name.
type View interface {
	~struct{ RoomEvent }
	// EventName is the name of the event on the bus. It is asked of the zero value.
	EventName() string
}

// On hooks an event of rooms on the module's host; see sdk.Module.Hook. Which one is said by the handler's last parameter. The handler may
// return roles, affiliations, rooms and occupants as they are.
func On[E View](m sdk.Module, priority float64, f func(ctx context.Context, ev E) (any, error)) (unhook func()) {
	var none E
	return m.Hook(none.EventName(), priority, handler(f))
}

// OnPart hooks one of a family of events, whose names end in "/" and what it is about: ConfigField of one field, DiscoNode of one node,
// AffiliationDataSet of one key.
func OnPart[E View](m sdk.Module, part string, priority float64, f func(ctx context.Context, ev E) (any, error)) (unhook func()) {
	var none E
	return m.Hook(none.EventName()+"/"+part, priority, handler(f))
}

// Fire fires an event of rooms as a plugin of its own kind may have them: pairs are names and values. room and st may be none.
func Fire[E View](ctx context.Context, m sdk.Module, room Room, origin sdk.Session, st *stanza.Element, pairs ...any) (ev E, result any, err error) {
	e := sdk.NewEvent(ev.EventName(), pairs...)
	e.Origin, e.Stanza = origin, st
	if !room.IsZero() {
		e.Set("room", room.Object)
	}
	ev = as[E](e)
	result, err = m.Fire(ctx, e)
	return ev, result, err
}

func handler[E View](f func(ctx context.Context, ev E) (any, error)) sdk.Handler {
	return func(ctx context.Context, ev *sdk.Event) (any, error) {
		result, err := f(ctx, as[E](ev))
		return plain(result), err
	}
}

func as[E View](ev *sdk.Event) E { return E(struct{ RoomEvent }{RoomEvent{ev}}) }

// plain is a value of one of our types as it crosses runtimes.
func plain(v any) any {
	switch v := v.(type) {
	case Role:
		return string(v)
	case Affiliation:
		return string(v)
	case Room:
		return v.Object
	case Occupant:
		return v.Object
	}
	return v
}
