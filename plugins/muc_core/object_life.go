package muccore

import (
	"context"

	"quatrain/xmpp/stanza"
)

// lifeMethods are about the room's beginning, changes, records and end.
func lifeMethods() map[string]roomMethod {
	return map[string]roomMethod{
		"__tostring": func(_ context.Context, r *Room, _ arguments) ([]any, error) {
			return []any{"MUC room (" + r.jid + ")"}, nil
		},
		"lock":      func(ctx context.Context, r *Room, _ arguments) ([]any, error) { return nothing(r.ownLock(ctx)) },
		"unlock":    func(ctx context.Context, r *Room, _ arguments) ([]any, error) { return nothing(r.ownUnlock(ctx)) },
		"is_locked": func(ctx context.Context, r *Room, _ arguments) ([]any, error) { return one(r.ownIsLocked(ctx)) },
		"set_defaults": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return nothing(r.ownSetDefaults(ctx, a.text(0)))
		},
		"get_subject": func(_ context.Context, r *Room, _ arguments) ([]any, error) {
			from, subject := r.ownSubject()
			return []any{from, optional(subject)}, nil
		},
		"set_subject": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			changed, err := r.ownSetSubject(ctx, a.text(0), a.text(1), a.text(2))
			if err != nil {
				return refused(nil, err)
			}
			return []any{changed}, nil
		},
		"get_form_layout": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return one(r.ownFormTable(ctx, a.text(0)))
		},
		"get_disco_info":  discoMethod((*Room).ownDiscoInfo),
		"get_disco_items": discoMethod((*Room).ownDiscoItems),
		"get_avatar_hash": func(ctx context.Context, r *Room, _ arguments) ([]any, error) {
			return []any{optional(r.avatarHash(ctx))}, nil
		},
		"freeze": func(_ context.Context, r *Room, a arguments) ([]any, error) {
			if a.flag(0) {
				return []any{shown(r.freezeConfig()), shown(r.freezeState())}, nil
			}
			return []any{shown(r.freezeConfig()), nil}, nil
		},
		"save": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return saved(r.ownSave(ctx, a.flag(0), a.flag(1)))
		},
		"clear": clearMethod,
		"destroy": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			if err := r.ownDestroy(ctx, a.text(0), a.text(1), a.text(2)); err != nil {
				return refused(false, err)
			}
			return []any{true}, nil
		},
		"leave_store": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return saved(r.ownLeaveStore(ctx, a.text(0), a.text(1)))
		},
		"change_together": changeTogetherMethod,
		"save_later":      func(_ context.Context, r *Room, _ arguments) ([]any, error) { return []any{r.saveLater()}, nil },
		"once_saved": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return withCallback(a, func(f func(ctx context.Context) error) error { return r.onceSaved(ctx, f) })
		},
		"unless_saved": func(_ context.Context, r *Room, a arguments) ([]any, error) {
			return withCallback(a, func(f func(ctx context.Context) error) error { r.unlessSaved(f); return nil })
		},
	}
}

func withCallback(a arguments, do func(f func(ctx context.Context) error) error) ([]any, error) {
	f, err := a.function(0)
	if err != nil {
		return nil, err
	}
	return nothing(do(func(ctx context.Context) error {
		_, err := f.Call(ctx)
		return err
	}))
}

// changeTogetherMethod: change(), which returns false, type, condition and text to call it off.
func changeTogetherMethod(ctx context.Context, r *Room, a arguments) ([]any, error) {
	change, err := a.function(0)
	if err != nil {
		return nil, err
	}
	return done(r.changeTogether(ctx, func(ctx context.Context) error {
		results, err := change.Call(ctx)
		if err == nil && first(results) == false {
			err = errorOf(nth(results, 1), nth(results, 2), nth(results, 3))
		}
		return err
	}))
}

// clearMethod: x, filter(occupant).
func clearMethod(ctx context.Context, r *Room, a arguments) ([]any, error) {
	x, err := a.optionalStanza(0)
	if err != nil {
		return nil, err
	}
	var failed error
	var chosen func(o *Occupant) bool
	if filter := a.filter(ctx, 1, &failed); filter != nil {
		chosen = func(o *Occupant) bool { return filter(o) }
	}
	if err := r.ownClear(ctx, x, chosen); err != nil {
		return nil, err
	}
	return nothing(failed)
}

func discoMethod(answer func(r *Room, ctx context.Context, st *stanza.Element) (*stanza.Element, error)) roomMethod {
	return func(ctx context.Context, r *Room, a arguments) ([]any, error) {
		st, err := a.stanza(0)
		if err != nil {
			return nil, err
		}
		return oneStanza(answer(r, ctx, st))
	}
}
