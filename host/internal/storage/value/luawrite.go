package value

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// AppendLua appends a canonical value as a Lua expression, as Prosody's data directory has them. An element becomes the table that
// Prosody makes of a stanza.
func AppendLua(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case bool:
		return strconv.AppendBool(dst, v), nil
	case float64:
		return appendNumber(dst, v), nil
	case string:
		return appendLuaString(dst, v), nil
	case []any:
		return appendLuaList(dst, v)
	case sdk.Data:
		return appendLuaTable(dst, v)
	case *stanza.Element:
		return appendLuaTable(dst, Preserialized(v))
	}
	return dst, fmt.Errorf("a value of type %T cannot be stored", v)
}

func appendLuaString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c < 0x20:
			dst = fmt.Appendf(dst, "\\%03d", c)
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

func appendLuaList(dst []byte, list []any) ([]byte, error) {
	dst = append(dst, '{')
	for _, e := range list {
		var err error
		if dst, err = AppendLua(dst, e); err != nil {
			return dst, err
		}
		dst = append(dst, ';')
	}
	return append(dst, '}'), nil
}

func appendLuaTable(dst []byte, t sdk.Data) ([]byte, error) {
	keys := make([]any, 0, len(t))
	for k := range t {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b any) int { return strings.Compare(fmt.Sprintf("%T%v", a, a), fmt.Sprintf("%T%v", b, b)) })
	dst = append(dst, '{')
	for _, k := range keys {
		var err error
		if dst, err = AppendLua(append(dst, '['), k); err != nil {
			return dst, err
		}
		if dst, err = AppendLua(append(dst, "]="...), t[k]); err != nil {
			return dst, err
		}
		dst = append(dst, ';')
	}
	return append(dst, '}'), nil
}

// Preserialized is an element as the table that Prosody makes of a stanza to store it; Stanza undoes it.
func Preserialized(e *stanza.Element) sdk.Data {
	attr := sdk.Data{}
	for _, a := range e.Attrs {
		attr[a.Name] = a.Value
	}
	t := sdk.Data{"name": e.Name, "attr": attr}
	for i := range e.Nodes {
		if c := e.Nodes[i].Element; c != nil {
			t[float64(i+1)] = Preserialized(c)
		} else {
			t[float64(i+1)] = e.Nodes[i].Text
		}
	}
	return t
}
