package muccore

import (
	"context"

	"quatrain/sdk"
)

// peopleMethods are about who is in the room, and what they may do.
func peopleMethods() map[string]roomMethod {
	return map[string]roomMethod{
		"get_occupant_jid": func(_ context.Context, r *Room, a arguments) ([]any, error) {
			return []any{optional(r.occupantJID(a.text(0)))}, nil
		},
		"new_occupant": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return oneOccupant(r.newOccupant(ctx, a.text(0), a.text(1)))
		},
		"get_occupant_by_nick": func(_ context.Context, r *Room, a arguments) ([]any, error) {
			return oneOccupant(r.occupantByNick(a.text(0)), nil)
		},
		"get_occupant_by_real_jid": func(_ context.Context, r *Room, a arguments) ([]any, error) {
			return oneOccupant(r.occupantByRealJID(a.text(0)), nil)
		},
		"each_occupant": func(_ context.Context, r *Room, _ arguments) ([]any, error) {
			rows := make(sdk.Rows, 0, len(r.occupants))
			for _, o := range r.eachOccupant() {
				rows = append(rows, []any{o.nick, o})
			}
			return []any{rows}, nil
		},
		"has_occupant": func(_ context.Context, r *Room, _ arguments) ([]any, error) { return []any{r.hasOccupant()}, nil },
		"save_occupant": func(_ context.Context, r *Room, a arguments) ([]any, error) {
			o, err := a.occupant(0)
			if err != nil {
				return nil, err
			}
			return oneOccupant(r.saveOccupant(o), nil)
		},
		"is_taken_by_other": func(_ context.Context, r *Room, a arguments) ([]any, error) {
			return []any{r.isTakenByOther(a.text(0), a.text(1))}, nil
		},
		"rename_occupant": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return nothing(r.renameOccupant(ctx, a.text(0), a.text(1)))
		},
		"get_role": func(_ context.Context, r *Room, a arguments) ([]any, error) {
			return []any{optional(r.role(a.text(0)))}, nil
		},
		"get_default_role": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			role, err := r.ownDefaultRole(ctx, a.rank(0))
			return []any{optional(role), float64(roleRanks[role])}, err
		},
		"may_set_role": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			o, err := a.occupant(1)
			if err != nil {
				return nil, err
			}
			return done(r.ownMaySetRole(ctx, a.actor(0), o, a.rank(2)))
		},
		"set_role": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return done(r.ownSetRole(ctx, a.actor(0), a.text(1), a.rank(2), a.text(3)))
		},
		"change_role": func(_ context.Context, r *Room, a arguments) ([]any, error) {
			o, err := a.occupant(0)
			if err != nil {
				return nil, err
			}
			r.changeRole(o, a.rank(1))
			return nil, nil
		},
		"get_occupant_id": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			o, err := a.occupant(0)
			if err != nil {
				return nil, err
			}
			return one(r.ownOccupantID(ctx, o))
		},
		"get_salt": func(ctx context.Context, r *Room, _ arguments) ([]any, error) { return one(r.ownSalt(ctx)) },
	}
}

// oneOccupant keeps a nil occupant from becoming an object.
func oneOccupant(o *Occupant, err error) ([]any, error) {
	if o == nil || err != nil {
		return []any{nil}, err
	}
	return []any{o}, nil
}
