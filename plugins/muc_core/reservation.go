package muccore

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// What a reserved nick means: nobody else gets it, and its holder may be bound to it (M63, M106, M166, M167). Rooms see to it themselves, since
// each entry and each change of an affiliation asks; that nicks can be reserved, and how, is another plugin's (muc_register), which says so.

// reservationState is whether nicks are reserved, and how.
type reservationState struct {
	options      atomic.Pointer[reservationOptions]  // nil: they are not
	registration atomic.Pointer[registrationOptions] // nil: another plugin handles it

	mu     sync.Mutex // guards unhook
	unhook []func()
}

type reservationOptions struct {
	enforce bool // who has reserved a nick always appears under it
}

func (s *service) loadReservation(context.Context) error { return nil }

func (st *reservationState) on() bool { return st.options.Load() != nil }

func (st *reservationState) enforces() bool {
	o := st.options.Load()
	return o != nil && o.enforce
}

// reserveNicks begins, or ends with nil.
func (s *service) reserveNicks(o *reservationOptions) {
	st := &s.reservations
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, unhook := range st.unhook {
		unhook()
	}
	st.unhook = nil
	st.registration.Store(nil)
	if st.options.Store(o); o == nil {
		return
	}
	s.hookReservedNicks()
	s.hookReservation("muc-occupant-pre-join", 0, checkReservedJoin)
	s.hookReservation("muc-occupant-pre-change", 0, checkReservedChange)
	// Before others (0) look at what is to be reserved.
	s.hookReservation("muc-pre-set-affiliation", 1, releaseOutcast)
	s.hookReservation("muc-pre-set-affiliation", 0, checkReservation)
	// Last, when nobody objects to the change.
	s.hookReservation("muc-pre-set-affiliation", -10, evictUser)
}

// serveRegistration lets rooms handle registrations themselves, until nicks are reserved no longer.
func (s *service) serveRegistration(o *registrationOptions) {
	st := &s.reservations
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.registration.Swap(o) == nil {
		st.unhook = append(st.unhook, s.m.Serve("iq/bare/"+nsRegister+":query", dispatchPriority, s.handleRegistration))
	}
}

// hookReservation is hook for as long as nicks are reserved. Called with reservationState.mu held.
func (s *service) hookReservation(name string, priority float64, h roomHandler) {
	s.reservations.unhook = append(s.reservations.unhook, s.hook(name, priority, h))
}

func checkReservedJoin(ctx context.Context, ev roomEvent) (any, error) {
	o := ev.occupant("occupant")
	if o == nil {
		return nil, nil
	}
	own, err := ev.room.boundNick(ctx, bareOf(ev.Stanza.From()))
	if err != nil {
		return nil, err
	}
	if own != "" {
		o.nick = ev.room.jid + "/" + own
	}
	return ev.refuseReserved(ctx, o)
}

func checkReservedChange(ctx context.Context, ev roomEvent) (any, error) {
	dest := ev.occupant("dest_occupant")
	if dest == nil || dest == ev.occupant("orig_occupant") {
		return nil, nil
	}
	own, err := ev.room.boundNick(ctx, bareOf(ev.Stanza.From()))
	if err != nil {
		return nil, err
	}
	if own != "" && dest.nick != ev.room.jid+"/"+own {
		return ev.refuse(ctx, refuse(stanza.Cancel, stanza.NotAcceptable, "You are bound to your registered nickname", ev.room.jid))
	}
	return ev.refuseReserved(ctx, dest)
}

// boundNick is the nick that somebody has to appear under, "" if any will do.
func (r *Room) boundNick(ctx context.Context, bareJID string) (string, error) {
	if !r.s.reservations.enforces() {
		return "", nil
	}
	return r.registeredNick(ctx, bareJID)
}

// refuseReserved refuses a reserved nick like one in use, whether its holder is present or not (XEP-0045 #enter-conflict).
func (ev roomEvent) refuseReserved(ctx context.Context, o *Occupant) (any, error) {
	reserved, err := ev.room.isReservedByOther(ctx, resourceOf(o.nick), bareOf(ev.Stanza.From()))
	if err != nil || !reserved {
		return nil, err
	}
	ev.room.refuseConflict(ctx, ev.Origin, ev.Stanza)
	return true, nil
}

// releaseOutcast: who is banned has no nick here any longer (XEP-0045 #ban).
func releaseOutcast(ctx context.Context, ev roomEvent) (any, error) {
	if ev.String("affiliation") != outcast {
		return nil, nil
	}
	old := ev.Get("data")
	if old == nil {
		old = ev.Get("previous_data")
	}
	data, err := plainTable(ctx, old)
	if err != nil || data[reservedNick] == nil {
		return nil, err
	}
	data = maps.Clone(data)
	delete(data, reservedNick)
	ev.Set("data", tableOf(data))
	return nil, nil
}

// nickToReserve is the nick that a change of affiliation would reserve, "" if none.
func nickToReserve(ctx context.Context, ev roomEvent) (string, error) {
	if ev.Get("allowed") == false || ev.String("affiliation") == none {
		return "", nil
	}
	nick, err := sdk.Field(ctx, ev.Get("data"), reservedNick)
	return text(nick), err
}

// checkReservation lets admins reserve a nick for somebody (M169), unless it is reserved for somebody else.
func checkReservation(ctx context.Context, ev roomEvent) (any, error) {
	nick, err := nickToReserve(ctx, ev)
	if err != nil || nick == "" {
		return nil, err
	}
	reserved, err := ev.room.isReservedByOther(ctx, nick, ev.String("jid"))
	if reserved {
		ev.Set("allowed", false)
		ev.Set("error", map[string]any{"type": string(stanza.Cancel), "condition": string(stanza.Conflict)})
	}
	return nil, err
}

// evictUser: who uses the nick has to go, once it is saved.
func evictUser(ctx context.Context, ev roomEvent) (any, error) {
	nick, err := nickToReserve(ctx, ev)
	if err != nil || nick == "" {
		return nil, err
	}
	later, ok := ev.Get("once_saved").(sdk.Function)
	if !ok {
		return nil, nil
	}
	r, holder, occupantJID := ev.room, ev.String("jid"), ev.room.jid+"/"+nick
	_, err = later.Call(ctx, sdk.Func(func(ctx context.Context, _ ...any) ([]any, error) {
		o := r.occupants[occupantJID]
		if o == nil || o.bareJID == holder {
			return nil, nil
		}
		return nil, r.setRole(ctx, byService, occupantJID, "", "This nickname is reserved")
	}))
	return nil, err
}

// bindSessions gives all sessions of an account its registered nick (M163), if it is bound to it. The first takes it, the others join it.
func (r *Room) bindSessions(ctx context.Context, bareJID, nick string) error {
	if !r.s.reservations.enforces() {
		return nil
	}
	var occupantJIDs []string
	for _, o := range r.occupants {
		if o.bareJID == bareJID {
			occupantJIDs = append(occupantJIDs, o.nick)
		}
	}
	slices.Sort(occupantJIDs)
	for _, occupantJID := range occupantJIDs {
		if err := r.rename(ctx, occupantJID, r.jid+"/"+nick); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) rename(ctx context.Context, oldJID, newJID string) error {
	if f := r.replaced("rename_occupant"); f != nil {
		_, err := f.Call(ctx, r, oldJID, newJID)
		return err
	}
	return r.renameOccupant(ctx, oldJID, newJID)
}
