package muccore

import (
	"context"
	"errors"
	"maps"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// transaction is changes of a room that count together, once they are saved: a configuration form has many fields, a list of people many
// items. Until then nobody hears of them, and if they cannot be saved they have not happened. What a setter changes outside of this is for
// its caller to save, and what follows from it follows at once.
//
// It belongs to the chain that opened it, which is in the room until it is closed.
type transaction struct {
	data      sdk.Data // as it was
	effects   []func(ctx context.Context) error
	undo      []func(ctx context.Context) error
	isUnsaved bool
	people    map[string]bool // whose affiliations are unsaved, if nothing else is
	isClosed  bool            // being saved: what is changed now is no longer part of it
}

func (s *service) loadTransaction(context.Context) error { return nil }

func (r *Room) openTransaction() *transaction {
	if t := r.transaction; t != nil && !t.isClosed {
		return t
	}
	return nil
}

// saveLater puts saving off until all changes are made. It returns false if there are no others to wait for.
func (r *Room) saveLater() bool {
	t := r.openTransaction()
	if t == nil {
		return false
	}
	t.isUnsaved = true
	return true
}

// savePersonLater is saveLater where somebody's affiliation is all that has changed.
func (r *Room) savePersonLater(jid string) {
	t := r.openTransaction()
	if t == nil {
		return
	}
	if t.people == nil {
		t.people = map[string]bool{}
	}
	t.people[jid] = true
}

// onceSaved calls f when what has been changed is saved, at once outside of a transaction. For setters: f tells people, or removes them.
func (r *Room) onceSaved(ctx context.Context, f func(ctx context.Context) error) error {
	if t := r.openTransaction(); t != nil {
		t.effects = append(t.effects, f)
		return nil
	}
	return f(ctx)
}

// unlessSaved has f take back what has just been changed, if it is not going to be saved. Needed for what does not lie in room.data.
func (r *Room) unlessSaved(f func(ctx context.Context) error) {
	if t := r.openTransaction(); t != nil {
		t.undo = append(t.undo, f)
	}
}

// rollBack keeps the map of the data, as others may hold it.
func (r *Room) rollBack(ctx context.Context, t *transaction) error {
	clear(r.data)
	maps.Copy(r.data, t.data)
	var errs []error
	for i := len(t.undo) - 1; i >= 0; i-- {
		errs = append(errs, t.undo[i](ctx))
	}
	return errors.Join(errs...)
}

func (r *Room) attempt(ctx context.Context, t *transaction, change func(ctx context.Context) error) error {
	if err := change(ctx); err != nil {
		return err
	}
	t.isClosed = true
	if err := r.saveChanges(ctx, t); err != nil {
		r.s.log.Error("changes of a room were not saved", "jid", r.jid, "err", err)
		return refuse(stanza.Wait, stanza.InternalServerError, "", "")
	}
	return nil
}

func (r *Room) saveChanges(ctx context.Context, t *transaction) error {
	switch {
	case t.isUnsaved:
		return r.save(ctx, true, false)
	case len(t.people) > 0:
		return r.savePeople(ctx, t.people)
	}
	return nil
}

// changeTogether calls change, which may use all setters, and saves if one of them asked for it. If change returns an error, a
// *stanza.Error for whoever asked, everything is as before, as it is if saving fails. Within another such call it is part of that.
func (r *Room) changeTogether(ctx context.Context, change func(ctx context.Context) error) (err error) {
	if r.openTransaction() != nil {
		return change(ctx)
	}
	outer := r.transaction // one that is being closed: its handlers may do more
	t := &transaction{data: maps.Clone(r.data)}
	r.transaction = t
	done := false
	defer func() {
		if !done { // a panic
			r.transaction = outer
			_ = r.rollBack(ctx, t)
		}
	}()
	err = r.attempt(ctx, t, change)
	done = true
	r.transaction = outer
	if err != nil {
		return errors.Join(err, r.rollBack(ctx, t))
	}
	for _, effect := range t.effects {
		if err := effect(ctx); err != nil {
			return err
		}
	}
	return nil
}
