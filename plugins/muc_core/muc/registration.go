package muc

import (
	"context"
	"errors"
	"fmt"

	"quatrain/sdk"
)

// Reserved nicks are the rooms' business, once a plugin says that nicks can be reserved: nobody else gets one, and with enforcement its holder
// gets no other. They stand in the data of affiliations under this key, and go with the affiliation.
const ReservedNick = "reserved_nickname"

// ReserveNicks begins it: from now on rooms answer RegisteredNick, RegisteredJID and IsReservedByOther, and refuse reserved nicks.
func (s *Rooms) ReserveNicks(ctx context.Context, enforce bool) error {
	_, err := s.call(ctx, "reserve_nicks", map[string]any{"enforce": enforce})
	return err
}

// ReleaseNicks ends it.
func (s *Rooms) ReleaseNicks(ctx context.Context) error {
	_, err := s.call(ctx, "reserve_nicks", nil)
	return err
}

// IsReservedByOther is whether somebody else has reserved a nick, or one that looks like it.
func (r Room) IsReservedByOther(ctx context.Context, nick, bareJID string) (bool, error) {
	v, err := ask(ctx, r.Object, "is_reserved_by_other", nick, bareJID)
	return truthy(v), err
}

// BindSessions gives all sessions of an account the nick that it has reserved, if nicks are enforced.
func (r Room) BindSessions(ctx context.Context, bareJID, nick string) error {
	_, err := call(ctx, r.Object, "bind_sessions", bareJID, nick)
	return err
}

// Registrar registers nicks in one call, where the rooms can do that.
type Registrar struct {
	register sdk.Function
	method   sdk.Function
}

// Registrar is nil if the rooms cannot do that. method is that of AddMethod (HookStanza, StanzaHandler) which registers step by step.
func (s *Rooms) Registrar(ctx context.Context, method string) (*Registrar, error) {
	v, err := s.exports.Export(ctx, "register_nick")
	if err != nil || s.added[method] == nil {
		return nil, err
	}
	f, ok := v.(sdk.Function)
	if !ok {
		return nil, nil
	}
	return &Registrar{f, s.added[method]}, nil
}

// Why a nick is not registered, besides a *stanza.Error: the sender of the stanza is banned, or has no affiliation; it is somebody else's.
var (
	ErrOutcast      = errors.New("banned")
	ErrUnaffiliated = errors.New("without affiliation")
	ErrTaken        = errors.New("taken")
	// ErrElsewhere tells that another plugin has taken the method's place: nothing has happened, and a StanzaHandler is to be asked.
	ErrElsewhere = errors.New("handled elsewhere")
)

var outcomes = map[string]error{"done": nil, "outcast": ErrOutcast, "unaffiliated": ErrUnaffiliated, "taken": ErrTaken, "elsewhere": ErrElsewhere}

// Register reserves a nick for the sender of a stanza in the room that it was sent to. handled is true if the service has answered it, as there is
// no such room. Otherwise the caller does. unaffiliated lets people without an affiliation become members.
func (g *Registrar) Register(ctx context.Context, ev *sdk.Event, nick string, unaffiliated bool) (handled bool, err error) {
	results, err := g.register.Call(ctx, map[string]any{"origin": ev.Origin, "stanza": ev.Stanza}, nick, unaffiliated, g.method)
	switch {
	case err != nil:
		return false, fmt.Errorf("register_nick: %w", err)
	case truthy(at(results, 0)):
		return true, nil
	case len(results) < 2: // left to others
		return false, ErrElsewhere
	case at(results, 1) == nil:
		return false, refusal(results[1:])
	}
	outcome, known := outcomes[text(at(results, 1))]
	if !known {
		return false, fmt.Errorf("register_nick: an outcome %v", at(results, 1))
	}
	return false, outcome
}
