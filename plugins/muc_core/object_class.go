package muccore

import (
	"context"
	"fmt"
	"maps"

	"quatrain/sdk"
)

// class is what all rooms have in common, room_mt to Lua modules: what is put there appears on every room, and takes the place of the room's
// own method of that name, also where the room itself calls it.
type class struct {
	sdk.WithFace
	s *service
}

// Type is that of rooms, whose class this is.
func (c *class) Type() *sdk.ObjectType { return c.s.faces().room }

// Get is a method as a function that expects the room first.
func (c *class) Get(_ context.Context, property string) (any, error) {
	if all := c.s.class.Load(); all != nil {
		if f := (*all)[property]; f != nil {
			return f, nil
		}
	}
	if f := c.s.faces().originals[property]; f != nil {
		return f, nil
	}
	return nil, nil
}

// Set puts a function in the place of a method, or adds one. nil, or the room's own method, takes it away again.
func (c *class) Set(_ context.Context, property string, value any) error {
	f, err := asReplacement(property, value)
	if err != nil {
		return err
	}
	if f == c.s.faces().originals[property] {
		f = nil
	}
	for {
		old := c.s.class.Load()
		all := map[string]sdk.Function{}
		if old != nil {
			maps.Copy(all, *old)
		}
		if f == nil {
			delete(all, property)
		} else {
			all[property] = f
		}
		if c.s.class.CompareAndSwap(old, &all) {
			return nil
		}
	}
}

// Call calls a method of the room that is the first argument.
func (c *class) Call(ctx context.Context, method string, args ...any) ([]any, error) {
	r, ok := first(args).(*Room)
	if !ok {
		return nil, fmt.Errorf("%s: want a room, got a %s", method, typeOf(first(args)))
	}
	return r.Call(ctx, method, args[1:]...)
}

var (
	_ sdk.Object = (*class)(nil)
	_ sdk.Faced  = (*class)(nil)
)
