package mucregister

import (
	"context"
	"errors"
	"sync/atomic"

	"quatrain/plugins/muc_core/muc"
)

// reservedNick is where a reservation stands in the data of an affiliation, so it lives and goes with the affiliation (M157).
const reservedNick = "reserved_nickname"

// reservedNicks is the field of a room that its index is kept in. Others read it, and who changes data behind the room's back says so by
// removing it.
const reservedNicks = "_reserved_nicks"

// nicks are who has reserved which nick. Safe for concurrent use.
type nicks struct {
	changed atomic.Uint64 // how often an index has been removed or brought up to date
}

// hookNicks keeps indexes up to date. Several affiliations may change together: what has been reserved before counts already, but may be taken
// back, so from the second one on the room is asked again. Before all who look (0).
func (p *plugin) hookNicks() {
	muc.On(p.m, 1, func(ctx context.Context, ev muc.PreSetAffiliation) (any, error) {
		room := ev.Room()
		return nil, errors.Join(p.nicks.change(ctx, room), room.UnlessSaved(ctx, func(ctx context.Context) error { return p.nicks.forget(ctx, room) }))
	})
	muc.On(p.m, 0, func(ctx context.Context, ev muc.AffiliationSet) (any, error) {
		return nil, p.nicks.update(ctx, ev)
	})
	muc.OnPart(p.m, reservedNick, 0, func(ctx context.Context, ev muc.AffiliationDataSet) (any, error) {
		return nil, p.nicks.forget(ctx, ev.Room())
	})
}

// addMethods gives rooms the methods about reservations.
func (p *plugin) addMethods(ctx context.Context) error {
	for name, method := range map[string]muc.Method{
		"get_registered_nick": func(ctx context.Context, room muc.Room, args []any) ([]any, error) {
			nick, err := registeredNick(ctx, room, text(args, 0))
			return []any{optional(nick)}, err
		},
		"get_registered_jid": func(ctx context.Context, room muc.Room, args []any) ([]any, error) {
			holder, err := p.nicks.registeredJID(ctx, room, text(args, 0))
			return []any{optional(holder)}, err
		},
		"is_reserved_by_other": func(ctx context.Context, room muc.Room, args []any) ([]any, error) {
			reserved, err := p.nicks.isReservedByOther(ctx, room, text(args, 0), text(args, 1))
			return []any{reserved}, err
		},
	} {
		if err := p.rooms.AddMethod(ctx, name, method); err != nil {
			return err
		}
	}
	return nil
}

// registeredNick is the nick (not the occupant JID) that a bare JID has reserved, "" if none.
func registeredNick(ctx context.Context, room muc.Room, bareJID string) (string, error) {
	v, err := room.AffiliationValue(ctx, bareJID, reservedNick)
	nick, _ := v.(string)
	return nick, err
}

// registeredJID is the bare JID that has reserved exactly this nick, "" if nobody has.
func (n *nicks) registeredJID(ctx context.Context, room muc.Room, nick string) (string, error) {
	ix, err := n.of(ctx, room)
	if err != nil {
		return "", err
	}
	return ix.exactly(nick), nil
}

// isReservedByOther is whether somebody else has reserved this nick, or one that looks like it. Exactly the own one is always one's own.
func (n *nicks) isReservedByOther(ctx context.Context, room muc.Room, nick, bareJID string) (bool, error) {
	ix, err := n.of(ctx, room)
	if err != nil {
		return false, err
	}
	holder := ix.holder(nick)
	return holder != "" && holder != bareJID, nil
}

// of is the index of a room. One that was forgotten while it was built is not kept, as it may lack what has changed meanwhile.
func (n *nicks) of(ctx context.Context, room muc.Room) (*index, error) {
	if ix, err := keptBy(ctx, room); err != nil || ix != nil {
		return ix, err
	}
	before := n.changed.Load()
	ix, err := build(ctx, room)
	if err != nil || n.changed.Load() != before {
		return ix, err
	}
	if err := room.Set(ctx, reservedNicks, ix); err != nil {
		return nil, err
	}
	if n.changed.Load() != before {
		return ix, room.Set(ctx, reservedNicks, nil)
	}
	return ix, nil
}

// keptBy is the index that a room keeps, nil if none.
func keptBy(ctx context.Context, room muc.Room) (*index, error) {
	kept, err := room.Get(ctx, reservedNicks)
	ix, _ := kept.(*index)
	return ix, err
}

func (n *nicks) forget(ctx context.Context, room muc.Room) error {
	n.changed.Add(1)
	return room.Set(ctx, reservedNicks, nil)
}

// change is called before an affiliation changes. If it is not the first since the index was right, the room has to be asked what is so far.
func (n *nicks) change(ctx context.Context, room muc.Room) error {
	ix, err := keptBy(ctx, room)
	if err != nil || ix == nil || ix.first() {
		return err
	}
	return n.forget(ctx, room)
}

// update is called when an affiliation has changed.
func (n *nicks) update(ctx context.Context, ev muc.AffiliationSet) error {
	n.changed.Add(1)
	ix, err := keptBy(ctx, ev.Room())
	if err != nil || ix == nil {
		return err
	}
	nick := ""
	if a := ev.Affiliation(); a != muc.None && a != muc.Outcast {
		if nick, err = registeredNick(ctx, ev.Room(), ev.JID()); err != nil {
			return err
		}
	}
	if !ix.update(ctx, ev.JID(), nick) {
		return n.forget(ctx, ev.Room())
	}
	return nil
}

// text is an argument that should be a text, "" if it is none; optional is nil for "".
func text(args []any, i int) string {
	if i >= len(args) {
		return ""
	}
	s, _ := args[i].(string)
	return s
}

func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}
