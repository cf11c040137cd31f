package muccore

import (
	"context"
	"errors"
	"fmt"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
)

// All rooms of the service: some in memory, the others in the store (M6, M16, M21–M27).

// roomState is what the cache and the store know of a room.
type roomState struct {
	isTracked    bool // it has been taken into memory, and not been forgotten; only such rooms are saved
	isStored     bool // it has a record in the store
	isSwappedOut bool // it has left memory; somebody may still hold it
	hasLeftStore bool // it is being destroyed, and another may be in its place
	isBuried     bool // it has left a tombstone
	keeping      keeping
	written      writtenState
}

var (
	// errNoPlace tells that a room cannot be taken into memory, or that somebody objects to its return.
	errNoPlace = errors.New("there is no place for the room")
	// errExists and errInvalidJID are why a room is not created.
	errExists     = errors.New("room-exists")
	errInvalidJID = errors.New("invalid-jid")
	// errOther tells that a room which has been swapped out has come back meanwhile.
	errOther = errors.New("it has come back as another object")
)

func (s *service) loadRooms(ctx context.Context) error {
	if err := s.openStores(ctx); err != nil {
		return err
	}
	rs := &s.rooms
	rs.clear(int(s.optionNumber("muc_room_cache_size", 1000)))
	if limit := s.optionNumber("muc_max_rooms", 0); limit >= 1 {
		rs.size, rs.limited = int(limit), true
	}
	rs.metrics = s.newRoomMetrics()
	s.m.HookGlobal("stats-update", 0, func(context.Context, *sdk.Event) (any, error) {
		rs.metrics.update(rs.count())
		return nil, nil
	})
	s.loadPublicRooms(ctx)
	s.hook("muc-room-pre-create", -1000, s.settle)
	s.hook("muc-room-destroyed", 0, func(ctx context.Context, ev roomEvent) (any, error) {
		s.forgetRoom(ctx, ev.room)
		if err := s.deleteRoom(ctx, ev.room); err != nil {
			s.log.Error(fmt.Sprintf("Room %s was not removed from the store: %s", ev.room.jid, err))
		}
		return nil, nil
	})
	return s.restoreKept(ctx)
}

// settle is the last step of creation: a room that others have refused never gets here. If they waited for something, somebody else may have
// made the room meanwhile, and then that is the one to join.
func (s *service) settle(ctx context.Context, ev roomEvent) (any, error) {
	other, err := s.track(ctx, ev.room, false)
	switch {
	case other != nil:
		return s.joinOther(ctx, other, ev)
	case errors.Is(err, errNoPlace):
		s.answer(ctx, ev.Origin, refusal(ev.Stanza, refuse("wait", "resource-constraint", "There are too many rooms", s.host)))
		return true, nil
	}
	return nil, err
}

func (s *service) joinOther(ctx context.Context, other *Room, ev roomEvent) (any, error) {
	ctx, leave, err := other.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	handled, err := other.handle(ctx, "handle_normal_presence", ev.Origin, ev.Stanza)
	if !handled {
		return nil, err
	}
	return true, err
}

// getRoom is the room of a bare JID, from memory or the store; nil if there is none. errNoPlace; other errors mean that its record cannot be
// read. The room has not been entered.
func (s *service) getRoom(ctx context.Context, roomJID string) (*Room, error) {
	if r := s.rooms.recall(roomJID); r != nil {
		s.rooms.metrics.hits.Add(1)
		return r, nil
	}
	s.rooms.metrics.miss.Add(1)
	if domainOf(roomJID) != s.host || localOf(roomJID) == "" {
		return nil, nil // the store knows rooms by the first part of their JID alone
	}
	return s.load(ctx, roomJID)
}

// enterRoom is getRoom and enter: the room is still the one that stanzas for its JID go to when it has been entered. leave is nil if there is
// no room.
func (s *service) enterRoom(ctx context.Context, roomJID string) (_ context.Context, r *Room, leave func(), err error) {
	for {
		r, err := s.getRoom(ctx, roomJID)
		if r == nil || err != nil {
			return ctx, nil, nil, err
		}
		inside, leave, err := r.enter(ctx)
		if err != nil {
			return ctx, nil, nil, err
		}
		if s.rooms.peek(roomJID) == r {
			return inside, r, leave, nil
		}
		leave()
	}
}

