package mucregister

import (
	"context"
	"maps"
	"slices"

	"quatrain/plugins/muc_core/muc"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// hookEnforcement sees to what a reservation means to people with nicks: nobody else gets it, and its holder may be bound to it (M63, M106,
// M166, M167).
func (p *plugin) hookEnforcement() {
	muc.On(p.m, 0, p.checkJoin)
	muc.On(p.m, 0, p.checkChange)
	// Before others (0) look at what is to be reserved.
	muc.On(p.m, 1, releaseOutcast)
	muc.On(p.m, 0, p.checkReservation)
	// Last, when nobody objects to the change.
	muc.On(p.m, -10, p.evictUser)
}

func (p *plugin) checkJoin(ctx context.Context, ev muc.PreJoin) (any, error) {
	room, occupant := ev.Room(), ev.Occupant()
	own, err := p.boundNick(ctx, room, ev.Stanza.From())
	if err == nil && own != "" {
		err = occupant.SetOccupantJID(ctx, room.OccupantJIDOf(ctx, own))
	}
	if err != nil {
		return nil, err
	}
	return p.refuseReserved(ctx, ev.RoomEvent, occupant)
}

func (p *plugin) checkChange(ctx context.Context, ev muc.PreChange) (any, error) {
	if !ev.ChangesNick() {
		return nil, nil
	}
	own, err := p.boundNick(ctx, ev.Room(), ev.Stanza.From())
	if err != nil {
		return nil, err
	}
	nick, err := ev.DestOccupant().Nick(ctx)
	if err == nil && own != "" && nick != own {
		return ev.Refuse(ctx, refusal(stanza.Cancel, stanza.NotAcceptable, "You are bound to your registered nickname"))
	}
	if err != nil {
		return nil, err
	}
	return p.refuseReserved(ctx, ev.RoomEvent, ev.DestOccupant())
}

// boundNick is the nick that somebody has to appear under, "" if any will do.
func (p *plugin) boundNick(ctx context.Context, room muc.Room, fullJID string) (string, error) {
	if !p.enforceNick {
		return "", nil
	}
	return registeredNick(ctx, room, bare(fullJID))
}

// refuseReserved refuses a reserved nick like one in use, whether its holder is present or not (XEP-0045 #enter-conflict).
func (p *plugin) refuseReserved(ctx context.Context, ev muc.RoomEvent, occupant muc.Occupant) (any, error) {
	nick, err := occupant.Nick(ctx)
	if err != nil {
		return nil, err
	}
	reserved, err := p.nicks.isReservedByOther(ctx, ev.Room(), nick, bare(ev.Stanza.From()))
	if err != nil || !reserved {
		return nil, err
	}
	return ev.Refuse(ctx, refusal(stanza.Cancel, stanza.Conflict, "This nickname is in use"))
}

// releaseOutcast: who is banned has no nick here any longer (XEP-0045 #ban).
func releaseOutcast(ctx context.Context, ev muc.PreSetAffiliation) (any, error) {
	if ev.Affiliation() != muc.Outcast {
		return nil, nil
	}
	data, err := ev.Data(ctx)
	if err == nil && data == nil {
		data, err = ev.PreviousData(ctx)
	}
	if err != nil || data[reservedNick] == nil {
		return nil, err
	}
	data = maps.Clone(data)
	delete(data, reservedNick)
	ev.SetData(data)
	return nil, nil
}

// nickToReserve is the nick that a change of affiliation would reserve, "" if none.
func nickToReserve(ctx context.Context, ev muc.PreSetAffiliation) (string, error) {
	if ev.Vetoed() || ev.Affiliation() == muc.None {
		return "", nil
	}
	data, err := ev.Data(ctx)
	nick, _ := data[reservedNick].(string)
	return nick, err
}

// checkReservation lets admins reserve a nick for somebody (M169), unless it is reserved for somebody else.
func (p *plugin) checkReservation(ctx context.Context, ev muc.PreSetAffiliation) (any, error) {
	nick, err := nickToReserve(ctx, ev)
	if err != nil || nick == "" {
		return nil, err
	}
	reserved, err := p.nicks.isReservedByOther(ctx, ev.Room(), nick, ev.JID())
	if reserved {
		ev.Veto(refusal(stanza.Cancel, stanza.Conflict, ""))
	}
	return nil, err
}

// evictUser: who uses the nick has to go, once it is saved.
func (p *plugin) evictUser(ctx context.Context, ev muc.PreSetAffiliation) (any, error) {
	nick, err := nickToReserve(ctx, ev)
	if err != nil || nick == "" {
		return nil, err
	}
	room, holder := ev.Room(), ev.JID()
	return nil, ev.OnceSaved(ctx, func(ctx context.Context) error {
		occupantJID := room.OccupantJIDOf(ctx, nick)
		occupant, err := room.OccupantByNick(ctx, occupantJID)
		if err != nil || occupant.IsZero() {
			return err
		}
		if user, err := occupant.BareJID(ctx); err != nil || user == holder {
			return err
		}
		return room.Kick(ctx, occupantJID, "This nickname is reserved")
	})
}

// renameSessions gives all sessions of an account its registered nick (M163), if it is bound to it. The first takes it, the others join it.
func (p *plugin) renameSessions(ctx context.Context, room muc.Room, bareJID, nick string) error {
	if !p.enforceNick {
		return nil
	}
	occupantJIDs, err := occupantJIDsOf(ctx, room, bareJID)
	if err != nil {
		return err
	}
	for _, occupantJID := range occupantJIDs {
		if err := room.RenameOccupant(ctx, occupantJID, room.OccupantJIDOf(ctx, nick)); err != nil {
			return err
		}
	}
	return nil
}

// occupantJIDsOf are the nicks of an account, sorted.
func occupantJIDsOf(ctx context.Context, room muc.Room, bareJID string) ([]string, error) {
	occupants, err := room.Occupants(ctx)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, o := range occupants {
		user, err := o.BareJID(ctx)
		if err != nil {
			return nil, err
		}
		if user != bareJID {
			continue
		}
		occupantJID, err := o.OccupantJID(ctx)
		if err != nil {
			return nil, err
		}
		found = append(found, occupantJID)
	}
	slices.Sort(found)
	return found, nil
}

// bare is a JID without its resource.
func bare(address string) string {
	local, domain, _ := jid.Split(address)
	if local == "" {
		return domain
	}
	return local + "@" + domain
}

func refusal(t stanza.ErrorType, c stanza.Condition, text string) *stanza.Error {
	return &stanza.Error{Type: t, Condition: c, Text: text}
}
