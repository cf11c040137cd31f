package config

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"quatrain/xmpp/jid"
)

// typeNames are the types that manifests may name.
var typeNames = []string{"string", "boolean", "number", "integer", "period", "set", "list", "table", "ports", "jids", "path"}

// accept is nil if v is a right value; the error says what is wanted and what was found.
func (o *Option) accept(v any) error {
	for _, t := range o.Types {
		if o.acceptAs(t, v) {
			return nil
		}
	}
	if t, ok := v.(map[string]any); ok && slices.Contains(o.Types, "table") {
		return o.rejectIn(t)
	}
	err := fmt.Errorf("want %s, got %s", o.wanted(), shown(v))
	if s, ok := v.(string); ok {
		if near := nearest(s, o.Values); near != "" {
			err = fmt.Errorf("%w; did you mean %q?", err, near)
		}
	}
	return err
}

// rejectIn tells which entry of a table is wrong.
func (o *Option) rejectIn(t map[string]any) error {
	one := Option{Types: []string{"string"}, Values: o.Values, Open: o.Open}
	for _, key := range slices.Sorted(maps.Keys(t)) {
		if s, ok := t[key].(string); ok && !o.acceptString(s) {
			return fmt.Errorf("%s: %w", key, one.accept(s))
		}
	}
	return errWrong
}

func (o *Option) acceptAs(typ string, v any) bool {
	switch typ {
	case "string", "path":
		s, ok := v.(string)
		return ok && o.acceptString(s)
	case "boolean":
		_, ok := v.(bool)
		return ok
	case "number", "integer":
		f, ok := v.(float64)
		return ok && (typ == "number" || f == math.Trunc(f)) && o.within(f)
	case "period":
		d, err := toPeriod(v)
		return err == nil && o.within(d.Seconds())
	case "set":
		_, err := toSet(v)
		return err == nil
	case "jids":
		return acceptJIDs(v)
	case "list":
		_, ok := v.([]any)
		return ok
	case "table":
		return o.acceptTable(v)
	case "ports":
		_, err := toPorts(v)
		return err == nil
	}
	return false
}

func (o *Option) acceptString(s string) bool {
	if len(o.Values) == 0 || slices.Contains(o.Values, s) {
		return true
	}
	return o.Open && nearest(s, o.Values) == ""
}

// acceptTable looks at the strings in a table as at a single one.
func (o *Option) acceptTable(v any) bool {
	t, ok := v.(map[string]any)
	for _, v := range t {
		if s, isString := v.(string); isString && !o.acceptString(s) {
			return false
		}
	}
	return ok
}

func (o *Option) within(f float64) bool {
	return (o.Min == nil || f >= *o.Min) && (o.Max == nil || f <= *o.Max)
}

func acceptJIDs(v any) bool {
	list, err := toSet(v)
	for _, s := range list {
		if _, parse := jid.Parse(s); parse != nil {
			return false
		}
	}
	return err == nil
}

// wanted describes the right values.
func (o *Option) wanted() string {
	var texts []string
	for _, t := range o.Types {
		texts = append(texts, o.wantedAs(t))
	}
	return strings.Join(slices.Compact(texts), ", or ")
}

func (o *Option) wantedAs(typ string) string {
	if len(o.Values) > 0 && typ == "string" {
		return alternatives(o.Values)
	}
	switch typ {
	case "boolean":
		return "true or false"
	case "number":
		return "a number" + o.bounds("")
	case "integer":
		return "a whole number" + o.bounds("")
	case "period":
		return `a time like "5 minutes" or a number of seconds` + strings.Replace(o.bounds(" s"), " of", ",", 1)
	case "set":
		return "a list of strings"
	case "ports":
		return "a list of ports from 0 to 65535"
	case "jids":
		return "a list of JIDs"
	}
	return "a " + typ
}

func alternatives(values []string) string {
	var b strings.Builder
	for i, v := range values {
		switch {
		case i > 0 && i == len(values)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(strconv.Quote(v))
	}
	return b.String()
}

func (o *Option) bounds(unit string) string {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	switch {
	case o.Min != nil && o.Max != nil:
		return " from " + number(*o.Min) + " to " + number(*o.Max) + unit
	case o.Min != nil:
		return " of at least " + number(*o.Min) + unit
	case o.Max != nil:
		return " of at most " + number(*o.Max) + unit
	}
	return ""
}

// shown is a value as messages show it.
func shown(v any) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case []any:
		return shownList(v)
	case map[string]any:
		return "a table"
	}
	return fmt.Sprintf("%v", v)
}

func shownList(list []any) string {
	var texts []string
	for i, v := range list {
		if i == 5 {
			texts = append(texts, "…")
			break
		}
		texts = append(texts, shown(v))
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

var errWrong = errors.New("wrong type")

// toSet is a list of strings; a single string is a list of one, nil an empty one.
func toSet(v any) ([]string, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return []string{v}, nil
	case []any:
		list := make([]string, 0, len(v))
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, errWrong
			}
			list = append(list, s)
		}
		return list, nil
	}
	return nil, errWrong
}

// toPorts is a list of port numbers; a single number is a list of one. 0 lets the system choose.
func toPorts(v any) ([]int, error) {
	if f, ok := v.(float64); ok {
		v = []any{f}
	}
	list, ok := v.([]any)
	if !ok {
		return nil, errWrong
	}
	ports := make([]int, 0, len(list))
	for _, e := range list {
		f, ok := e.(float64)
		if !ok || f != math.Trunc(f) || f < 0 || f > 65535 {
			return nil, errWrong
		}
		ports = append(ports, int(f))
	}
	return ports, nil
}
