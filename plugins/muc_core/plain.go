package muccore

import (
	"context"
	"fmt"

	"quatrain/sdk"
)

// plainTable is a table from another plugin as one that can be kept with a room, nil for nil.
func plainTable(ctx context.Context, v any) (sdk.Data, error) {
	p, err := sdk.Plain(ctx, v)
	if err != nil || p == nil {
		return nil, err
	}
	t, ok := p.(sdk.Data)
	if !ok {
		return nil, fmt.Errorf("want a table, got a %s", typeOf(p))
	}
	return t, nil
}
