package luabridge

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// rosterTable is session.roster, nil for a session without a resource.
func (o *sessionObject) rosterTable(ctx context.Context) lua.LValue {
	r := o.rosterNow(ctx)
	if r == nil {
		return lua.LNil
	}
	return o.b.rosterValue(r)
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
