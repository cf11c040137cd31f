package muccore

import (
	"context"
	"slices"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
)

// configState are the fields of the configuration form, by name. Immutable after Load.
type configState struct {
	fields map[string]configField
}

// configField registers a field of the configuration form.
func (s *service) configField(f configField) {
	if s.config.fields == nil {
		s.config.fields = map[string]configField{}
	}
	s.config.fields[f.name] = f
	s.hook("muc-config-form", f.priority, f.add)
	s.hook("muc-config-submitted/"+f.name, 0, f.submit)
}

// configSection puts a line between groups of fields.
func (s *service) configSection(priority float64, label string) {
	s.hook("muc-config-form", priority, func(ctx context.Context, ev roomEvent) (any, error) {
		return nil, addField(ctx, ev, map[string]any{"type": dataform.Fixed, "value": label})
	})
}

func (f configField) isFor(ctx context.Context, ev roomEvent) bool {
	return f.mayEdit == nil || f.mayEdit(ctx, ev.room.s, ev.String("actor"))
}

// add shows the setting in the form.
func (f configField) add(ctx context.Context, ev roomEvent) (any, error) {
	if !f.isFor(ctx, ev) {
		return nil, nil
	}
	value, err := ev.room.get(ctx, f.setting)
	if err != nil {
		return nil, err
	}
	if f.show != nil {
		value = f.show(value)
	}
	if f.typ == dataform.Boolean {
		value = isTrue(value)
	}
	return nil, addField(ctx, ev, f.shown(value))
}

// shown is the field as it stands in the form.
func (f configField) shown(value any) map[string]any {
	field := map[string]any{
		"name": f.name, "type": f.typ, "label": f.label, "value": value,
		"desc": optional(f.desc), "datatype": optional(f.datatype), "option": f.setting,
	}
	if f.rangeMin != nil {
		field["range_min"] = *f.rangeMin
	}
	if f.maxLength > 0 {
		field["max_length"] = float64(f.maxLength)
	}
	if f.options != nil {
		field["options"] = f.shownOptions(value)
	}
	return field
}

// shownOptions: what holds is on the list, even if it is not offered otherwise.
func (f configField) shownOptions(value any) []any {
	options := make([]any, 0, len(f.options)+1)
	for _, o := range f.options {
		options = append(options, map[string]any{"value": o.Value, "label": o.Label})
	}
	isOffered := slices.ContainsFunc(f.options, func(o dataform.Option) bool { return o.Value == value })
	if f.pattern != nil && !isOffered {
		options = append(options, value)
	}
	return options
}

// submit stores what came back.
func (f configField) submit(ctx context.Context, ev roomEvent) (any, error) {
	if !f.isFor(ctx, ev) {
		return nil, nil
	}
	value := ev.Get("value")
	if f.parse != nil {
		value = f.parse(value)
	}
	changed, err := ev.room.set(ctx, f.setting, value)
	if err != nil || !changed {
		return nil, err
	}
	code := ""
	if f.status != nil {
		code = f.status(value)
	}
	return nil, addStatusCode(ctx, ev, oneOf(code == "", "104", code))
}

// addStatusCode adds a code to those that all are told after a change of the configuration.
func addStatusCode(ctx context.Context, ev roomEvent, code string) error {
	codes := ev.Get("status_codes")
	if codes == nil {
		return nil
	}
	return sdk.SetField(ctx, codes, code, true)
}
