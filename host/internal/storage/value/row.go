package value

import (
	"errors"
	"fmt"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Types of a stored text, Prosody's words.
const (
	TypeString  = "string"
	TypeBoolean = "boolean"
	TypeNumber  = "number"
	TypeJSON    = "json"
	TypeXML     = "xml"
)

// Row is one line of a keyval or map store.
type Row struct {
	Key, Type, Text string
}

// Encode is the row of one top-level key's value, which need not be canonical and must not be nil.
func Encode(key string, v any) (Row, error) {
	if e, ok := v.(*stanza.Element); ok {
		return Row{key, TypeXML, e.String()}, nil
	}
	c, err := Canonical(v)
	if err != nil {
		return Row{}, fmt.Errorf("key %q: %w", key, err)
	}
	switch c := c.(type) {
	case nil:
		return Row{}, fmt.Errorf("key %q: nil cannot be stored", key)
	case string:
		return Row{key, TypeString, c}, nil
	case bool:
		return Row{key, TypeBoolean, fmt.Sprint(c)}, nil
	case float64:
		return Row{key, TypeNumber, string(appendNumber(nil, c))}, nil
	}
	text, err := AppendJSON(nil, c)
	if err != nil {
		return Row{}, fmt.Errorf("key %q: %w", key, err)
	}
	return Row{key, TypeJSON, string(text)}, nil
}

// Decode is the value of a row, or an error that names the key. A value of type xml is a *stanza.Element.
func (r Row) Decode() (any, error) {
	v, err := decode(r.Type, r.Text)
	if err != nil {
		return nil, fmt.Errorf("key %q: %w", r.Key, err)
	}
	return v, nil
}

func decode(typ, text string) (any, error) {
	switch typ {
	case TypeString:
		return text, nil
	case TypeBoolean:
		switch text {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		return nil, fmt.Errorf("damaged boolean %.40q", text)
	case TypeNumber:
		n, err := parseNumber(text)
		if err != nil {
			return nil, fmt.Errorf("damaged number: %w", err)
		}
		return n, nil
	case TypeJSON:
		return ParseJSON(text)
	case TypeXML:
		return ParseXML(text)
	}
	return nil, fmt.Errorf("unknown type %.40q", typ)
}

// Rows are the rows of a whole table; none if it is empty or nil.
func Rows(data any) ([]Row, error) {
	t, err := Table(data)
	if err != nil {
		return nil, err
	}
	var rows []Row
	rest := sdk.Data{}
	for k, v := range t {
		name, ok := k.(string)
		if !ok || name == "" {
			rest[k] = v
			continue
		}
		row, err := Encode(name, v)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	if len(rest) == 0 {
		return rows, nil
	}
	row, err := Encode("", rest)
	return append(rows, row), err
}

// Table is a table as keys and values: that of a list has the keys 1 to n. Nil values are left out, and nothing is copied deeply.
func Table(data any) (sdk.Data, error) {
	t := sdk.Data{}
	switch d := data.(type) {
	case nil:
	case sdk.Data:
		for k, v := range d {
			key, err := canonicalKey(k)
			if err != nil {
				return nil, err
			}
			put(t, key, v)
		}
	case map[string]any:
		for k, v := range d {
			put(t, k, v)
		}
	case []any:
		for i, v := range d {
			put(t, float64(i+1), v)
		}
	case []string:
		return Table(stringList(d))
	default:
		return nil, fmt.Errorf("want a table, got %T", data)
	}
	return t, nil
}

// FromRows is the table that rows are of; nil if there are none.
func FromRows(rows []Row) (any, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	t := sdk.Data{}
	for _, r := range rows {
		v, err := r.Decode()
		if err != nil {
			return nil, err
		}
		if r.Key != "" {
			put(t, r.Key, v)
			continue
		}
		rest, err := Table(v)
		if err != nil {
			return nil, errors.New(`key "": damaged: not a table`)
		}
		for k, v := range rest {
			t[k] = v
		}
	}
	return ListOf(t), nil
}

func put(t sdk.Data, k, v any) {
	if v != nil {
		t[k] = v
	}
}
