package mucregister

import (
	"context"
	"errors"
	"sync/atomic"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
)

// reservedNick is where a reservation stands in the data of an affiliation, so it lives and goes with the affiliation (M157).
const reservedNick = "reserved_nickname"

// reservedNicks is the field of a room that its index is kept in. Others read it, and who changes data behind the room's back says so by
// removing it.
const reservedNicks = "_reserved_nicks"

// nicks are who has reserved which nick. Safe for concurrent use.
type nicks struct {
	forgotten atomic.Uint64 // how often an index has been removed
}

// index is who has reserved what in one room: to others, a table from nick to bare JID. It is never changed once it is built.
type index struct {
	*sdk.Table
	byNick  map[string]string // nick → bare JID
	byLooks map[string]string // what it looks like → bare JID
}

// hookNicks forgets indexes. Several affiliations may change together: what has been reserved before counts already, but may be taken back.
// Before all who look (0).
func (p *plugin) hookNicks() {
	muc.On(p.m, 1, func(ctx context.Context, ev muc.PreSetAffiliation) (any, error) {
		room := ev.Room()
		forget := func(ctx context.Context) error { return p.nicks.forget(ctx, room) }
		return nil, errors.Join(forget(ctx), room.UnlessSaved(ctx, forget))
	})
	muc.On(p.m, 0, func(ctx context.Context, ev muc.AffiliationSet) (any, error) {
		return nil, p.nicks.forget(ctx, ev.Room())
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
	return ix.byNick[nick], nil
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

func (ix *index) holder(nick string) string {
	if holder := ix.byNick[nick]; holder != "" || len(ix.byNick) == 0 {
		return holder
	}
	seen := looks(nick)
	if holder := ix.byLooks[seen[0]]; holder != "" {
		return holder
	}
	return ix.byLooks[seen[1]]
}

// of is the index of a room. One that was forgotten while it was built is not kept, as it may lack what has changed meanwhile.
func (n *nicks) of(ctx context.Context, room muc.Room) (*index, error) {
	kept, err := room.Get(ctx, reservedNicks)
	if err != nil {
		return nil, err
	}
	if ix, ok := kept.(*index); ok {
		return ix, nil
	}
	before := n.forgotten.Load()
	ix, err := build(ctx, room)
	if err != nil || n.forgotten.Load() != before {
		return ix, err
	}
	if err := room.Set(ctx, reservedNicks, ix); err != nil {
		return nil, err
	}
	if n.forgotten.Load() != before {
		return ix, room.Set(ctx, reservedNicks, nil)
	}
	return ix, nil
}

func (n *nicks) forget(ctx context.Context, room muc.Room) error {
	n.forgotten.Add(1)
	return room.Set(ctx, reservedNicks, nil)
}

// build asks the room. In Prosody's data outcasts may have nicks.
func build(ctx context.Context, room muc.Room) (*index, error) {
	all, err := room.Affiliates(ctx, "")
	if err != nil {
		return nil, err
	}
	ix := &index{sdk.NewTable(nil, nil), map[string]string{}, map[string]string{}}
	for _, a := range all {
		nick, _ := a.Data[reservedNick].(string)
		if nick == "" || a.Affiliation == muc.Outcast {
			continue
		}
		ix.byNick[nick] = a.JID
		if err := ix.Set(ctx, nick, a.JID); err != nil {
			return nil, err
		}
		for _, look := range looks(nick) {
			ix.byLooks[look] = a.JID
		}
	}
	return ix, nil
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
