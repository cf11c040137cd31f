package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// slotMethods are methods that other plugins are known to add to all rooms, and that the rooms call, too. By themselves they know nothing.
func slotMethods() map[string]roomMethod {
	none := func(context.Context, *Room, arguments) ([]any, error) { return []any{nil}, nil }
	return map[string]roomMethod{"handle_register_iq": none}
}

// settingMethods are get_NAME and set_NAME of all settings.
func (s *service) settingMethods() map[string]roomMethod {
	methods := map[string]roomMethod{}
	for name, x := range s.settings {
		methods["get_"+name] = func(_ context.Context, r *Room, _ arguments) ([]any, error) { return []any{shown(x.get(r))}, nil }
		if x.set == nil {
			continue
		}
		methods["set_"+name] = func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			value, err := a.plain(ctx, 0)
			if err != nil {
				return nil, err
			}
			return one(x.set(ctx, r, value))
		}
	}
	return methods
}

// handlerMethods are those that handle stanzas.
func (s *service) handlerMethods() map[string]roomMethod {
	methods := map[string]roomMethod{
		"handle_leave":       occupantHandler((*Room).ownHandleLeave),
		"handle_nick_change": occupantHandler((*Room).ownHandleNickChange),
		"handle_role_request": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			origin, st, err := a.originAndStanza(ctx)
			if err != nil {
				return nil, err
			}
			return withStanza(a, 2, func(form *stanza.Element) error { return r.ownHandleRoleRequest(ctx, origin, st, form) })
		},
		"respond_to_probe": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			origin, st, err := a.originAndStanza(ctx)
			if err != nil {
				return nil, err
			}
			prober, err := a.optionalOccupant(2)
			if err != nil {
				return nil, err
			}
			return nothing(r.ownRespondToProbe(ctx, origin, st, prober))
		},
		"answer_as_tombstone": handlerMethod((*Room).answerAsTombstone),
	}
	for name, h := range s.handlers {
		methods[name] = handlerMethod(h)
	}
	return methods
}

func handlerMethod(h stanzaHandler) roomMethod {
	return func(ctx context.Context, r *Room, a arguments) ([]any, error) {
		origin, st, err := a.originAndStanza(ctx)
		if err != nil {
			return nil, err
		}
		handled, err := h(r, ctx, origin, st)
		return one(flagOrNil(handled), err)
	}
}

// occupantHandler is a handler of a stanza by somebody who is in the room.
func occupantHandler(h func(r *Room, ctx context.Context, origin sdk.Session, st *stanza.Element, o *Occupant) error) roomMethod {
	return func(ctx context.Context, r *Room, a arguments) ([]any, error) {
		origin, st, err := a.originAndStanza(ctx)
		if err != nil {
			return nil, err
		}
		o, err := a.occupant(2)
		if err != nil {
			return nil, err
		}
		return one(true, h(r, ctx, origin, st, o))
	}
}
