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

// crossing is a stored value as it crosses runtimes: a copy made of maps and lists. Keys that are neither all texts nor a list's become texts.
func crossing(v any) any {
	switch v := v.(type) {
	case sdk.Data:
		if l, ok := listOf(v); ok {
			return crossing(l)
		}
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[textOf(k)] = crossing(e)
		}
		return m
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[k] = crossing(e)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = crossing(e)
		}
		return l
	}
	return v
}

// listOf is a table whose keys are exactly 1 to n as a list; an empty one is none.
func listOf(t sdk.Data) ([]any, bool) {
	if len(t) == 0 {
		return nil, false
	}
	l := make([]any, len(t))
	for i := range l {
		e, ok := t[float64(i+1)]
		if !ok {
			return nil, false
		}
		l[i] = e
	}
	return l, true
}

// sameValue tells whether two stored values are alike, tables by content.
func sameValue(a, b any) bool {
	x, isTable := stored(a)
	y, isOther := stored(b)
	if isTable != isOther {
		return false
	}
	if !isTable {
		return a == b
	}
	if len(x) != len(y) {
		return false
	}
	for k, e := range x {
		f, ok := y[k]
		if !ok || !sameValue(e, f) {
			return false
		}
	}
	return true
}
