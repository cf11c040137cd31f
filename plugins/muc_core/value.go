package muccore

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"quatrain/sdk"
)

// typeOf is how Lua calls the type of a value; the log says the same whichever twin runs.
func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "nil"
	case bool:
		return "boolean"
	case float64, int, int64:
		return "number"
	case string:
		return "string"
	}
	return "table"
}

// textOf is a value as a log shows it.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return numberText(v)
	case nil, bool:
		if v == nil {
			return "nil"
		}
		return fmt.Sprint(v)
	}
	return typeOf(v)
}

// numberText is a number without a fraction where it has none.
func numberText(n float64) string {
	if n == math.Trunc(n) && math.Abs(n) < 1e15 {
		return strconv.FormatInt(int64(n), 10)
	}
	return strconv.FormatFloat(n, 'g', 14, 64)
}

// sortedKeys are the keys of a stored table in an order that is always the same.
func sortedKeys(t sdk.Data) []any {
	return slices.SortedFunc(maps.Keys(t), func(a, b any) int {
		if x, y := textOf(a), textOf(b); x != y {
			if x < y {
				return -1
			}
			return 1
		}
		return 0
	})
}

// keepable is a value from the store as it lies in room.data: lists are tables, too, so that others can change them in place.
func keepable(v any) any {
	t, ok := stored(v)
	if !ok {
		return v
	}
	for k, e := range t {
		t[k] = keepable(e)
	}
	return t
}
