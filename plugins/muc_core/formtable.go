package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Forms that handlers build together lie in events as tables, in the shape that Lua modules know: title, instructions, and a list of fields,
// each a table with name, type, label, desc, datatype, range_min, range_max, required, value and options. What is a layout here has the
// methods form(values, type) and data(form) there.

// newFormTable makes such a table.
func newFormTable(title, instructions string, fields ...map[string]any) *sdk.Table {
	items := make([]any, len(fields))
	for i, f := range fields {
		items[i] = sdk.NewTable(nil, f)
	}
	t := sdk.NewTable(items, map[string]any{
		"form": sdk.Func(formOfTable),
		"data": sdk.Func(dataOfTable),
	})
	ctx := context.Background()
	_ = t.Set(ctx, "title", optional(title))
	_ = t.Set(ctx, "instructions", optional(instructions))
	return t
}

// formType is the field that says what a form is about (XEP-0068).
func formType(ns string) map[string]any {
	return map[string]any{"name": "FORM_TYPE", "type": "hidden", "value": ns}
}

// formOfTable is table:form(values, type).
func formOfTable(ctx context.Context, args ...any) ([]any, error) {
	layout, err := readLayout(ctx, first(args))
	if err != nil {
		return nil, err
	}
	values, err := sdk.Fields(ctx, nth(args, 1))
	if err != nil {
		return nil, err
	}
	return []any{layout.element(values, text(nth(args, 2)))}, nil
}

// dataOfTable is table:data(form): values, errors (nil if there are none) and which fields are present, each by name.
func dataOfTable(ctx context.Context, args ...any) ([]any, error) {
	layout, err := readLayout(ctx, first(args))
	if err != nil {
		return nil, err
	}
	x, _ := nth(args, 1).(*stanza.Element)
	if x == nil {
		return nil, nil
	}
	filled := layout.data(x)
	present := map[string]any{}
	for name := range filled.present {
		present[name] = true
	}
	if len(filled.faults) == 0 {
		return []any{filled.values, nil, present}, nil
	}
	faults := map[string]any{}
	for _, f := range filled.faults {
		faults[f.name] = f.reason
	}
	return []any{filled.values, faults, present}, nil
}

// addField adds a field to the form of an event (muc-config-form, muc-disco#info).
func addField(ctx context.Context, ev roomEvent, field map[string]any) error {
	form, ok := ev.Get("form").(sdk.KeyedObject)
	if !ok {
		return nil // somebody has taken the form away
	}
	n, err := sdk.Len(ctx, form)
	if err != nil {
		return err
	}
	return form.SetKey(ctx, float64(n+1), sdk.NewTable(nil, field))
}

// setFormValue gives a field of the form of an event its value (muc-disco#info).
func setFormValue(ctx context.Context, ev roomEvent, name string, value any) error {
	values := ev.Get("formdata")
	if values == nil {
		return nil
	}
	return sdk.SetField(ctx, values, name, value)
}

// addDiscoFeature adds a feature to the answer of an event (muc-disco#info).
func addDiscoFeature(ev roomEvent, feature string) {
	if query := discoQuery(ev); query != nil {
		query.AddChild(stanza.New("feature", "", "var", feature))
	}
}

// discoQuery is where features and identities of an answer go, nil if somebody has taken it away.
func discoQuery(ev roomEvent) *stanza.Element {
	reply, _ := ev.Get("reply").(*stanza.Element)
	if reply == nil || len(reply.Tags) == 0 {
		return nil
	}
	return reply.Tags[0]
}

// oneOf is yes if the condition holds, otherwise no.
func oneOf(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}
