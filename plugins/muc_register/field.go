package mucregister

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

const nsValidate = "http://jabber.org/protocol/xdata-validate"

// field is a field of the form. Other plugins know it by a name, which need not be the one that it has on the wire, and its value as what
// util.dataforms makes of it: bool, string, []any of texts, float64 for numbers and times.
type field struct {
	dataform.Field
	name     string  // "" for text between fields
	datatype string  // XEP-0122, "" for what the type says
	min, max float64 // of numbers
}

// fieldOf reads an item: a table as util.dataforms has it.
func fieldOf(ctx context.Context, item any) (field, error) {
	from, err := sdk.Fields(ctx, item)
	if err != nil {
		return field{}, fmt.Errorf("a field of the registration form: %w", err)
	}
	get := func(key string) string {
		s, _ := from[key].(string)
		return s
	}
	f := field{name: get("name"), datatype: get("datatype"), min: math.Inf(-1), max: math.Inf(1)}
	f.Field = dataform.Field{Var: get("var"), Type: get("type"), Label: get("label"), Desc: get("desc"), Required: from["required"] == true}
	if f.Var == "" {
		f.Var = f.name
	}
	if f.Type == "" {
		f.Type = dataform.TextSingle
	}
	if n, ok := from["range_min"].(float64); ok {
		f.min = n
	}
	if n, ok := from["range_max"].(float64); ok {
		f.max = n
	}
	return f, f.choose(ctx, from)
}

// choose reads what can be chosen, and what is chosen unless somebody chooses something else.
func (f *field) choose(ctx context.Context, from map[string]any) error {
	options, err := sdk.Items(ctx, from["options"])
	if err != nil {
		return fmt.Errorf("field %q: options: %w", f.name, err)
	}
	for _, option := range options {
		o := dataform.Option{}
		if s, ok := option.(string); ok {
			o.Value, o.Label = s, s
		} else {
			o.Value, o.Label = sdk.Text(ctx, option, "value"), sdk.Text(ctx, option, "label")
		}
		f.Options = append(f.Options, o)
		if chosen, _ := sdk.Field(ctx, option, "default"); chosen == true && from["value"] == nil {
			f.Values = append(f.Values, o.Value)
		}
	}
	value := from["value"]
	if list, err := sdk.Items(ctx, value); err == nil && list != nil {
		value = list
	}
	if value != nil {
		f.Values = f.texts(value)
	}
	return nil
}

// texts is a value as it is written.
func (f *field) texts(v any) []string {
	switch v := v.(type) {
	case bool:
		if v {
			return []string{"1"}
		}
		return []string{"0"}
	case float64:
		if f.datatype == "xs:dateTime" {
			return []string{time.Unix(int64(v), 0).UTC().Format(time.RFC3339)}
		}
		return []string{strconv.FormatFloat(v, 'f', -1, 64)}
	case string:
		return []string{v}
	case []any:
		texts := make([]string, 0, len(v))
		for _, x := range v {
			texts = append(texts, fmt.Sprint(x))
		}
		return texts
	}
	return nil
}

// validation says what the values are (XEP-0122), nil if the type says it.
func (f *field) validation() *stanza.Element {
	if f.datatype == "" {
		return nil
	}
	v := stanza.New("validate", nsValidate, "datatype", f.datatype)
	bounds := stanza.New("range", "")
	setBound(bounds, "min", f.min)
	setBound(bounds, "max", f.max)
	if len(bounds.Attrs) > 0 {
		v.AddChild(bounds)
	}
	return v
}

// setBound sets one bound of a range, unless it is infinite.
func setBound(bounds *stanza.Element, name string, n float64) {
	if !math.IsInf(n, 0) {
		bounds.SetAttr(name, strconv.FormatFloat(n, 'f', -1, 64))
	}
}

// value is what the texts of a checked field mean.
func (f *field) value(texts []string) (any, error) {
	switch f.Type {
	case dataform.Boolean:
		return texts[0] == "1", nil
	case dataform.TextMulti:
		return strings.Join(texts, "\n"), nil
	case dataform.ListMulti, dataform.JIDMulti:
		list := make([]any, len(texts))
		for i, s := range texts {
			list[i] = s
		}
		return list, nil
	}
	switch f.datatype {
	case "xs:integer":
		return f.integer(texts[0])
	case "xs:dateTime":
		t, err := time.Parse(time.RFC3339, texts[0])
		return float64(t.Unix()), err
	}
	return texts[0], nil
}

func (f *field) integer(s string) (any, error) {
	n, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil:
		return nil, err
	case n != math.Trunc(n) || n < f.min || n > f.max:
		return nil, fmt.Errorf("%v is no whole number within the bounds", n)
	}
	return n, nil
}
