package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// sayingMethods are about what leaves the room.
func sayingMethods() map[string]roomMethod {
	return map[string]roomMethod{
		"route_stanza": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return withStanza(a, 0, func(st *stanza.Element) error { return r.ownRouteStanza(ctx, st) })
		},
		"route_to_occupant": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			o, err := a.occupant(0)
			if err != nil {
				return nil, err
			}
			return withStanza(a, 1, func(st *stanza.Element) error { return r.ownRouteToOccupant(ctx, o, st) })
		},
		"deliver": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			items, err := sdk.Items(ctx, a.at(0))
			if err != nil {
				return nil, err
			}
			return withStanza(a, 1, func(st *stanza.Element) error { return r.deliver(ctx, texts(items), st) })
		},
		"broadcast": broadcastMethod,
		"broadcast_message": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			st, err := a.stanza(0)
			if err == nil {
				err = r.ownBroadcastMessage(ctx, st)
			}
			return one(true, err)
		},
		"publicise_occupant_status": publiciseMethod,
		"send_occupant_list":        occupantListMethod,
		"send_others_to": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return nothing(r.sendOthersTo(ctx, a.text(0)))
		},
		"send_history": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return withStanza(a, 0, func(st *stanza.Element) error { return r.ownSendHistory(ctx, st) })
		},
		"send_subject": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return nothing(r.ownSendSubject(ctx, a.text(0), a.number(1)))
		},
		"build_item_list": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			o, err := a.occupant(0)
			if err != nil {
				return nil, err
			}
			x, err := a.stanza(1)
			if err != nil {
				return nil, err
			}
			return one(r.ownBuildItemList(ctx, o, x, a.flag(2), item{nick: a.text(3), actorNick: a.text(4), actorJID: a.text(5), reason: a.text(6)}))
		},
		"build_unavailable_presence": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return oneStanza(r.ownUnavailablePresence(ctx, a.text(0), a.text(1)))
		},
		"refuse_conflict": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			origin, st, err := a.originAndStanza(ctx)
			if err == nil {
				r.refuseConflict(ctx, origin, st)
			}
			return one(true, err)
		},
		"fire_joined": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return withArrival(ctx, a, r.tellJoined)
		},
		"fire_session_new": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return withArrival(ctx, a, r.tellSessionNew)
		},
	}
}

// withStanza is for methods without results that are about a stanza.
func withStanza(a arguments, i int, do func(st *stanza.Element) error) ([]any, error) {
	st, err := a.stanza(i)
	if err != nil {
		return nil, err
	}
	return nothing(do(st))
}

// oneStanza keeps a nil stanza from becoming a value.
func oneStanza(st *stanza.Element, err error) ([]any, error) {
	if st == nil || err != nil {
		return []any{nil}, err
	}
	return []any{st}, nil
}

func texts(items []any) []string {
	list := make([]string, 0, len(items))
	for _, v := range items {
		list = append(list, text(v))
	}
	return list
}

// broadcastMethod: stanza, filter(occupant JID, occupant).
func broadcastMethod(ctx context.Context, r *Room, a arguments) ([]any, error) {
	st, err := a.stanza(0)
	if err != nil {
		return nil, err
	}
	var failed error
	var chosen func(o *Occupant) bool
	if filter := a.filter(ctx, 1, &failed); filter != nil {
		chosen = func(o *Occupant) bool { return filter(o.nick, o) }
	}
	if err := r.ownBroadcast(ctx, st, chosen); err != nil {
		return nil, err
	}
	return nothing(failed)
}

// publiciseMethod: occupant, x, nick, actor, reason, prev_role, force_unavailable, recipient. x is a stanza, or a table of its versions.
func publiciseMethod(ctx context.Context, r *Room, a arguments) ([]any, error) {
	o, err := a.occupant(0)
	if err != nil {
		return nil, err
	}
	recipient, err := a.optionalOccupant(7)
	if err != nil {
		return nil, err
	}
	said := announcement{
		nick: a.text(2), actor: a.actor(3), reason: a.text(4), prevRole: a.rank(5), forceUnavailable: a.flag(6), recipient: recipient,
	}
	if said.x, err = a.optionalStanza(1); err != nil {
		if err = said.readVersions(ctx, a.at(1)); err != nil {
			return nil, err
		}
	}
	return nothing(r.ownPublicise(ctx, o, said))
}

// readVersions takes the <x/> from a table with base, full, anon and self.
func (a *announcement) readVersions(ctx context.Context, v any) error {
	for name, x := range map[string]**stanza.Element{"base": &a.x, "full": &a.full, "anon": &a.anon, "self": &a.self} {
		version, err := sdk.Field(ctx, v, name)
		if err != nil {
			return err
		}
		*x, _ = version.(*stanza.Element)
	}
	if a.x == nil {
		a.x = newX()
	}
	return nil
}

// occupantListMethod: to, filter(JID, occupant or nil).
func occupantListMethod(ctx context.Context, r *Room, a arguments) ([]any, error) {
	var failed error
	var chosen listFilter
	if filter := a.filter(ctx, 1, &failed); filter != nil {
		chosen = func(jid string, o *Occupant) bool {
			if o == nil {
				return filter(jid, nil)
			}
			return filter(jid, o.copy())
		}
	}
	if err := r.ownSendOccupantList(ctx, a.text(0), chosen); err != nil {
		return nil, err
	}
	return nothing(failed)
}

// withArrival reads an event of joining, and an occupant.
func withArrival(ctx context.Context, a arguments, tell func(ctx context.Context, origin sdk.Session, st *stanza.Element, o *Occupant) error) ([]any, error) {
	o, err := a.occupant(1)
	if err != nil {
		return nil, err
	}
	origin, st, err := originAndStanzaOf(ctx, a.at(0))
	if err != nil {
		return nil, err
	}
	return nothing(tell(ctx, origin, st, o))
}
