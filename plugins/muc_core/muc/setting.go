package muc

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
)

// Setting is one more setting of rooms: owners find it in the configuration form, and it is saved with the room.
type Setting struct {
	// Field is the field of the form. Var is the name on the wire and what the value is kept under, so it should be nobody else's. Values are
	// the value that rooms have until their owner decides.
	Field dataform.Field
	// Priority is its place in the form: higher comes first, and all the rooms' own have more than 0.
	Priority float64
	// Changed, unless nil, is called when an owner has changed it, before that is saved (see Room.OnceSaved); an error refuses the whole form.
	Changed func(ctx context.Context, room Room) error
}

// Offer adds the setting to the rooms of the module's host.
func (s Setting) Offer(m sdk.Module) {
	On(m, s.Priority, func(ctx context.Context, ev ConfigForm) (any, error) {
		shown := s.Field
		v, err := s.Value(ctx, ev.Room())
		if err != nil {
			return nil, err
		}
		shown.Values = texts(v)
		return nil, ev.Add(ctx, shown)
	})
	OnPart(m, s.Field.Var, 0, func(ctx context.Context, ev ConfigField) (any, error) {
		return nil, s.take(ctx, ev)
	})
}

// take keeps what an owner has submitted.
func (s Setting) take(ctx context.Context, ev ConfigField) error {
	room := ev.Room()
	old, err := s.Value(ctx, room)
	if err != nil {
		return err
	}
	now, err := listed(ctx, ev.Value())
	if err != nil || same(old, now) {
		return err
	}
	if err := room.SetValue(ctx, s.Field.Var, now); err != nil {
		return err
	}
	if s.Changed != nil {
		if err := s.Changed(ctx, room); err != nil {
			return err
		}
	}
	return ev.AddStatus(ctx, StatusConfigChanged)
}

// Value is the value in a room: a bool for a boolean field, []any of texts for a list, otherwise a string; nil if there is none.
func (s Setting) Value(ctx context.Context, room Room) (any, error) {
	v, err := room.Value(ctx, s.Field.Var)
	if err != nil || v == nil {
		return fieldValue(s.Field), err
	}
	return listed(ctx, v)
}

// Bool is Value for a boolean field, Text for one with a single text.
func (s Setting) Bool(ctx context.Context, room Room) (bool, error) {
	v, err := s.Value(ctx, room)
	return v == true, err
}

func (s Setting) Text(ctx context.Context, room Room) (string, error) {
	v, err := s.Value(ctx, room)
	return text(v), err
}

// listed is a value whose lists are lists of Go.
func listed(ctx context.Context, v any) (any, error) {
	if _, ok := v.(sdk.Object); !ok {
		return v, nil
	}
	items, err := sdk.Items(ctx, v)
	if items == nil {
		items = []any{}
	}
	return items, err
}

// texts is a value as a field has it.
func texts(v any) []string {
	switch v := v.(type) {
	case bool:
		if v {
			return []string{"1"}
		}
		return []string{"0"}
	case string:
		return []string{v}
	case []any:
		list := make([]string, len(v))
		for i, x := range v {
			list[i] = text(x)
		}
		return list
	}
	return nil
}

// same compares values of a field.
func same(a, b any) bool {
	x, isList := a.([]any)
	y, isOther := b.([]any)
	if !isList || !isOther {
		return !isList && !isOther && a == b
	}
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}
