package muccore

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

// formLayout is a form to be filled in, as a table says (see formtable.go).
type formLayout struct {
	title, instructions string
	fields              []layoutField
}

// layoutField is a field of a form.
type layoutField struct {
	name, typ, label, desc string // name is "" for a heading; typ is "" for text-single
	datatype               string // XEP-0122: xs:integer, xs:dateTime, others are not checked
	rangeMin, rangeMax     *float64
	required               bool
	options                []dataform.Option // nil: none
	value                  any               // nil: none
}

// readLayout reads a form table, which may be one that a Lua module has made.
func readLayout(ctx context.Context, form any) (*formLayout, error) {
	items, err := sdk.Items(ctx, form)
	if err != nil {
		return nil, fmt.Errorf("reading a form: %w", err)
	}
	layout := &formLayout{title: sdk.Text(ctx, form, "title"), instructions: sdk.Text(ctx, form, "instructions")}
	for _, item := range items {
		f, err := readLayoutField(ctx, item)
		if err != nil {
			return nil, fmt.Errorf("reading a field of a form: %w", err)
		}
		layout.fields = append(layout.fields, f)
	}
	return layout, nil
}

func readLayoutField(ctx context.Context, item any) (layoutField, error) {
	fields, err := sdk.Fields(ctx, item)
	if err != nil {
		return layoutField{}, err
	}
	options, err := readOptions(ctx, fields["options"])
	if err != nil {
		return layoutField{}, err
	}
	value, err := listed(ctx, fields["value"])
	if err != nil {
		return layoutField{}, err
	}
	return layoutField{
		name: text(fields["name"]), typ: text(fields["type"]), label: text(fields["label"]), desc: text(fields["desc"]),
		datatype: text(fields["datatype"]), rangeMin: bound(fields["range_min"]), rangeMax: bound(fields["range_max"]),
		required: isTrue(fields["required"]), options: options, value: value,
	}, nil
}

// bound is a number, nil if there is none.
func bound(v any) *float64 {
	if f, ok := v.(float64); ok {
		return &f
	}
	return nil
}

// listed makes a list of a value that is none of the simple ones.
func listed(ctx context.Context, v any) (any, error) {
	switch v.(type) {
	case nil, bool, float64, string:
		return v, nil
	}
	return sdk.Items(ctx, v)
}

// readOptions takes options as texts, or as tables with value and label.
func readOptions(ctx context.Context, v any) ([]dataform.Option, error) {
	items, err := sdk.Items(ctx, v)
	if err != nil {
		return nil, err
	}
	var options []dataform.Option
	for _, item := range items {
		if s, ok := item.(string); ok {
			options = append(options, dataform.Option{Label: s, Value: s})
		} else {
			options = append(options, dataform.Option{Label: sdk.Text(ctx, item, "label"), Value: sdk.Text(ctx, item, "value")})
		}
	}
	return options, nil
}

// element is the form as it is sent. values, by name, take precedence over those of the layout; may be nil. typ is one of dataform, "" for a
// form to be filled in.
func (l *formLayout) element(values map[string]any, typ string) *stanza.Element {
	if typ == "" {
		typ = dataform.TypeForm
	}
	form := dataform.Form{Type: typ}
	if typ == dataform.TypeForm || typ == dataform.TypeResult {
		form.Title = l.title
		if l.instructions != "" {
			form.Instructions = []string{l.instructions}
		}
	}
	for _, f := range l.fields {
		value := f.value
		if v, ok := values[f.name]; ok && v != nil {
			value = v
		}
		form.Fields = append(form.Fields, f.written(value, typ))
	}
	return form.Element()
}

func (f *layoutField) written(value any, typ string) dataform.Field {
	w := dataform.Field{Var: f.name, Type: f.typ, Values: f.texts(value)}
	if w.Type == "" {
		w.Type = dataform.TextSingle
	}
	if typ != dataform.TypeSubmit {
		w.Label, w.Desc = f.label, f.desc
	}
	if typ != dataform.TypeForm {
		return w
	}
	w.Options, w.Required = f.options, f.required
	if f.datatype != "" {
		w.Validate = &dataform.Validation{Datatype: f.datatype, Min: boundText(f.rangeMin), Max: boundText(f.rangeMax)}
	}
	return w
}

func boundText(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}

// texts are the values of a field as they are sent.
func (f *layoutField) texts(value any) []string {
	switch v := value.(type) {
	case nil:
		return nil
	case bool:
		return []string{oneOf(v, "1", "0")}
	case float64:
		return []string{f.numberText(v)}
	case string:
		if f.typ == dataform.Boolean {
			return []string{"1"} // whatever is there
		}
		return []string{v}
	case []any:
		return textsOf(v)
	case []string:
		return v
	}
	return []string{fmt.Sprint(value)}
}

