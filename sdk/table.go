package sdk

import (
	"context"
	"slices"
	"sync"
)

// Table is an Object that others read and write like a Lua table: the fields of a form, the codes of a presence, a room's data. A value
// that handlers are to change is a Table, since lists and maps are copied on their way. Safe for concurrent use.
type Table struct {
	WithFace
	kind *ObjectType

	mu     sync.Mutex // guards the rest
	fields map[any]any
	order  []any // keys of fields, in order of insertion
	list   []any // what has the keys 1, 2, 3 …
}

// tableType is that of tables without methods. It has no class that anybody could change, so all may share it.
var tableType = &ObjectType{Name: "table", Open: true}

// NewTable makes a table with a list's items and a map's fields, either may be nil.
func NewTable(items []any, fields map[string]any) *Table {
	t := &Table{kind: tableType, list: append([]any(nil), items...)}
	for name, v := range fields {
		t.set(name, v)
	}
	return t
}

// Type implements Object.
func (t *Table) Type() *ObjectType { return t.kind }

// Get implements Object.
func (t *Table) Get(_ context.Context, property string) (any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.fields[property], nil
}

// Set implements Object.
func (t *Table) Set(_ context.Context, property string, value any) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.set(property, value)
	return nil
}

// Call calls the Function that stands in the field with the table and args.
func (t *Table) Call(ctx context.Context, method string, args ...any) ([]any, error) {
	v, _ := t.Get(ctx, method)
	if f, ok := v.(Function); ok {
		return f.Call(ctx, append([]any{t}, args...)...)
	}
	return nil, MethodError(t, method, ErrNoMethod)
}

// GetKey implements KeyedObject.
func (t *Table) GetKey(_ context.Context, key any) (any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i, ok := t.place(key); ok && i < len(t.list) {
		return t.list[i], nil
	}
	return t.fields[key], nil
}

// SetKey implements KeyedObject.
func (t *Table) SetKey(_ context.Context, key, value any) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.set(key, value)
	return nil
}

// Len implements Lister.
func (t *Table) Len(context.Context) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.list), nil
}

// Range calls f with the list's items and then with the fields in order of insertion, as they were when it began.
func (t *Table) Range(_ context.Context, f func(key, value any) bool) error {
	keys, values := t.entries()
	for i, key := range keys {
		if !f(key, values[i]) {
			break
		}
	}
	return nil
}

func (t *Table) entries() (keys, values []any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, v := range t.list {
		if v != nil {
			keys, values = append(keys, float64(i+1)), append(values, v)
		}
	}
	for _, key := range t.order {
		keys, values = append(keys, key), append(values, t.fields[key])
	}
	return keys, values
}

// place is where in the list a key belongs: an index of it, or the one after the last.
func (t *Table) place(key any) (int, bool) {
	f, ok := key.(float64)
	if !ok || f < 1 || f > float64(len(t.list)+1) || f != float64(int(f)) {
		return 0, false
	}
	return int(f) - 1, true
}

func (t *Table) set(key, value any) {
	i, inList := t.place(key)
	switch {
	case inList && i < len(t.list) && (value != nil || i < len(t.list)-1):
		t.list[i] = value // nil leaves a hole, as in Lua
	case inList && i < len(t.list):
		t.list = t.list[:i]
	case inList && value != nil:
		t.list = append(t.list, value)
		t.gather()
	case value == nil:
		t.removeField(key)
	default:
		t.setField(key, value)
	}
}

func (t *Table) setField(key, value any) {
	if t.fields == nil {
		t.fields = map[any]any{}
	}
	if _, known := t.fields[key]; !known {
		t.order = append(t.order, key)
	}
	t.fields[key] = value
}

func (t *Table) removeField(key any) {
	if _, known := t.fields[key]; known {
		delete(t.fields, key)
		t.order = slices.DeleteFunc(t.order, func(k any) bool { return k == key })
	}
}

// gather moves fields behind the list's end into it.
func (t *Table) gather() {
	for len(t.fields) > 0 {
		next := float64(len(t.list) + 1)
		v, ok := t.fields[next]
		if !ok {
			return
		}
		t.removeField(next)
		t.list = append(t.list, v)
	}
}

var (
	_ KeyedObject = (*Table)(nil)
	_ Faced       = (*Table)(nil)
	_ Ranger      = (*Table)(nil)
	_ Lister      = (*Table)(nil)
)
