package muccore

import (
	"context"

	"quatrain/sdk"
)

// shown is a stored value as other plugins are shown it: a copy, in the shapes that cross runtimes.
func shown(v any) any {
	data, ok := v.(sdk.Data)
	if !ok {
		return v
	}
	list := make([]any, 0, len(data))
	for i := 1; i <= len(data); i++ {
		x, ok := data[float64(i)]
		if !ok {
			break
		}
		list = append(list, shown(x))
	}
	if len(list) == len(data) && len(list) > 0 {
		return list
	}
	named := make(map[string]any, len(data))
	for key, x := range data {
		name, ok := key.(string)
		if !ok {
			return tableOf(data)
		}
		named[name] = shown(x)
	}
	return named
}

// shownData is shown for a table, nil for nil.
func shownData(data sdk.Data) any {
	if data == nil {
		return nil
	}
	return shown(data)
}

// tableOf is a copy of a stored table that others may change.
func tableOf(data sdk.Data) *sdk.Table {
	t := sdk.NewTable(nil, nil)
	for key, v := range data {
		_ = t.SetKey(context.Background(), key, shown(v)) // cannot fail
	}
	return t
}
