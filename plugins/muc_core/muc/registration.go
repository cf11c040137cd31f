package muc

import (
	"context"

	"quatrain/sdk"
)

// ReservedNick is where a reserved nick stands in the data of an affiliation, so it goes with the affiliation. Once a plugin says that nicks can be
// reserved, rooms see to it: nobody else gets such a nick, and with enforcement its holder gets no other.
const ReservedNick = "reserved_nickname"

// ReserveNicks begins it: from now on rooms answer RegisteredNick, RegisteredJID and IsReservedByOther, and refuse reserved nicks.
func (s *Rooms) ReserveNicks(ctx context.Context, enforce bool) error {
	_, err := s.call(ctx, "reserve_nicks", map[string]any{"enforce": enforce})
	return err
}

// ReleaseNicks ends it, and ServeRegistration.
func (s *Rooms) ReleaseNicks(ctx context.Context) error {
	_, err := s.call(ctx, "reserve_nicks", nil)
	return err
}

// ServeRegistration lets the service take the stanzas for registration with its rooms ("iq/bare/jabber:iq:register:query", priority -2), and do by itself
// what needs nothing but the form's own fields: a way there and back between processes less for each step. Whatever else is asked goes to the rooms'
// method (AddMethod, StanzaHandler), as does all that is refused. plain: nobody has added fields to the form; unaffiliated: people without an
// affiliation may register, and become members. May be called again. served is false if these rooms do not do that.
func (s *Rooms) ServeRegistration(ctx context.Context, method string, plain, unaffiliated bool) (served bool, err error) {
	v, err := s.exports.Export(ctx, "serve_registration")
	f, ok := v.(sdk.Function)
	if err != nil || !ok {
		return false, err
	}
	_, err = f.Call(ctx, s.added[method], map[string]any{"plain": plain, "unaffiliated": unaffiliated})
	return err == nil, err
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
