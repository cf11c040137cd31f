package muc

import (
	"context"

	"quatrain/sdk"
)

// table is a value as a map, nil if it is none. Keys that are no texts are left out. It is a copy, or nobody else's.
func table(ctx context.Context, v any) (map[string]any, error) {
	switch v := v.(type) {
	case sdk.Data:
		m := make(map[string]any, len(v))
		for k, x := range v {
			if name, ok := k.(string); ok {
				m[name] = x
			}
		}
		return m, nil
	case nil, map[string]any, []any, sdk.Ranger:
		return sdk.Fields(ctx, v)
	}
	return nil, nil
}
