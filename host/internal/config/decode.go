package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// decodeValue is a TOML value as options have them: bool, float64, string, []any or map[string]any.
func decodeValue(n *unstable.Node) (any, error) {
	switch n.Kind {
	case unstable.String:
		return string(n.Data), nil
	case unstable.Bool:
		return string(n.Data) == "true", nil
	case unstable.Integer:
		return decodeInteger(string(n.Data))
	case unstable.Float:
		return decodeFloat(string(n.Data))
	case unstable.Array:
		return decodeArray(n)
	case unstable.InlineTable:
		return decodeTable(n)
	}
	return nil, errors.New("dates and times have no meaning here; write a string")
}

func decodeInteger(s string) (any, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(s, "+"), 0, 64)
	if err != nil || n > 1<<53 || n < -1<<53 {
		return nil, fmt.Errorf("the number %s is too large", s)
	}
	return float64(n), nil
}

func decodeFloat(s string) (any, error) {
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil || math.IsNaN(f) {
		return nil, fmt.Errorf("%s is not a number", s)
	}
	return f, nil
}

func decodeArray(n *unstable.Node) (any, error) {
	list := []any{}
	for it := n.Children(); it.Next(); {
		v, err := decodeValue(it.Node())
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func decodeTable(n *unstable.Node) (any, error) {
	t := map[string]any{}
	for it := n.Children(); it.Next(); {
		kv := it.Node()
		v, err := decodeValue(kv.Value())
		if err != nil {
			return nil, err
		}
		var key []string
		for k := kv.Key(); k.Next(); {
			key = append(key, string(k.Node().Data))
		}
		put(t, key, v)
	}
	return t, nil
}

// put sets the value under a key of one or more parts.
func put(t map[string]any, key []string, v any) {
	for _, k := range key[:len(key)-1] {
		below, ok := t[k].(map[string]any)
		if !ok {
			below = map[string]any{}
			t[k] = below
		}
		t = below
	}
	t[key[len(key)-1]] = v
}
