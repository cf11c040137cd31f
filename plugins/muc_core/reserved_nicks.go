package muccore

import (
	"context"
)

// reservedNick is where a reservation stands in the data of an affiliation, so it lives and goes with the affiliation (M157).
const reservedNick = "reserved_nickname"

// hookReservedNicks keeps indexes up to date. Several affiliations may change together: what has been reserved before counts already, but may be
// taken back, so from the second one on the room is asked again. Before all who look (0).
func (s *service) hookReservedNicks() {
	s.hookReservation("muc-pre-set-affiliation", 1, func(_ context.Context, ev roomEvent) (any, error) {
		r := ev.room
		if ix := r.keptReserved(); ix != nil && !ix.first() {
			r.forgetReserved()
		}
		r.unlessSaved(func(context.Context) error {
			r.forgetReserved()
			return nil
		})
		return nil, nil
	})
	s.hookReservation("muc-set-affiliation", 0, func(ctx context.Context, ev roomEvent) (any, error) {
		return nil, ev.room.updateReserved(ctx, ev.String("jid"), unwritten(ev.String("affiliation")))
	})
	s.hookReservation("muc-set-affiliation-data/"+reservedNick, 0, func(_ context.Context, ev roomEvent) (any, error) {
		ev.room.forgetReserved()
		return nil, nil
	})
}

// keptReserved is the index that a room keeps, nil if none. Others read it, and who changes data behind the room's back says so by removing it.
func (r *Room) keptReserved() *reservedIndex {
	ix, _ := r.reservedNicks.(*reservedIndex)
	return ix
}

func (r *Room) forgetReserved() { r.reservedNicks = nil }

// reserved is the index of a room.
func (r *Room) reserved(ctx context.Context) *reservedIndex {
	ix := r.keptReserved()
	if ix == nil {
		ix = r.indexReserved(ctx)
		r.reservedNicks = ix
	}
	return ix
}

// updateReserved is called when an affiliation has changed.
func (r *Room) updateReserved(ctx context.Context, jid, affiliation string) error {
	ix := r.keptReserved()
	if ix == nil {
		return nil
	}
	nick := ""
	if affiliation != "" && affiliation != outcast {
		var err error
		if nick, err = r.registeredNick(ctx, jid); err != nil {
			return err
		}
	}
	if !ix.update(ctx, jid, nick) {
		r.forgetReserved()
	}
	return nil
}

// registeredNick is the nick (not the occupant JID) that a bare JID has reserved, "" if none.
func (r *Room) registeredNick(ctx context.Context, bareJID string) (string, error) {
	if f := r.replaced("get_registered_nick"); f != nil {
		results, err := f.Call(ctx, r, bareJID)
		return text(first(results)), err
	}
	return r.ownRegisteredNick(ctx, bareJID)
}

func (r *Room) ownRegisteredNick(ctx context.Context, bareJID string) (string, error) {
	if !r.s.reservations.on() {
		return "", nil
	}
	v, err := r.getAffiliationData(ctx, bareJID, reservedNick)
	return text(v), err
}

// registeredJID is the bare JID that has reserved exactly this nick, "" if nobody has.
func (r *Room) registeredJID(ctx context.Context, nick string) (string, error) {
	if f := r.replaced("get_registered_jid"); f != nil {
		results, err := f.Call(ctx, r, nick)
		return text(first(results)), err
	}
	return r.ownRegisteredJID(ctx, nick), nil
}

func (r *Room) ownRegisteredJID(ctx context.Context, nick string) string {
	if !r.s.reservations.on() {
		return ""
	}
	return r.reserved(ctx).exactly(nick)
}

// isReservedByOther is whether somebody else has reserved this nick, or one that looks like it. Exactly the own one is always one's own.
func (r *Room) isReservedByOther(ctx context.Context, nick, bareJID string) (bool, error) {
	if f := r.replaced("is_reserved_by_other"); f != nil {
		results, err := f.Call(ctx, r, nick, bareJID)
		return isTrue(first(results)), err
	}
	return r.ownIsReservedByOther(ctx, nick, bareJID), nil
}

func (r *Room) ownIsReservedByOther(ctx context.Context, nick, bareJID string) bool {
	if !r.s.reservations.on() {
		return false
	}
	holder := r.reserved(ctx).holder(nick)
	return holder != "" && holder != bareJID
}
