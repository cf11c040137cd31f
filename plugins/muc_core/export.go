package muccore

import (
	"context"
	"errors"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Export is what other plugins find in module:depends("muc_core").
func (s *service) Export(_ context.Context, name string) (any, error) {
	return s.faces().exports[name], nil
}

// newExports are the functions of the service, by their names.
func (s *service) newExports() map[string]any {
	all := map[string]any{"room_mt": &class{s: s}}
	for name, f := range map[string]func(ctx context.Context, a arguments) ([]any, error){
		"get_room_from_jid": func(ctx context.Context, a arguments) ([]any, error) { return found(s.getRoom(ctx, a.text(0))) },
		"create_room":       s.exportCreate,
		"new_room": func(ctx context.Context, a arguments) ([]any, error) {
			data, err := plainTable(ctx, a.at(1))
			return []any{s.newRoom(a.text(0), data)}, err
		},
		"all_rooms":  func(ctx context.Context, _ arguments) ([]any, error) { return []any{s.iterateAll(ctx)}, nil },
		"live_rooms": func(context.Context, arguments) ([]any, error) { return []any{roomRows(s.liveRooms())}, nil },
		// COMPAT Older modules ask for either kind.
		"each_room": func(ctx context.Context, a arguments) ([]any, error) {
			if a.flag(0) {
				return []any{roomRows(s.liveRooms())}, nil
			}
			return []any{s.iterateAll(ctx)}, nil
		},
		"room_names": func(ctx context.Context, _ arguments) ([]any, error) {
			names := map[string]any{}
			for jid, name := range s.allNames(ctx) {
				names[jid] = name
			}
			return []any{names}, nil
		},
		"track_room": s.aboutRoom(func(ctx context.Context, r *Room, _ arguments) ([]any, error) {
			err := s.trackRoom(ctx, r)
			if errors.Is(err, errNoPlace) {
				return []any{false}, nil
			}
			return one(r, err)
		}),
		"keep_room": s.aboutRoom(func(ctx context.Context, r *Room, _ arguments) ([]any, error) {
			if err := s.keepRoom(ctx, r); err != nil {
				return []any{nil, err.Error()}, nil
			}
			return []any{r}, nil
		}),
		"forget_room": s.aboutRoom(func(ctx context.Context, r *Room, _ arguments) ([]any, error) {
			s.forgetRoom(ctx, r)
			return nil, nil
		}),
		"delete_room": s.aboutRoom(func(ctx context.Context, r *Room, _ arguments) ([]any, error) {
			return saved(s.deleteRoom(ctx, r))
		}),
		"save_room": s.aboutRoom(func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return saved(s.saveRoom(ctx, r, a.flag(1), a.flag(2)))
		}),
		"shutdown_component": func(ctx context.Context, _ arguments) ([]any, error) {
			s.saveAll(ctx)
			return nil, nil
		},
		"reserve_nicks":      s.exportReserveNicks,
		"serve_registration": s.exportServeRegistration,
		"room_handler":       func(_ context.Context, a arguments) ([]any, error) { return []any{s.exportHandler(a.text(0))}, nil },
	} {
		all[name] = sdk.Func(func(ctx context.Context, args ...any) ([]any, error) { return f(ctx, args) })
	}
	return all
}

// aboutRoom is a function whose first argument is a room.
func (s *service) aboutRoom(f roomMethod) func(ctx context.Context, a arguments) ([]any, error) {
	return func(ctx context.Context, a arguments) ([]any, error) {
		r, ok := a.at(0).(*Room)
		if !ok {
			return nil, a.wrong(0, "a room")
		}
		ctx, leave, err := r.enter(ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
		return f(ctx, r, a)
	}
}

// found are the results of looking for a room: the room; nil; false without a place; nil and an error if it cannot be read.
func found(r *Room, err error) ([]any, error) {
	switch {
	case errors.Is(err, errNoPlace):
		return []any{false}, nil
	case err != nil:
		return []any{nil, err.Error()}, nil
	case r == nil:
		return []any{nil}, nil
	}
	return []any{r}, nil
}

// exportCreate: jid, config → room, false without a place, or nil and an error.
func (s *service) exportCreate(ctx context.Context, a arguments) ([]any, error) {
	data, err := plainTable(ctx, a.at(1))
	if err != nil {
		return nil, err
	}
	return found(s.createRoom(ctx, a.text(0), data))
}

func roomRows(rooms []*Room) sdk.Rows {
	rows := make(sdk.Rows, 0, len(rooms))
	for _, r := range rooms {
		rows = append(rows, []any{r})
	}
	return rows
}

// iterateAll is an iterator over all rooms: a function that returns the next one. Those in the store are loaded as it comes to them.
func (s *service) iterateAll(context.Context) sdk.Function {
	var live []*Room
	var jids []string
	seen, begun := map[string]bool{}, false
	return sdk.Func(func(ctx context.Context, _ ...any) ([]any, error) {
		if !begun {
			begun, live, jids = true, s.liveRooms(), nil
			for _, r := range live {
				seen[r.jid] = true
			}
			jids = s.storedJIDs(ctx)
		}
		for len(live) > 0 {
			r := live[0]
			live = live[1:]
			if s.rooms.peek(r.jid) == r {
				return []any{r}, nil
			}
		}
		for len(jids) > 0 {
			jid := jids[0]
			jids = jids[1:]
			if seen[jid] {
				continue
			}
			if r, err := s.getRoom(ctx, jid); err == nil && r != nil {
				return []any{r}, nil
			}
		}
		return []any{nil}, nil
	})
}

// exportHandler is a handler of stanza events that finds the room and calls its method of this name with origin and stanza.
func (s *service) exportHandler(method string) sdk.Function {
	return sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
		origin, st, err := originAndStanzaOf(ctx, first(args))
		if err != nil {
			return nil, err
		}
		handled, err := s.dispatch(ctx, method, origin, st)
		return one(flagOrNil(handled), err)
	})
}

// originAndStanzaOf takes them from an event of another plugin.
func originAndStanzaOf(ctx context.Context, event any) (sdk.Session, *stanza.Element, error) {
	if ev, ok := event.(*sdk.Event); ok && ev.Stanza != nil {
		return ev.Origin, ev.Stanza, nil
	}
	origin, err := sdk.Field(ctx, event, "origin")
	if err != nil {
		return nil, nil, err
	}
	st, err := sdk.Field(ctx, event, "stanza")
	if err != nil {
		return nil, nil, err
	}
	return arguments{origin, st}.originAndStanza(ctx)
}

var _ sdk.Exporter = (*service)(nil)
