package muccore

import (
	"context"
	"fmt"

	"quatrain/sdk"
)

// Rooms leave memory for the store when there are too many, those used least recently first (M24).

// makePlace makes sure that one more room may come into memory. A room that cannot be written stays in memory, even if that means that another
// one has to stay out. Where all others are busy there are too many for a moment: to wait for them could be to wait for each other.
func (s *service) makePlace(ctx context.Context) error {
	rs := &s.rooms
	if rs.limited {
		if n := rs.count(); n >= rs.size {
			s.log.Info(fmt.Sprintf("There are %d rooms, no new ones are allowed", rs.size))
			return errNoPlace
		}
		return nil
	}
	return s.swapOutTo(ctx, rs.size-1)
}

// swapOutTo swaps rooms out until n are left, as far as they are not busy.
func (s *service) swapOutTo(ctx context.Context, n int) error {
	if s.rooms.count() <= n {
		return nil
	}
	chain := sdk.WithChain(ctx)
	for _, r := range s.rooms.oldestFirst() {
		if s.rooms.count() <= n {
			return nil
		}
		if !r.entry.tryEnter(chain.ID()) {
			continue
		}
		err := s.swapOut(chain, r)
		r.entry.leave()
		if err != nil {
			return err
		}
	}
	if s.rooms.count() > n {
		s.rooms.crowded.Store(true)
	}
	return nil
}

// swapOut writes a room that this chain is in, and takes it out of memory.
func (s *service) swapOut(ctx context.Context, r *Room) error {
	if s.rooms.peek(r.jid) != r {
		return nil // somebody else was quicker
	}
	s.rooms.metrics.eviction.Add(1)
	if err := r.save(ctx, false, true); err != nil {
		s.log.Error(fmt.Sprintf("Room %s was not swapped out: %s", r.jid, err))
		return errNoPlace
	}
	r.isSwappedOut = true
	s.rooms.remove(r)
	r.letGo()
	return nil
}

// thinOut swaps out what could not be swapped out before, after a room has become free.
func (s *service) thinOut(ctx context.Context) {
	if !s.rooms.crowded.Load() {
		return
	}
	s.rooms.crowded.Store(false)
	if err := s.swapOutTo(ctx, s.rooms.size); err != nil {
		s.log.Debug("more rooms are in memory than there should be", "err", err)
	}
}
