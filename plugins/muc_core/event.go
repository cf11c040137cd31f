package muccore

import (
	"context"
	"slices"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// roomEvent is an event of a room as the room's own handlers see it. Lists and maps that Get gives may be copies: whoever changes one has
// to Set it.
type roomEvent struct {
	*sdk.Event
	room *Room
}

// occupant is the occupant of a name ("occupant", "orig_occupant", "dest_occupant"), nil if there is none.
func (ev roomEvent) occupant(name string) *Occupant {
	o, _ := ev.Get(name).(*Occupant)
	return o
}

// number is a named number, and whether there is one.
func (ev roomEvent) number(name string) (n float64, ok bool) {
	n, ok = ev.Get(name).(float64)
	return n, ok
}

// refuse answers the stanza of the event with an error, and stops it.
func (ev roomEvent) refuse(ctx context.Context, e *stanza.Error) (any, error) {
	ev.room.s.answerError(ctx, ev.Origin, ev.Stanza, e)
	return true, nil
}

// refuseEntry is refuse for those who want to enter.
func (ev roomEvent) refuseEntry(ctx context.Context, e *stanza.Error) (any, error) {
	ev.room.s.answer(ctx, ev.Origin, refusal(ev.Stanza, e))
	return true, nil
}

// roomHandler handles an event of a room, which it is in.
type roomHandler func(ctx context.Context, ev roomEvent) (any, error)

// hook registers a handler of an event that has a room.
func (s *service) hook(name string, priority float64, h roomHandler) (unhook func()) {
	return s.m.Hook(name, priority, func(ctx context.Context, ev *sdk.Event) (any, error) {
		r, _ := ev.Get("room").(*Room)
		if r == nil || r.s != s {
			return nil, nil
		}
		if chain := sdk.ChainOf(ctx); chain != nil && r.entry.isHeldBy(chain.ID()) { // by whoever fires the event, and waits for us
			return h(ctx, roomEvent{ev, r})
		}
		ctx, leave, err := r.enter(ctx) // other plugins fire such events, too
		if err != nil {
			return nil, err
		}
		defer leave()
		return h(ctx, roomEvent{ev, r})
	})
}

// newEvent makes an event of the room. origin and st may be nil. pairs are names and values; optional() and actorValue() make nil of what
// is absent.
func (r *Room) newEvent(name string, origin sdk.Session, st *stanza.Element, pairs ...any) *sdk.Event {
	ev := sdk.NewEvent(name, pairs...)
	ev.Origin, ev.Stanza = origin, st
	ev.Set("room", r)
	return ev
}

// fire fires an event of the room. The result is what a handler returned: for events that can be stopped, see stops().
func (r *Room) fire(ctx context.Context, ev *sdk.Event) (any, error) {
	if !r.s.hooked(ev.Name) {
		return nil, nil
	}
	return r.s.m.Fire(ctx, ev)
}

// fireStops fires an event that handlers may stop, and tells whether one has.
func (r *Room) fireStops(ctx context.Context, ev *sdk.Event) (bool, error) {
	result, err := r.fire(ctx, ev)
	return isTrue(result), err
}

// tell fires an event that nobody answers: newEvent and fire.
func (r *Room) tell(ctx context.Context, name string, origin sdk.Session, st *stanza.Element, pairs ...any) error {
	if !r.s.hooked(name) {
		return nil
	}
	_, err := r.s.m.Fire(ctx, r.newEvent(name, origin, st, pairs...))
	return err
}

// hooked is whether anybody would see an event.
func (s *service) hooked(name string) bool { return s.m.Bus().Has(name) }

// othersHook is whether other plugins would see an event.
func (s *service) othersHook(name string) (others bool) {
	stop := s.m.Bus().Watch(name, func(hooks []sdk.Hook, wrapped bool) {
		others = wrapped || slices.ContainsFunc(hooks, func(h sdk.Hook) bool { return h.Plugin != s.m.Name() })
	})
	stop()
	return others
}

// isTrue is what Lua takes for true: anything but nil and false.
func isTrue(v any) bool { return v != nil && v != false }

// optional is nil for "".
func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// elementValue is an element as a value, nil for none.
func elementValue(e *stanza.Element) any {
	if e == nil {
		return nil
	}
	return e
}

// text is a value that should be a string, "" if it is none.
func text(v any) string {
	s, _ := v.(string)
	return s
}
