package muc

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"quatrain/sdk"
)

// Rooms are all rooms of a service: what muc_core offers to the plugins beside it.
type Rooms struct {
	exports sdk.Exporter
	added   map[string]sdk.Function // methods by name, see AddMethod
}

// Depend loads muc_core on the module's component, if it is not there, and couples the two: when the rooms are reloaded, so is this plugin. To
// be called in Load. The error tells that the host has no rooms.
func Depend(ctx context.Context, m sdk.Module) (*Rooms, error) {
	p, err := m.Depends(ctx, "muc_core", false)
	if err != nil {
		return nil, err
	}
	exports, ok := p.(sdk.Exporter)
	if !ok {
		return nil, errors.New("muc_core offers nothing to other plugins")
	}
	return &Rooms{exports: exports, added: map[string]sdk.Function{}}, nil
}

// Get is the room of a bare JID, from the store if need be; the zero Room if there is none. The error tells that its record is damaged, or that
// there is no place for it.
func (s *Rooms) Get(ctx context.Context, roomJID string) (Room, error) {
	results, err := s.call(ctx, "get_room_from_jid", roomJID)
	if err != nil {
		return Room{}, err
	}
	return roomResult(results)
}

// Create makes a room. config becomes what is saved with it; nil gives it the defaults. It has no occupant and no owner yet. The error tells
// that there is such a room, that this is no JID for one, or that there is no place for it.
func (s *Rooms) Create(ctx context.Context, roomJID string, config map[string]any) (Room, error) {
	args := []any{roomJID}
	if config != nil {
		args = append(args, config)
	}
	results, err := s.call(ctx, "create_room", args...)
	if err != nil {
		return Room{}, err
	}
	r, err := roomResult(results)
	if err == nil && r.IsZero() {
		err = errors.New("there are too many rooms")
	}
	return r, err
}

// roomResult reads a room; or false for lack of place; or nil and what is wrong.
func roomResult(results []any) (Room, error) {
	if r := roomOf(at(results, 0)); !r.IsZero() {
		return r, nil
	}
	if at(results, 0) == false {
		return Room{}, errors.New("there are too many rooms")
	}
	if why := text(at(results, 1)); why != "" {
		return Room{}, errors.New(why)
	}
	return Room{}, nil
}

// All are all rooms; those in the store are loaded one by one, so prefer Live or Names.
func (s *Rooms) All(ctx context.Context) iter.Seq2[Room, error] { return s.each(ctx, "all_rooms") }

// Live are the rooms in memory.
func (s *Rooms) Live(ctx context.Context) iter.Seq2[Room, error] { return s.each(ctx, "live_rooms") }

func (s *Rooms) each(ctx context.Context, function string) iter.Seq2[Room, error] {
	return func(yield func(Room, error) bool) {
		results, err := s.call(ctx, function)
		if err != nil {
			yield(Room{}, err)
			return
		}
		for row, err := range rows(ctx, results) {
			if !yield(roomOf(at(row, 0)), err) {
				return
			}
		}
	}
}

// Names is a map from JID to name, "" if there is none, of all rooms; nothing is loaded for it.
func (s *Rooms) Names(ctx context.Context) (map[string]string, error) {
	results, err := s.call(ctx, "room_names")
	if err != nil {
		return nil, err
	}
	all, err := table(ctx, at(results, 0))
	names := make(map[string]string, len(all))
	for jid, name := range all {
		names[jid] = text(name)
	}
	return names, err
}

// call calls a function that muc_core exports.
func (s *Rooms) call(ctx context.Context, name string, args ...any) ([]any, error) {
	f, err := s.function(ctx, name)
	if err != nil {
		return nil, err
	}
	results, err := f.Call(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return results, nil
}

func (s *Rooms) function(ctx context.Context, name string) (sdk.Function, error) {
	v, err := s.exports.Export(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f, ok := v.(sdk.Function)
	if !ok {
		return nil, fmt.Errorf("muc_core: %w: %q", sdk.ErrNoMethod, name)
	}
	return f, nil
}
