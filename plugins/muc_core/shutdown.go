package muccore

import (
	"context"
	"errors"
	"fmt"

	"quatrain/sdk"
)

// The end of the service, as occupants see it (XEP-0045 #registrar-statuscodes, 332; M26). Rooms outlast it in the store. So do occupants
// of other servers as this one starts again; people of this server lose their streams, so they are told that they are out.

// shutdownState is whether occupants outlast this instance.
type shutdownState struct {
	occupantsStay bool
}

// loadShutdown: after other modules (0), who may have something to say, and before what is left is saved (-300).
func (s *service) loadShutdown(context.Context) error {
	s.m.HookGlobal("server-stopping", -200, func(ctx context.Context, _ *sdk.Event) (any, error) {
		s.shutdown.occupantsStay = true
		return nil, s.dismiss(ctx, s.isOfThisServer)
	})
	s.m.HookGlobal("server-stopping", -300, func(ctx context.Context, _ *sdk.Event) (any, error) {
		s.saveAll(ctx)
		return nil, nil
	})
	return nil
}

func (s *service) isOfThisServer(o *Occupant) bool {
	return s.m.Context(domainOf(o.bareJID)).HostType() != ""
}

// dismiss removes those who have to go; filter nil: everybody.
func (s *service) dismiss(ctx context.Context, filter func(o *Occupant) bool) error {
	return s.inEachLive(ctx, func(ctx context.Context, r *Room) error { return r.clear(ctx, newX("332"), filter) })
}

// inEachLive calls f in each room in memory. One that fails does not keep the others from it.
func (s *service) inEachLive(ctx context.Context, f func(ctx context.Context, r *Room) error) error {
	var errs []error
	for _, r := range s.liveRooms() {
		inside, leave, err := r.enter(ctx)
		if err == nil {
			if s.rooms.peek(r.jid) == r {
				err = f(inside, r)
			}
			leave()
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("room %q: %w", r.jid, err))
		}
	}
	return errors.Join(errs...)
}

// saveAll saves all rooms with their live state: after a restart the occupants are still there.
func (s *service) saveAll(ctx context.Context) {
	_ = s.inEachLive(ctx, func(ctx context.Context, r *Room) error {
		if err := r.save(ctx, false, true); err != nil {
			s.log.Error(fmt.Sprintf("Room %s was not saved: %s", r.jid, err))
		}
		return nil
	})
}

// Save tells that a successor comes: it finds the rooms with their occupants in the store, as any twin of this plugin does.
func (s *service) Save(context.Context) (any, error) {
	s.shutdown.occupantsStay = true
	return map[string]any{}, nil
}

// Restore has nothing to do: rooms come from the store when they are needed.
func (s *service) Restore(context.Context, any) error { return nil }

// Unload writes the rooms, and tells those who are out for good.
func (s *service) Unload(ctx context.Context) error {
	var err error
	if !s.shutdown.occupantsStay {
		err = s.dismiss(ctx, nil)
	}
	s.saveAll(ctx)
	for _, r := range s.liveRooms() {
		s.forgetRoom(ctx, r)
	}
	return err
}

var (
	_ sdk.Saver    = (*service)(nil)
	_ sdk.Restorer = (*service)(nil)
	_ sdk.Unloader = (*service)(nil)
)
