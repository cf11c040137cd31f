package muccore

import (
	"context"
	"errors"
	"fmt"

	"quatrain/sdk"
)

// plainTable is a table from another plugin as one that can be kept with a room, nil for nil.
func plainTable(ctx context.Context, v any) (sdk.Data, error) {
	p, err := plain(ctx, v)
	if err != nil || p == nil {
		return nil, err
	}
	t, ok := stored(p)
	if !ok {
		return nil, fmt.Errorf("want a table, got a %s", typeOf(p))
	}
	return t, nil
}

// plain is a value from another plugin as it can be kept: tables are sdk.Data, which can be changed in place.
func plain(ctx context.Context, v any) (any, error) { return plainAt(ctx, v, 64) }

func plainAt(ctx context.Context, v any, depth int) (any, error) {
	if depth == 0 {
		return nil, errors.New("a table is nested too deeply, or in a circle")
	}
	switch v := v.(type) {
	case nil, bool, float64, string:
		return v, nil
	case int:
		return float64(v), nil
	case sdk.Ranger:
		return plainRanger(ctx, v, depth)
	}
	t, ok := stored(v)
	if !ok {
		return nil, fmt.Errorf("a %T cannot be kept with a room", v)
	}
	kept := make(sdk.Data, len(t))
	for k, e := range t {
		p, err := plainAt(ctx, e, depth-1)
		if err != nil {
			return nil, err
		}
		if p != nil {
			kept[k] = p
		}
	}
	return kept, nil
}

func plainRanger(ctx context.Context, r sdk.Ranger, depth int) (any, error) {
	kept := sdk.Data{}
	var failed error
	err := r.Range(ctx, func(key, value any) bool {
		var p any
		if p, failed = plainAt(ctx, value, depth-1); failed == nil && p != nil {
			kept[key] = p
		}
		return failed == nil
	})
	return kept, errors.Join(err, failed)
}
