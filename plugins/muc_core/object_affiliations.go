package muccore

import (
	"context"

	"quatrain/sdk"
)

// affiliationMethods are about who somebody is to the room.
func affiliationMethods() map[string]roomMethod {
	return map[string]roomMethod{
		"get_affiliation": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			affiliation, err := r.ownAffiliation(ctx, a.text(0))
			return one(optional(affiliation), err)
		},
		"each_affiliation": func(_ context.Context, r *Room, a arguments) ([]any, error) {
			rows := sdk.Rows{}
			for jid, data := range r.eachAffiliation(a.text(0)) {
				rows = append(rows, []any{jid, r.affiliations[jid], shownData(data)})
			}
			return []any{rows}, nil
		},
		"is_only_owner": func(_ context.Context, r *Room, a arguments) ([]any, error) {
			return []any{r.isOnlyOwner(a.text(0))}, nil
		},
		"may_set_affiliation": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return done(r.ownMaySetAffiliation(ctx, a.actor(0), a.text(1), a.rank(2)))
		},
		"set_affiliation": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			data := sdk.Data{} // false: to be cleared
			if a.at(4) != false {
				var err error
				if data, err = plainTable(ctx, a.at(4)); err != nil {
					return nil, err
				}
			}
			return done(r.ownSetAffiliation(ctx, a.actor(0), a.text(1), a.text(2), a.text(3), data))
		},
		"get_affiliation_data": func(_ context.Context, r *Room, a arguments) ([]any, error) {
			return []any{shown(r.ownAffiliationData(a.text(0), a.text(1)))}, nil
		},
		"set_affiliation_data": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			if a.at(1) == nil {
				return []any{nil, "invalid key"}, nil
			}
			value, err := a.plain(ctx, 2)
			if err != nil {
				return nil, err
			}
			return saved(r.ownSetAffiliationData(ctx, a.text(0), a.text(1), value))
		},
		"is_anonymous_for": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return one(r.ownIsAnonymousFor(ctx, a.text(0)))
		},
	}
}