// createRoom makes a room by the service itself. data becomes what is saved with it; nil gives it the defaults. errExists, errInvalidJID, errNoPlace.
func (s *service) createRoom(ctx context.Context, roomJID string, data sdk.Data) (*Room, error) {
	if !isRoomJID(roomJID) {
		return nil, errInvalidJID
	}
	existing, err := s.getRoom(ctx, roomJID)
	if existing != nil {
		return nil, errExists
	}
	if err != nil {
		return nil, err
	}
	r := s.newRoom(roomJID, data)
	ctx, leave, err := r.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	if data == nil {
		if err := r.setDefaults(ctx, ""); err != nil {
			return nil, err
		}
	}
	if err := r.tell(ctx, "muc-room-created", nil, nil); err != nil {
		return nil, err
	}
	if err := s.trackRoom(ctx, r); err != nil {
		return nil, err
	}
	return r, s.keepRoom(ctx, r)
}

// isRoomJID is whether a room may have this address.
func isRoomJID(address string) bool {
	local, _, resource := jid.Split(address)
	return local != "" && resource == "" && isStrict(address)
}

// trackRoom takes a room into memory: errNoPlace if there is no place.
func (s *service) trackRoom(ctx context.Context, r *Room) error {
	_, err := s.track(ctx, r, true)
	return err
}

// track takes a room into memory, in the place of another one if replace; otherwise that one is returned.
func (s *service) track(ctx context.Context, r *Room, replace bool) (other *Room, err error) {
	if other := s.rooms.peek(r.jid); other == nil {
		if err := s.makePlace(ctx); err != nil {
			return nil, err
		}
	}
	if other := s.rooms.put(r, replace); other != nil {
		return other, nil
	}
	r.isTracked, r.isSwappedOut = true, false
	r.changed()
	return nil, nil
}

// keepRoom saves a persistent room that is new. If it cannot be saved, there is no room.
func (s *service) keepRoom(ctx context.Context, r *Room) error {
	persistent, err := r.getFlag(ctx, "persistent")
	if err != nil || !persistent {
		return err
	}
	if err := r.save(ctx, true, false); err != nil {
		s.log.Error(fmt.Sprintf("Room %s was not made, as it cannot be saved: %s", r.jid, err))
		s.forgetRoom(ctx, r)
		return err
	}
	return nil
}

// forgetRoom removes a room from memory, without saving it.
func (s *service) forgetRoom(_ context.Context, r *Room) {
	r.isTracked = false
	r.replaceHere("save", nil)
	s.rooms.remove(r)
	r.letGo()
}

// deleteRoom removes a room from the store; it may stay in memory.
func (s *service) deleteRoom(ctx context.Context, r *Room) error {
	if err := s.erase(ctx, r); err != nil {
		return err
	}
	r.changed()
	s.public.index.set(r.jid, "", false)
	return nil
}

// liveRooms are the rooms in memory, the one used last first.
func (s *service) liveRooms() []*Room {
	s.rooms.mu.Lock()
	defer s.rooms.mu.Unlock()
	rooms := make([]*Room, 0, len(s.rooms.live))
	for e := s.rooms.order.Front(); e != nil; e = e.Next() {
		rooms = append(rooms, e.Value.(*Room))
	}
	return rooms
}

// save writes the room to the store as far as it belongs there. forced: a room that is not persistent is removed from it. withState: everything
// is written, persistent or not. Within a transaction it is put off.
func (r *Room) save(ctx context.Context, forced, withState bool) error {
	if f := r.replaced("save"); f != nil {
		results, err := f.Call(ctx, r, forced, withState)
		if err == nil && !isTrue(first(results)) {
			err = errors.New(text(nth(results, 1)))
		}
		return err
	}
	return r.ownSave(ctx, forced, withState)
}

// ownSave does nothing for rooms that the service does not keep.
func (r *Room) ownSave(ctx context.Context, forced, withState bool) error {
	r.changed()
	if !r.isTracked {
		return nil
	}
	return r.s.saveRoom(ctx, r, forced, withState)
}

// saveRoom is ownSave for any room, such as a tombstone, which nobody has in memory.
func (s *service) saveRoom(ctx context.Context, r *Room, forced, withState bool) error {
	switch {
	case r.hasLeftStore: // it is being destroyed, and another may be in its place
		return nil
	case !withState && r.saveLater():
		return nil
	case r.isSwappedOut: // somebody still holds it
		if s.rooms.peek(r.jid) != nil {
			return errOther
		}
		withState = true
	}
	if err := s.store(ctx, r, forced, withState); err != nil {
		return err
	}
	return s.updatePublic(ctx, r)
}
