// Package mucregister is registration with a room (XEP-0045 #register, #reservednick, XEP-0077), as a Go plugin: reserving a nick in it. It
// behaves as the Lua modules beside it do, with the same options, events and texts; README.md is about both.
//
// The rooms know who has reserved which nick and see to it (package muccore, reservation.go). Here are the form (form.go) and the answers to people
// (register.go), as far as the rooms do not give them themselves.
package mucregister

import (
	"context"
	"errors"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
)

// plugin is one instance: the reservations in the rooms of one component.
type plugin struct {
	m     sdk.Module
	rooms *muc.Rooms

	allowUnaffiliated bool // people without an affiliation may register, too
	enforceNick       bool // who has registered a nick always appears under it
	includeForm       bool // who is registered already sees the form as filled in
}

// New makes an instance.
func New() sdk.Plugin { return &plugin{} }

// Load hooks everything.
func (p *plugin) Load(ctx context.Context, m sdk.Module) error {
	rooms, err := muc.Depend(ctx, m)
	if err != nil {
		return err
	}
	p.m, p.rooms = m, rooms
	p.allowUnaffiliated = flag(m, "allow_unaffiliated_register")
	p.enforceNick = flag(m, "enforce_registered_nickname")
	p.includeForm = flag(m, "muc_registration_include_form")
	p.hookDisco()
	return errors.Join(rooms.ReserveNicks(ctx, p.enforceNick), p.hookRegistration(ctx))
}

// Unload takes back what the rooms have got.
func (p *plugin) Unload(ctx context.Context) error {
	return errors.Join(p.rooms.RemoveMethods(ctx), p.rooms.ReleaseNicks(ctx))
}

// flag is an option that is on or off; off unless set.
func flag(m sdk.Module, name string) bool {
	on, _ := m.Option(name).(bool)
	return on
}

var (
	_ sdk.Plugin   = (*plugin)(nil)
	_ sdk.Unloader = (*plugin)(nil)
)
