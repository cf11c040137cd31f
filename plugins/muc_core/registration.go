package muccore

import (
	"context"
	"maps"

	"quatrain/sdk"
)

// Reserving nicks, for the plugin that lets people do so: what it would ask a room for one by one, each time from another process, in one call.

// reservationMethods are those about reserved nicks. Where nicks are not reserved they know nothing.
func reservationMethods() map[string]roomMethod {
	return map[string]roomMethod{
		"get_registered_nick": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			nick, err := r.ownRegisteredNick(ctx, a.text(0))
			return one(optional(nick), err)
		},
		"get_registered_jid": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return []any{optional(r.ownRegisteredJID(ctx, a.text(0)))}, nil
		},
		"is_reserved_by_other": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return []any{r.ownIsReservedByOther(ctx, a.text(0), a.text(1))}, nil
		},
		"bind_sessions": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return nothing(r.bindSessions(ctx, a.text(0), a.text(1)))
		},
	}
}

// exportReserveNicks: a table of options (enforce), or nil if nicks are no longer reserved.
func (s *service) exportReserveNicks(ctx context.Context, a arguments) ([]any, error) {
	if a.at(0) == nil {
		s.reserveNicks(nil)
		return nil, nil
	}
	enforce, err := sdk.Field(ctx, a.at(0), "enforce")
	if err == nil {
		s.reserveNicks(&reservationOptions{enforce: isTrue(enforce)})
	}
	return nil, err
}

// Outcomes of a registration, and besides them a refusal: nil, and an error's type, condition and text.
const (
	registrationDone         = "done"
	registrationOutcast      = "outcast"      // it is somebody who is banned
	registrationUnaffiliated = "unaffiliated" // it is somebody without an affiliation
	registrationTaken        = "taken"        // the nick is somebody else's
	registrationElsewhere    = "elsewhere"    // another plugin wants to handle it: nothing has happened
)

// registration is somebody's wish for a nick.
type registration struct {
	bareJID      string
	nick         string
	unaffiliated bool // people without an affiliation may register, and become members
}

// exportRegisterNick: a table with origin and stanza, the nick that the stanza asks for, whether people without an affiliation may register, and
// the method that handles such stanzas otherwise → whether the stanza is handled by the service, and else the outcome and the room's JID.
func (s *service) exportRegisterNick(ctx context.Context, a arguments) ([]any, error) {
	origin, st, err := originAndStanzaOf(ctx, a.at(0))
	if err != nil {
		return nil, err
	}
	method, err := a.function(3)
	if err != nil {
		return nil, err
	}
	var results []any
	handled, err := s.dispatchTo(ctx, origin, st, func(ctx context.Context, r *Room) (bool, error) {
		if r.replaced("handle_register_iq") != method || r.replaced("is_taken_by_other") != nil {
			results = []any{registrationElsewhere}
			return false, nil
		}
		var err error
		results, err = r.register(ctx, registration{bareJID: bareOf(st.From()), nick: a.text(1), unaffiliated: a.flag(2)})
		return false, err
	})
	return append([]any{handled}, results...), err
}

// register is the outcome of a registration.
func (r *Room) register(ctx context.Context, w registration) ([]any, error) {
	affiliation, err := r.affiliation(ctx, w.bareJID)
	switch {
	case err != nil:
		return nil, err
	case affiliation == outcast:
		return []any{registrationOutcast}, nil
	case affiliation == "" && !w.unaffiliated:
		return []any{registrationUnaffiliated}, nil
	}
	taken, err := r.isReservedByOther(ctx, w.nick, w.bareJID)
	if err != nil {
		return nil, err
	}
	if taken || r.isTakenByOther(r.jid+"/"+w.nick, w.bareJID) {
		return []any{registrationTaken}, nil
	}
	if old, err := r.registeredNick(ctx, w.bareJID); err != nil || old == w.nick {
		return []any{registrationDone}, err
	}
	if err := r.reserve(ctx, w, affiliation); err != nil {
		return refused(nil, err)
	}
	return []any{registrationDone}, nil
}

// reserve writes the nick to what else is kept with the affiliation.
func (r *Room) reserve(ctx context.Context, w registration, affiliation string) error {
	kept, err := r.getAffiliationData(ctx, w.bareJID, "")
	if err != nil {
		return err
	}
	old, _ := stored(kept)
	data := maps.Clone(old)
	if data == nil {
		data = sdk.Data{}
	}
	data[reservedNick] = w.nick
	if affiliation == "" {
		affiliation = member
	}
	if err := r.setAffiliation(ctx, byService, w.bareJID, affiliation, "", data); err != nil {
		return err
	}
	return r.bindSessions(ctx, w.bareJID, w.nick)
}
