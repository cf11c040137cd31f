package muccore

import (
	"context"

	"quatrain/sdk"
)

// Rooms and occupants as other plugins see them (README.md, "For other plugins").

// objectState is what the objects of the service have in common.
type objectState struct{}

// roomFace is what others have hung on a room.
type roomFace struct{}

// occupantFace is what others have hung on an occupant.
type occupantFace struct{}

// replacedHere is what another plugin has put in the place of a method of this room alone.
func (r *Room) replacedHere(method string) sdk.Function { return nil }

var (
	roomType     = &sdk.ObjectType{Name: "room", Constants: []string{"jid"}, Lasting: true}
	occupantType = &sdk.ObjectType{Name: "occupant"}
)

// Type, Get, Set and Call make a room an sdk.Object.
func (r *Room) Type() *sdk.ObjectType { return roomType }

func (r *Room) Get(ctx context.Context, property string) (any, error) { return nil, nil }

func (r *Room) Set(ctx context.Context, property string, value any) error {
	return sdk.MethodError(r, property, sdk.ErrNoProperty)
}

func (r *Room) Call(ctx context.Context, method string, args ...any) ([]any, error) {
	return nil, sdk.MethodError(r, method, sdk.ErrNoMethod)
}

// Type, Get, Set and Call make an occupant an sdk.Object.
func (o *Occupant) Type() *sdk.ObjectType { return occupantType }

func (o *Occupant) Get(ctx context.Context, property string) (any, error) { return nil, nil }

func (o *Occupant) Set(ctx context.Context, property string, value any) error {
	return sdk.MethodError(o, property, sdk.ErrNoProperty)
}

func (o *Occupant) Call(ctx context.Context, method string, args ...any) ([]any, error) {
	return nil, sdk.MethodError(o, method, sdk.ErrNoMethod)
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
	_ sdk.Object = (*Occupant)(nil)
)

// replaceHere puts a function in the place of a method of this room alone; nil takes it away.
func (r *Room) replaceHere(method string, f sdk.Function) {}
