package muc

import (
	"context"
	"fmt"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
)

// layoutOf is a field as the forms of rooms have it, which are those of util.dataforms.
func layoutOf(f dataform.Field) map[string]any {
	layout := map[string]any{"type": f.Type}
	for name, v := range map[string]string{"name": f.Var, "label": f.Label, "desc": f.Desc} {
		if v != "" {
			layout[name] = v
		}
	}
	if f.Required {
		layout["required"] = true
	}
	if len(f.Options) > 0 {
		layout["options"] = optionsOf(f.Options)
	}
	if v := fieldValue(f); v != nil {
		layout["value"] = v
	}
	return layout
}

func optionsOf(options []dataform.Option) []any {
	list := make([]any, len(options))
	for i, o := range options {
		list[i] = map[string]any{"value": o.Value, "label": optional(o.Label)}
	}
	return list
}

// fieldValue is the value of a field as handlers know it: bool, string, or []any of texts; nil if there is none.
func fieldValue(f dataform.Field) any {
	switch {
	case len(f.Values) == 0:
		return nil
	case f.Type == dataform.Boolean:
		return f.Values[0] == "1" || f.Values[0] == "true"
	case f.Type == dataform.ListMulti || f.Type == dataform.JIDMulti:
		list := make([]any, len(f.Values))
		for i, v := range f.Values {
			list[i] = v
		}
		return list
	case f.Type == dataform.TextMulti:
		return strings.Join(f.Values, "\n")
	}
	return f.Values[0]
}

// push adds a value at the end of a list. A list that is a copy is returned, to be put back.
func push(ctx context.Context, list, value any) (changed any, err error) {
	switch l := list.(type) {
	case []any:
		return append(l, value), nil
	case sdk.Data:
		n := 1
		for l[float64(n)] != nil {
			n++
		}
		l[float64(n)] = value
		return l, nil
	case sdk.KeyedObject:
		n, err := sdk.Len(ctx, l)
		if err != nil {
			return nil, err
		}
		return nil, l.SetKey(ctx, float64(n+1), value)
	}
	return nil, fmt.Errorf("want a list, got a %T", list)
}