func textsOf(list []any) []string {
	texts := make([]string, 0, len(list))
	for _, v := range list {
		texts = append(texts, fmt.Sprint(v))
	}
	return texts
}

func (f *layoutField) numberText(n float64) string {
	switch {
	case f.typ == dataform.Boolean:
		return oneOf(n != 0, "1", "0")
	case f.datatype == "xs:dateTime":
		return time.Unix(int64(n), 0).UTC().Format("2006-01-02T15:04:05Z")
	case f.datatype == "xs:double" || f.datatype == "xs:decimal":
		return strconv.FormatFloat(n, 'f', 6, 64)
	}
	return strconv.FormatFloat(math.Trunc(n), 'f', 0, 64)
}

// filledForm is a form that came back.
type filledForm struct {
	values  map[string]any // by name: string, bool, float64, []any of strings; what is empty or wrong is missing
	present map[string]bool
	faults  []formFault // in the order of the form
}

// formFault is what is wrong with a field.
type formFault struct{ name, reason string }

const valueRequired = "A value is required"

// data reads a form that came back.
func (l *formLayout) data(x *stanza.Element) filledForm {
	elements := map[string]*stanza.Element{}
	for e := range x.ChildTags("field", "") {
		if name := e.Attr("var"); name != "" && elements[name] == nil {
			elements[name] = e
		}
	}
	filled := filledForm{values: map[string]any{}, present: map[string]bool{}}
	for i := range l.fields {
		f := &l.fields[i]
		e := elements[f.name]
		switch {
		case f.name == "":
		case e != nil:
			filled.present[f.name] = true
			value, reason := f.read(e)
			filled.add(f.name, value, reason)
		case f.required:
			filled.add(f.name, nil, valueRequired)
		}
	}
	return filled
}

func (d *filledForm) add(name string, value any, reason string) {
	if value != nil {
		d.values[name] = value
	}
	if reason != "" {
		d.faults = append(d.faults, formFault{name, reason})
	}
}

// read is the value of a field, nil if it is empty, and what is wrong with it. A list may have both: what is right in it.
func (f *layoutField) read(e *stanza.Element) (value any, reason string) {
	switch f.typ {
	case dataform.ListMulti, dataform.TextMulti, dataform.JIDMulti:
		return f.readList(e)
	case dataform.Fixed:
		return nil, ""
	}
	s := e.ChildText("value", "") // what is empty counts as missing
	switch {
	case s == "" && f.required && f.typ != dataform.Hidden:
		return nil, valueRequired
	case s == "":
		return nil, ""
	case f.typ == dataform.Hidden:
		return s, ""
	}
	return f.readText(s)
}

func (f *layoutField) readText(s string) (value any, reason string) {
	switch f.typ {
	case dataform.Boolean:
		return readBoolean(s)
	case dataform.JIDSingle:
		if address := prepare(s); address != "" {
			return address, ""
		}
		return nil, "Not a JID: " + s
	}
	switch f.datatype {
	case "xs:integer":
		return f.readInteger(s)
	case "xs:dateTime":
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return nil, "Not a timestamp"
		}
		return float64(t.Unix()), ""
	}
	return s, ""
}

func readBoolean(s string) (value any, reason string) {
	switch s {
	case "1", "true":
		return true, ""
	case "0", "false":
		return false, ""
	}
	return nil, "Not a boolean: " + s
}

func (f *layoutField) readInteger(s string) (value any, reason string) {
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	switch {
	case err != nil:
		return nil, "Not a number"
	case n != math.Trunc(n) || math.IsInf(n, 0):
		return nil, "Not a whole number"
	case f.rangeMax != nil && n > *f.rangeMax || f.rangeMin != nil && n < *f.rangeMin:
		return nil, "Out of range"
	}
	return n, ""
}

func (f *layoutField) readList(e *stanza.Element) (value any, reason string) {
	list, wrong := []any{}, []string(nil)
	for v := range e.ChildTags("value", "") {
		switch s := v.Text(); {
		case s == "":
		case f.typ != dataform.JIDMulti:
			list = append(list, s)
		case prepare(s) != "":
			list = append(list, prepare(s))
		default:
			wrong = append(wrong, "Not a JID: "+s)
		}
	}
	if f.required && len(list) == 0 {
		return nil, valueRequired
	}
	if len(list) == 0 {
		return nil, strings.Join(wrong, "\n")
	}
	if f.typ == dataform.TextMulti {
		return strings.Join(textsOf(list), "\n"), ""
	}
	return list, strings.Join(wrong, "\n")
}
