package muccore

import (
	"context"
	"math"
	"time"

	"quatrain/xmpp/stanza"
)

// A new room is locked until its owner has configured it (XEP-0045 #createroom; M17–M20).

// lockState is for how long new rooms are locked.
type lockState struct {
	timeout time.Duration
}

func (s *service) loadLock(context.Context) error {
	s.lockable.timeout = s.optionPeriod("muc_room_lock_timeout", 5*time.Minute)
	if s.optionBool("muc_room_locking", true) {
		// First of all, so that no later step of creation sees the room open. Groupchat 1.0 knows no locks.
		s.hook("muc-room-pre-create", 10, func(ctx context.Context, ev roomEvent) (any, error) {
			if ev.Stanza.Child("x", nsMUC) == nil {
				return nil, nil
			}
			return nil, ev.room.lock(ctx)
		})
	}
	// Last of the checks: a locked room tells only that it is not there.
	s.hook("muc-occupant-pre-join", -30, func(ctx context.Context, ev roomEvent) (any, error) {
		if ev.Bool("is_new_room") {
			return nil, nil
		}
		locked, err := ev.room.isLocked(ctx)
		if !locked || err != nil {
			return nil, err
		}
		return ev.refuseEntry(ctx, refuse(stanza.Cancel, stanza.ItemNotFound, "This room is locked", s.host))
	})
	// After the handlers (0) of the form, which may want to know that this is the first one.
	s.hook("muc-config-submitted", -1, func(ctx context.Context, ev roomEvent) (any, error) {
		locked, err := ev.room.isLocked(ctx)
		if !locked || err != nil {
			return nil, err
		}
		return nil, ev.room.unlock(ctx)
	})
	return nil
}

// lock locks a new room.
func (r *Room) lock(ctx context.Context) error {
	if f := r.replaced("lock"); f != nil {
		_, err := f.Call(ctx, r)
		return err
	}
	return r.ownLock(ctx)
}

func (r *Room) ownLock(ctx context.Context) error {
	if err := r.tell(ctx, "muc-room-locked", nil, nil); err != nil {
		return err
	}
	until := math.Inf(1)
	if t := r.s.lockable.timeout; t != forever {
		until = unixNow() + t.Seconds()
	}
	r.setData("locked", until)
	return nil
}

func (r *Room) unlock(ctx context.Context) error {
	if f := r.replaced("unlock"); f != nil {
		_, err := f.Call(ctx, r)
		return err
	}
	return r.ownUnlock(ctx)
}

func (r *Room) ownUnlock(ctx context.Context) error {
	if err := r.tell(ctx, "muc-room-unlocked", nil, nil); err != nil {
		return err
	}
	r.setData("locked", nil)
	r.unlessSaved(func(ctx context.Context) error { return r.tell(ctx, "muc-room-locked", nil, nil) })
	return nil
}

// isLocked lets a lock lapse, too.
func (r *Room) isLocked(ctx context.Context) (bool, error) {
	if f := r.replaced("is_locked"); f != nil {
		results, err := f.Call(ctx, r)
		return isTrue(first(results)), err
	}
	return r.ownIsLocked(ctx)
}

func (r *Room) ownIsLocked(ctx context.Context) (bool, error) {
	until, locked := r.dataNumber("locked")
	if locked && unixNow() >= until {
		return false, r.unlock(ctx)
	}
	return locked, nil
}
