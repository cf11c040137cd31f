package muc

import (
	"context"

	"quatrain/sdk"
)

// Value is what plugins keep with a room under a key, and what the room itself keeps (room._data); nil if there is nothing. Use a key that
// nobody else does, such as "urn:example:thing".
func (r Room) Value(ctx context.Context, key string) (any, error) {
	data, err := get(ctx, r.Object, "_data")
	if err != nil {
		return nil, err
	}
	return sdk.Field(ctx, data, key)
}

// SetValue changes it: to a bool, a float64, a string, or a list or map of these; nil removes it. It is written when the room is next saved.
func (r Room) SetValue(ctx context.Context, key string, value any) error {
	data, err := get(ctx, r.Object, "_data")
	if err != nil {
		return err
	}
	return sdk.SetField(ctx, data, key, value)
}
