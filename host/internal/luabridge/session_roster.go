package luabridge

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// heldRoster is the roster that a session shows: the same table until the roster changes, so that a module can change it and then save it.
type heldRoster struct {
	of      sdk.Roster
	version string
	table   *lua.LTable
}

// rosterTable is session.roster, nil for a session without a resource.
func (o *sessionObject) rosterTable(ctx context.Context) lua.LValue {
	r := o.rosterNow(ctx)
	if r == nil {
		return lua.LNil
	}
	if version := r.Version(); o.roster == nil || o.roster.of != r || o.roster.version != version {
		o.roster = &heldRoster{r, version, o.b.rosterValue(r).(*lua.LTable)}
	}
	return o.roster.table
}

// rosterNow is what the core has given to the session, or would give it.
func (o *sessionObject) rosterNow(ctx context.Context) sdk.Roster {
	v, known := o.s.Field("roster")
	if r, ok := v.(sdk.Roster); ok {
		return r
	}
	if !known || o.s.Resource() == "" {
		return nil
	}
	r, err := o.b.srv.Rosters().Load(ctx, o.s.Username(), o.s.Host())
	if err != nil {
		o.b.log.Error("session.roster cannot be loaded", "session", o.s.ID(), "err", err)
		return nil
	}
	return r
}

// heldRosters are the tables that sessions of a user have shown.
func (b *Bridge) heldRosters(bare string) (tables []*lua.LTable) {
	for _, s := range b.srv.UserSessions(bare) {
		if o, ok := s.Face().(*sessionObject); ok && o.roster != nil {
			tables = append(tables, o.roster.table)
		}
	}
	return tables
}
