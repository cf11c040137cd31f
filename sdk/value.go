package sdk

import (
	"context"
	"fmt"
	"math"

	"quatrain/xmpp/stanza"
)

// A list or a table may come as what it is in Go ([]any, map[string]any) or as an Object (a Lua table, a Table of another plugin). The
// functions here read and write both alike.

// Lister is an Object that knows how long its list is; others are counted by going through them.
type Lister interface {
	Object
	// Len is the number of the last element of the list with the keys 1, 2, 3 …
	Len(ctx context.Context) (int, error)
}

// Field reads v[name]. It is nil if there is none, or v is nothing that has fields.
func Field(ctx context.Context, v any, name string) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		return v[name], nil
	case Data:
		return v[name], nil
	case Object:
		return v.Get(ctx, name)
	}
	return nil, nil
}

// Text is Field for a string; "" if it is absent, something else, or cannot be read.
func Text(ctx context.Context, v any, name string) string {
	x, _ := Field(ctx, v, name)
	s, _ := x.(string)
	return s
}

// SetField writes v[name] = value; nil removes it. Whoever else holds v sees it if v is an Object.
func SetField(ctx context.Context, v any, name string, value any) error {
	switch v := v.(type) {
	case map[string]any:
		if value == nil {
			delete(v, name)
		} else {
			v[name] = value
		}
		return nil
	case Object:
		return v.Set(ctx, name, value)
	}
	return fmt.Errorf("a %T has no fields: %w: %q", v, ErrNoProperty, name)
}

// CallField calls the function v[name] without v, as origin.send is called.
func CallField(ctx context.Context, v any, name string, args ...any) ([]any, error) {
	x, err := Field(ctx, v, name)
	if err != nil {
		return nil, err
	}
	f, ok := x.(Function)
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrNoMethod, name)
	}
	return f.Call(ctx, args...)
}

// Items are the elements of a list, in order; nil for nil.
func Items(ctx context.Context, v any) ([]any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []any:
		return v, nil
	case Ranger:
		return rangeItems(ctx, v)
	case map[string]any:
		return nil, nil
	}
	return nil, fmt.Errorf("want a list, got a %T", v)
}

func rangeItems(ctx context.Context, r Ranger) ([]any, error) {
	at, last := map[int]any{}, 0
	err := r.Range(ctx, func(key, value any) bool {
		if f, ok := key.(float64); ok && f >= 1 && f == math.Trunc(f) && f < math.MaxInt32 {
			at[int(f)] = value
			last = max(last, int(f))
		}
		return true
	})
	items := make([]any, 0, min(last, len(at)))
	for i := 1; i <= last; i++ {
		x, ok := at[i]
		if !ok {
			break
		}
		items = append(items, x)
	}
	return items, err
}

// Fields are the values with names; nil for nil. A map is v itself, otherwise it is the caller's.
func Fields(ctx context.Context, v any) (map[string]any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		return v, nil
	case []any:
		return map[string]any{}, nil
	case Ranger:
		fields := map[string]any{}
		err := v.Range(ctx, func(key, value any) bool {
			if name, ok := key.(string); ok {
				fields[name] = value
			}
			return true
		})
		return fields, err
	}
	return nil, fmt.Errorf("want a table, got a %T", v)
}

// Len is the length of a list.
func Len(ctx context.Context, v any) (int, error) {
	if l, ok := v.(Lister); ok {
		return l.Len(ctx)
	}
	items, err := Items(ctx, v)
	return len(items), err
}

// maxPlain bounds the nesting of Plain, so that a table that contains itself is an error.
const maxPlain = 64

// Plain copies a value for a store: nil, bool, float64, string, or Data for lists and tables. What cannot be stored is an error that
// names the place.
func Plain(ctx context.Context, v any) (any, error) {
	p, err := plain(ctx, v, 0)
	if err != nil {
		return nil, fmt.Errorf("value%w", err)
	}
	return p, nil
}

// plain is Plain with errors that begin with the place within v, and then a colon.
func plain(ctx context.Context, v any, depth int) (any, error) {
	switch v := v.(type) {
	case nil, bool, float64, string:
		return v, nil
	case int:
		return float64(v), nil
	}
	if depth > maxPlain {
		return nil, fmt.Errorf(": nested more than %d deep", maxPlain)
	}
	data := Data{}
	var failed error
	ok, err := each(ctx, v, func(key, value any) bool {
		copied, err := plain(ctx, value, depth+1)
		if err != nil {
			failed = fmt.Errorf("[%q]%w", fmt.Sprint(key), err)
			return false
		}
		if copied != nil {
			data[key] = copied
		}
		return true
	})
	switch {
	case !ok:
		return nil, fmt.Errorf(": a %T cannot be stored", v)
	case failed != nil:
		return nil, failed
	case err != nil:
		return nil, fmt.Errorf(": %w", err)
	}
	return data, nil
}

// each calls f with the entries of a list, a map or an object until it returns false; ok is false for what has none.
func each(ctx context.Context, v any, f func(key, value any) bool) (ok bool, err error) {
	switch v := v.(type) {
	case []any:
		for i, x := range v {
			if !f(float64(i+1), x) {
				break
			}
		}
	case map[string]any:
		for k, x := range v {
			if !f(k, x) {
				break
			}
		}
	case Data:
		for k, x := range v {
			if !f(k, x) {
				break
			}
		}
	case Ranger:
		return true, v.Range(ctx, f)
	default:
		return false, nil
	}
	return true, nil
}

// ErrorOf is the stanza error that a value is: a *stanza.Error, or a table with the fields type, condition and text. nil if it is none.
func ErrorOf(ctx context.Context, v any) *stanza.Error {
	if e, ok := v.(*stanza.Error); ok {
		return e
	}
	condition := Text(ctx, v, "condition")
	if condition == "" {
		return nil
	}
	e := stanza.NewError(stanza.Condition(condition), Text(ctx, v, "text"))
	if kind := Text(ctx, v, "type"); kind != "" {
		e.Type = stanza.ErrorType(kind)
	}
	return e
}
