package main

import (
	"context"
	"fmt"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
	"quatrain/xmpp/jid"
)

// NS is the feature of rooms that take votes.
const NS = "https://example.org/polls"

// plugin is what polls are on one service. It keeps nothing in memory: each room's poll is in the store, so it is there when the room, the plugin or
// the server comes again. A room is held while its events fire, so nobody else changes its poll meanwhile.
type plugin struct {
	askers muc.Role   // who may begin a poll: this role and those above it
	polls  sdk.Keyval // by the room's local part
}

// New makes a plugin that has not been loaded.
func New() sdk.Plugin { return &plugin{askers: muc.Moderator} }

// Load hooks the events of rooms.
func (p *plugin) Load(ctx context.Context, m sdk.Module) error {
	if _, err := muc.Depend(ctx, m); err != nil {
		return err
	}
	if err := p.readOptions(m); err != nil {
		return err
	}
	store, err := m.OpenStore(ctx, "", sdk.KindKeyval)
	if err != nil {
		return err
	}
	p.polls = store.(sdk.Keyval)
	muc.On(m, 10, p.hear)          // behind the room's own checks and changes of the subject
	muc.On(m, -10, p.tellNewcomer) // behind the history and the subject
	muc.On(m, 0, p.forget)
	muc.On(m, 0, func(_ context.Context, ev muc.DiscoInfo) (any, error) {
		ev.AddFeature(NS)
		return nil, nil
	})
	return nil
}

func (p *plugin) readOptions(m sdk.Module) error {
	switch v := m.Option("polls_askers"); v {
	case nil:
	case "moderator", "participant":
		p.askers = muc.Role(v.(string))
	default:
		return fmt.Errorf(`polls_askers: want "moderator" or "participant", got %q`, v)
	}
	return nil
}

// tellNewcomer shows an open poll to a session that has just come.
func (p *plugin) tellNewcomer(ctx context.Context, ev muc.SessionNew) (any, error) {
	current, err := p.current(ctx, ev.Room())
	if err != nil || current == nil {
		return nil, err
	}
	return nil, tell(ctx, ev.Room(), ev.FullJID(), current.String())
}

// forget removes the poll of a room that has ended.
func (p *plugin) forget(ctx context.Context, ev muc.RoomDestroyed) (any, error) {
	return nil, p.keep(ctx, ev.Room(), nil)
}

// current is the open poll of a room, nil if there is none.
func (p *plugin) current(ctx context.Context, room muc.Room) (*poll, error) {
	record, err := p.polls.Get(ctx, localOf(ctx, room))
	return readPoll(record), err
}

// keep makes it the open poll of a room; nil for none.
func (p *plugin) keep(ctx context.Context, room muc.Room, current *poll) error {
	if current == nil {
		return p.polls.Set(ctx, localOf(ctx, room), nil)
	}
	return p.polls.Set(ctx, localOf(ctx, room), current.record())
}

func localOf(ctx context.Context, room muc.Room) string {
	local, _, _ := jid.Split(room.JID(ctx))
	return local
}
