package muccore

import (
	"context"

	"quatrain/sdk"
)

// loading is a room on its way from the store.
type loading struct {
	chain uint64        // who brings it
	done  chan struct{} // closed when room and err are set
	room  *Room
	err   error
}

// load brings a room from the store. Who asks for it meanwhile waits.
func (s *service) load(ctx context.Context, roomJID string) (*Room, error) {
	chain := sdk.WithChain(ctx)
	rs := &s.rooms
	rs.mu.Lock()
	if e := rs.live[roomJID]; e != nil {
		rs.mu.Unlock()
		return e.Value.(*Room), nil
	}
	l := rs.loading[roomJID]
	if l == nil {
		l = &loading{chain: chain.ID(), done: make(chan struct{})}
		rs.loading[roomJID] = l
		rs.mu.Unlock()
		s.bring(chain, roomJID, l)
		return l.room, l.err
	}
	rs.mu.Unlock()
	if l.chain == chain.ID() {
		return nil, nil // a handler of the room's return asks for the room
	}
	var err error
	chain.Wait(func() {
		select {
		case <-l.done:
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
	})
	if err != nil {
		return nil, err
	}
	return l.room, l.err
}

// bring finishes l.
func (s *service) bring(ctx context.Context, roomJID string, l *loading) {
	l.err = errNoPlace // unless it ends as it should
	defer func() {
		s.rooms.mu.Lock()
		delete(s.rooms.loading, roomJID)
		s.rooms.mu.Unlock()
		close(l.done)
	}()
	l.room, l.err = s.bringBack(ctx, roomJID)
}

func (s *service) bringBack(ctx context.Context, roomJID string) (*Room, error) {
	r, hasState, err := s.restore(ctx, roomJID)
	if r == nil || err != nil {
		return nil, err
	}
	ctx, leave, err := r.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	if other, err := s.track(ctx, r, false); other != nil || err != nil {
		return other, err
	}
	r.keepAll()
	if hasState {
		s.forgetState(ctx, roomJID)
	}
	return r, r.tell(ctx, "muc-room-restored", nil, nil, "jid", roomJID)
}
