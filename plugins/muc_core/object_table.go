package muccore

import (
	"context"
	"math"

	"quatrain/sdk"
)

// openTable is a field of a room or an occupant that is a table to others: what they write there counts at once.
type openTable struct {
	sdk.WithFace
	r *Room
	rows
}

// rows are the fields of an openTable. The chain is in the room; values to be written have been copied.
type rows interface {
	get(key any) any
	// set writes a field, nil removes it.
	set(key, value any) error
	// each are all fields as they are now.
	each() (keys, values []any)
	// keep is a value from another plugin as it is written.
	keep(ctx context.Context, value any) (any, error)
}

// newTable is a table of the room.
func (r *Room) newTable(of rows) *openTable { return &openTable{r: r, rows: of} }

// Type implements sdk.Object.
func (t *openTable) Type() *sdk.ObjectType { return t.r.s.faces().table }

// Get implements sdk.Object.
func (t *openTable) Get(ctx context.Context, property string) (any, error) {
	return t.GetKey(ctx, property)
}

// Set implements sdk.Object.
func (t *openTable) Set(ctx context.Context, property string, value any) error {
	return t.SetKey(ctx, property, value)
}

// Call implements sdk.Object.
func (t *openTable) Call(_ context.Context, method string, _ ...any) ([]any, error) {
	return nil, sdk.MethodError(t, method, sdk.ErrNoMethod)
}

// GetKey implements sdk.KeyedObject.
func (t *openTable) GetKey(ctx context.Context, key any) (any, error) {
	_, leave, err := t.r.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return t.get(key), nil
}

// SetKey implements sdk.KeyedObject.
func (t *openTable) SetKey(ctx context.Context, key, value any) error {
	value, err := t.keep(ctx, value)
	if err != nil {
		return err
	}
	_, leave, err := t.r.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	t.r.changedByOthers()
	return t.set(key, value)
}

// Range implements sdk.Ranger.
func (t *openTable) Range(ctx context.Context, f func(key, value any) bool) error {
	_, leave, err := t.r.enter(ctx)
	if err != nil {
		return err
	}
	keys, values := t.each()
	leave()
	for i, key := range keys {
		if !f(key, values[i]) {
			break
		}
	}
	return nil
}

// Len implements sdk.Lister.
func (t *openTable) Len(ctx context.Context) (int, error) {
	_, leave, err := t.r.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	n := 0
	for t.get(float64(n+1)) != nil {
		n++
	}
	return n, nil
}

// dataRows are a table that is saved with the room. Tables in it can be changed in place, too.
type dataRows struct {
	r    *Room
	data sdk.Data
}

func (d dataRows) get(key any) any { return d.show(d.data[key]) }

func (d dataRows) show(v any) any {
	if t, ok := v.(sdk.Data); ok {
		return d.r.newTable(dataRows{d.r, t})
	}
	return shown(v)
}

func (d dataRows) set(key, value any) error {
	if value == nil {
		delete(d.data, key)
	} else {
		d.data[key] = value
	}
	return nil
}

func (d dataRows) each() (keys, values []any) {
	for _, key := range sortedKeys(d.data) {
		keys, values = append(keys, key), append(values, d.show(d.data[key]))
	}
	return keys, values
}

func (d dataRows) keep(ctx context.Context, value any) (any, error) { return sdk.Plain(ctx, value) }

// listIndex is the place of a key in a list, from 0.
func listIndex(key any) (int, bool) {
	n, ok := key.(float64)
	if !ok || n < 1 || n != math.Trunc(n) || n > math.MaxInt32 {
		return 0, false
	}
	return int(n) - 1, true
}

var (
	_ sdk.KeyedObject = (*openTable)(nil)
	_ sdk.Ranger      = (*openTable)(nil)
	_ sdk.Lister      = (*openTable)(nil)
	_ sdk.Faced       = (*openTable)(nil)
)
