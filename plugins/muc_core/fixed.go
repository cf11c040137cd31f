package muccore

import (
	"context"
	"maps"
	"slices"

	"quatrain/sdk"
)

// fixed is an object of constant fields: an item that this plugin offers (sdk.Module.AddItem).
type fixed struct {
	typ    *sdk.ObjectType
	fields map[string]any
}

// newRecord makes an object of a kind with these fields.
func newRecord(kind string, fields map[string]any) sdk.Object {
	return &fixed{&sdk.ObjectType{Name: kind, Constants: slices.Sorted(maps.Keys(fields))}, fields}
}

func (f *fixed) Type() *sdk.ObjectType { return f.typ }

func (f *fixed) Get(_ context.Context, property string) (any, error) { return f.fields[property], nil }

func (f *fixed) Set(_ context.Context, property string, _ any) error {
	return sdk.MethodError(f, property, sdk.ErrNoProperty)
}

func (f *fixed) Call(_ context.Context, method string, _ ...any) ([]any, error) {
	return nil, sdk.MethodError(f, method, sdk.ErrNoMethod)
}
