// Package value turns what modules store into what stands in a database, and back, in the forms that Prosody's SQL storage uses: one row
// per top-level string key with a type word, everything else as JSON with Prosody's two additions for tables that JSON cannot say:
// "__array" holds a list part and "__hash" alternating keys and values.
//
// A value is nil, bool, float64, string, []any or sdk.Data. Canonical is the one form in which drivers keep and return it.
package value

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// maxDepth bounds nesting, so that neither a cycle nor a hostile row can exhaust the stack.
const maxDepth = 200

var errDepth = errors.New("nested too deeply, or in a circle")

// Canonical is a deep copy of v in the form that drivers return: numbers are float64; a table whose keys are exactly 1 to n is []any,
// any other is sdk.Data without nil values, with keys of type string, float64 or bool; so a list with gaps is sdk.Data. Go's int, []string
// and map[string]any are taken, too. What cannot be stored (a function, NaN) is an error.
func Canonical(v any) (any, error) { return canonical(v, maxDepth) }

func canonical(v any, depth int) (any, error) {
	if depth == 0 {
		return nil, errDepth
	}
	switch v := v.(type) {
	case nil, bool, string:
		return v, nil
	case []any:
		return canonicalList(v, depth)
	case []string:
		return stringList(v), nil
	case sdk.Data:
		return canonicalTable(v, depth)
	case map[string]any:
		return canonicalStrings(v, depth)
	case *stanza.Element:
		return nil, errors.New("a stanza can only be stored as the value of a top-level key")
	}
	if n, ok := number(v); ok {
		if math.IsNaN(n) {
			return nil, errors.New("NaN cannot be stored")
		}
		return n, nil
	}
	return nil, fmt.Errorf("a value of type %T cannot be stored", v)
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	}
	return 0, false
}

func stringList(v []string) []any {
	list := make([]any, len(v))
	for i, s := range v {
		list[i] = s
	}
	return list
}

func canonicalList(v []any, depth int) (any, error) {
	list := make([]any, len(v))
	for i, e := range v {
		c, err := canonical(e, depth-1)
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i+1, err)
		}
		list[i] = c
	}
	return withoutGaps(list), nil
}

// withoutGaps is list itself, or its values by position if some are nil.
func withoutGaps(list []any) any {
	if !slices.ContainsFunc(list, func(v any) bool { return v == nil }) {
		return list
	}
	t := sdk.Data{}
	for i, v := range list {
		put(t, float64(i+1), v)
	}
	return ListOf(t)
}

func canonicalStrings(v map[string]any, depth int) (any, error) {
	t := make(sdk.Data, len(v))
	for k, e := range v {
		t[k] = e
	}
	return canonicalTable(t, depth)
}

func canonicalTable(v sdk.Data, depth int) (any, error) {
	t := make(sdk.Data, len(v))
	for k, e := range v {
		if e == nil {
			continue
		}
		key, err := canonicalKey(k)
		if err != nil {
			return nil, err
		}
		c, err := canonical(e, depth-1)
		if err != nil {
			return nil, fmt.Errorf("[%v]: %w", k, err)
		}
		t[key] = c
	}
	return ListOf(t), nil
}

func canonicalKey(k any) (any, error) {
	switch k := k.(type) {
	case string, bool:
		return k, nil
	}
	if n, ok := number(k); ok && !math.IsNaN(n) {
		return n, nil
	}
	return nil, fmt.Errorf("a key of type %T cannot be stored", k)
}

// ListOf is t as []any if its keys are exactly 1 to n, otherwise t.
func ListOf(t sdk.Data) any {
	n := sequence(t)
	if n == 0 || n != len(t) {
		return t
	}
	list := make([]any, n)
	for i := range list {
		list[i] = t[float64(i+1)]
	}
	return list
}

// sequence is how many keys 1, 2, 3 … follow each other in t.
func sequence(t sdk.Data) int {
	n := 0
	for {
		if _, ok := t[float64(n+1)]; !ok {
			return n
		}
		n++
	}
}
