package value

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"quatrain/sdk"
)

// AppendJSON appends a canonical value as JSON. Strings are bytes: what is not valid UTF-8 is written as it is, as Prosody does. Keys
// are sorted, so that equal values are equal texts.
func AppendJSON(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case float64:
		return appendNumber(dst, v), nil
	case string:
		return appendString(dst, v), nil
	case []any:
		return appendList(dst, v)
	case sdk.Data:
		return appendTable(dst, v)
	}
	return dst, fmt.Errorf("a value of type %T cannot be stored", v)
}

// appendNumber writes the shortest text that reads back as n. Infinity has no text of its own; a number out of range reads as it.
func appendNumber(dst []byte, n float64) []byte {
	switch {
	case math.IsInf(n, 1):
		return append(dst, "1e999"...)
	case math.IsInf(n, -1):
		return append(dst, "-1e999"...)
	case n == math.Trunc(n) && math.Abs(n) < 1<<53 && !(n == 0 && math.Signbit(n)):
		return strconv.AppendInt(dst, int64(n), 10)
	}
	return strconv.AppendFloat(dst, n, 'g', -1, 64)
}

const hexDigits = "0123456789ABCDEF"

func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

func appendList(dst []byte, list []any) ([]byte, error) {
	dst = append(dst, '[')
	for i, e := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = AppendJSON(dst, e); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

// parts of a table as JSON shows them.
type parts struct {
	names []string // ordinary string keys, sorted
	list  []any    // values of 1 to n
	pairs []any    // the other keys and their values, alternating
}

// special names are those that JSON objects of tables give a meaning to.
func special(name string) bool { return name == "__array" || name == "__hash" }

func partsOf(t sdk.Data) parts {
	p := parts{list: make([]any, sequence(t))}
	var others []any
	for k := range t {
		switch k := k.(type) {
		case string:
			if !special(k) {
				p.names = append(p.names, k)
				continue
			}
		case float64:
			if k >= 1 && k <= float64(len(p.list)) && k == math.Trunc(k) {
				p.list[int(k)-1] = t[k]
				continue
			}
		}
		others = append(others, k)
	}
	slices.Sort(p.names)
	slices.SortFunc(others, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	for _, k := range others {
		p.pairs = append(p.pairs, k, t[k])
	}
	return p
}

func appendTable(dst []byte, t sdk.Data) ([]byte, error) {
	p := partsOf(t)
	if len(p.names) == 0 && len(p.pairs) == 0 && len(p.list) > 0 {
		return appendList(dst, p.list)
	}
	dst = append(dst, '{')
	for _, name := range p.names {
		var err error
		if dst, err = appendMember(dst, name, t[name]); err != nil {
			return dst, err
		}
	}
	for _, extra := range []struct {
		name string
		list []any
	}{{"__hash", p.pairs}, {"__array", p.list}} {
		var err error
		if len(extra.list) == 0 {
			continue
		}
		if dst, err = appendMember(dst, extra.name, extra.list); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

func appendMember(dst []byte, name string, v any) ([]byte, error) {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	return AppendJSON(append(appendString(dst, name), ':'), v)
}
