package muccore

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"quatrain/sdk"
)

// Rooms and occupants as other plugins see them (README.md, "For other plugins"): the same methods and fields as those of the Lua modules
// beside this file have, with the same arguments and results. Whoever calls waits for the room, unless his chain is in it.

// objectState is what the objects of the service have in common.
type objectState struct {
	once      sync.Once // makes the rest, which is immutable then
	room      *sdk.ObjectType
	occupant  *sdk.ObjectType
	table     *sdk.ObjectType
	methods   map[string]roomMethod
	originals map[string]sdk.Function // the room's own methods as functions that expect the room first
	exports   map[string]any

	occupantMethods map[string]occupantMethod
	ofOccupants     map[string]sdk.Function // the same as functions that expect the occupant first
}

// roomMethod is a method of rooms for other plugins. The chain is in the room.
type roomMethod func(ctx context.Context, r *Room, a arguments) ([]any, error)

// faces are the types and methods of the service's objects. All facets must have been loaded.
func (s *service) faces() *objectState {
	f := &s.objects
	f.once.Do(func() {
		f.methods = map[string]roomMethod{}
		for _, group := range []map[string]roomMethod{
			s.settingMethods(), s.handlerMethods(), peopleMethods(), affiliationMethods(), sayingMethods(), lifeMethods(), slotMethods(), reservationMethods(),
		} {
			maps.Copy(f.methods, group)
		}
		f.originals = map[string]sdk.Function{}
		for name := range f.methods {
			f.originals[name] = s.original(name)
		}
		f.room = &sdk.ObjectType{
			Name: "room", Constants: []string{"jid"}, Properties: roomProperties(), Methods: slices.Sorted(maps.Keys(f.methods)), Lasting: true,
		}
		f.occupantMethods, f.ofOccupants = occupantMethods(), map[string]sdk.Function{}
		for name := range f.occupantMethods {
			f.ofOccupants[name] = occupantFunction(name)
		}
		f.occupant = &sdk.ObjectType{
			Name: "occupant", Constants: []string{"bare_jid"}, Properties: []string{"nick", "role", "jid", "stable_id", "sessions"},
			Methods: slices.Sorted(maps.Keys(f.occupantMethods)),
		}
		f.table = sdk.NewTable(nil, nil).Type()
		f.exports = s.newExports()
	})
	return f
}

// original is the room's own method as a function.
func (s *service) original(name string) sdk.Function {
	return sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
		r, ok := first(args).(*Room)
		if !ok {
			return nil, fmt.Errorf("%s: want a room, got a %s", name, typeOf(first(args)))
		}
		ctx, leave, err := r.enter(ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
		return r.s.faces().methods[name](ctx, r, args[1:])
	})
}

// roomFace is what others have hung on a room.
type roomFace struct {
	sdk.WithFace
	instead map[string]sdk.Function // in the place of methods of this room alone
	tables  map[string]*openTable   // its fields that are tables, by name
}

// replacedHere is what another plugin has put in the place of a method of this room alone.
func (r *Room) replacedHere(method string) sdk.Function { return r.instead[method] }

// replaceHere puts a function in the place of a method of this room alone; nil takes it away.
func (r *Room) replaceHere(method string, f sdk.Function) {
	switch {
	case f == nil:
		delete(r.instead, method)
	case r.instead == nil:
		r.instead = map[string]sdk.Function{method: f}
	default:
		r.instead[method] = f
	}
}

// Type implements sdk.Object.
func (r *Room) Type() *sdk.ObjectType { return r.s.faces().room }

// Get is the value of a field, or a method as a function that expects the room first.
func (r *Room) Get(ctx context.Context, property string) (any, error) {
	if property == "jid" {
		return r.jid, nil
	}
	_, leave, err := r.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	if f := r.replaced(property); f != nil {
		return f, nil
	}
	if f := r.s.faces().originals[property]; f != nil {
		return f, nil
	}
	return r.field(property), nil
}

// Set writes a field, or puts a function in the place of a method of this room alone. nil, or what Get gave, takes it away again.
func (r *Room) Set(ctx context.Context, property string, value any) error {
	f := r.s.faces()
	original, isMethod := f.originals[property]
	if !isMethod {
		return r.setField(ctx, property, value)
	}
	instead, err := asReplacement(property, value)
	if err != nil {
		return err
	}
	_, leave, err := r.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	r.replaceHere(property, nil)
	if instead != nil && instead != original && instead != r.replaced(property) {
		r.replaceHere(property, instead)
	}
	return nil
}

// asReplacement is a value as something that can stand in the place of a method, nil for nil.
func asReplacement(method string, value any) (sdk.Function, error) {
	if value == nil {
		return nil, nil
	}
	f, ok := value.(sdk.Function)
	if !ok {
		return nil, fmt.Errorf("room: only a function can take the place of the method %q, not a %s: %w", method, typeOf(value), sdk.ErrNoProperty)
	}
	return f, nil
}

// Call calls a method.
func (r *Room) Call(ctx context.Context, method string, args ...any) ([]any, error) {
	ctx, leave, err := r.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	if f := r.replaced(method); f != nil {
		return f.Call(ctx, append([]any{r}, args...)...)
	}
	own := r.s.faces().methods[method]
	if own == nil {
		return nil, sdk.MethodError(r, method, sdk.ErrNoMethod)
	}
	return own(ctx, r, args)
}

// occupantFilter is a filter as other plugins see it, nil for none.
func occupantFilter(filter func(o *Occupant) bool) any {
	if filter == nil {
		return nil
	}
	return sdk.Func(func(_ context.Context, args ...any) ([]any, error) {
		o, _ := nth(args, 1).(*Occupant)
		return []any{o != nil && filter(o)}, nil
	})
}

var (
	_ sdk.Object = (*Room)(nil)
	_ sdk.Faced  = (*Room)(nil)
)
