package muccore

import (
	"context"
	"reflect"
	"testing"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

func parseForm(t *testing.T, xml string) *stanza.Element {
	t.Helper()
	e, err := xmlstream.ParseElement([]byte("<x xmlns='jabber:x:data' type='submit'>" + xml + "</x>"))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func number(n float64) *float64 { return &n }

var ageLayout = &formLayout{title: "People", instructions: "Fill in", fields: []layoutField{
	{name: "FORM_TYPE", typ: dataform.Hidden, value: "urn:people"},
	{typ: dataform.Fixed, value: "Who"},
	{name: "name", label: "Name", required: true},
	{name: "age", typ: dataform.TextSingle, datatype: "xs:integer", rangeMin: number(0), rangeMax: number(150), value: 30.0},
	{name: "open", typ: dataform.Boolean, value: false},
	{name: "kind", typ: dataform.ListMulti, options: []dataform.Option{{Label: "A", Value: "a"}, {Label: "b", Value: "b"}}, value: []any{"a"}},
	{name: "friends", typ: dataform.JIDMulti},
	{name: "note", typ: dataform.TextMulti, value: "one\ntwo"},
}}

func TestReadForm(t *testing.T) {
	tests := []struct {
		name, xml string
		values    map[string]any
		faults    []formFault
	}{
		{"all", `<field var='name'><value>Romeo</value></field><field var='age'><value> 16 </value></field><field var='open'><value>true</value></field>` +
			`<field var='kind'><value>a</value><value>b</value></field><field var='friends'><value>M@x.lit</value></field>` +
			`<field var='note'><value>one</value><value/><value>two</value></field>`,
			map[string]any{"name": "Romeo", "age": 16.0, "open": true, "kind": []any{"a", "b"}, "friends": []any{"m@x.lit"}, "note": "one\ntwo"}, nil},
		{"missing", ``, map[string]any{}, []formFault{{"name", valueRequired}}},
		{"empty", `<field var='name'><value/></field><field var='age'><value/></field><field var='kind'/>`, map[string]any{}, []formFault{{"name", valueRequired}}},
		{"wrong", `<field var='name'><value>x</value></field><field var='age'><value>1.5</value></field><field var='open'><value>perhaps</value></field>`,
			map[string]any{"name": "x"}, []formFault{{"age", "Not a whole number"}, {"open", "Not a boolean: perhaps"}}},
		{"out of range", `<field var='name'><value>x</value></field><field var='age'><value>151</value></field>`,
			map[string]any{"name": "x"}, []formFault{{"age", "Out of range"}}},
		{"no number", `<field var='name'><value>x</value></field><field var='age'><value>nan</value></field>`,
			map[string]any{"name": "x"}, []formFault{{"age", "Not a whole number"}}},
		{"one wrong of two", `<field var='name'><value>x</value></field><field var='friends'><value>a@b.lit</value><value>@</value></field>`,
			map[string]any{"name": "x", "friends": []any{"a@b.lit"}}, []formFault{{"friends", "Not a JID: @"}}},
		{"twice", `<field var='name'><value>first</value></field><field var='name'><value>second</value></field>`, map[string]any{"name": "first"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ageLayout.data(parseForm(t, tt.xml))
			if !reflect.DeepEqual(got.values, tt.values) || !reflect.DeepEqual(got.faults, tt.faults) {
				t.Errorf("got %v, %v", got.values, got.faults)
			}
		})
	}
}

func TestWriteForm(t *testing.T) {
	const want = `<x xmlns='jabber:x:data' type='result'><title>People</title><instructions>Fill in</instructions>` +
		`<field var='FORM_TYPE' type='hidden'><value>urn:people</value></field><field type='fixed'><value>Who</value></field>` +
		`<field var='name' type='text-single' label='Name'><value>Juliet</value></field><field var='age' type='text-single'><value>13</value></field>` +
		`<field var='open' type='boolean'><value>1</value></field><field var='kind' type='list-multi'><value>a</value></field>` +
		`<field var='friends' type='jid-multi'/><field var='note' type='text-multi'><value>one</value><value>two</value></field></x>`
	values := map[string]any{"name": "Juliet", "age": 13.0, "open": true}
	if got := ageLayout.element(values, dataform.TypeResult).String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// What Lua modules put into a form arrives: tables and plain values alike, options as texts or tables.
func TestReadLayout(t *testing.T) {
	ctx := context.Background()
	form := newFormTable("Title", "", formType("urn:x"))
	field := sdk.NewTable(nil, map[string]any{"name": "kind", "type": "list-single", "value": "a",
		"options": []any{"a", map[string]any{"value": "b", "label": "B"}}})
	if err := form.SetKey(ctx, 2.0, field); err != nil {
		t.Fatal(err)
	}
	got, err := readLayout(ctx, form)
	want := &formLayout{title: "Title", fields: []layoutField{
		{name: "FORM_TYPE", typ: "hidden", value: "urn:x"},
		{name: "kind", typ: "list-single", value: "a", options: []dataform.Option{{Label: "a", Value: "a"}, {Label: "B", Value: "b"}}},
	}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	results, err := form.Call(ctx, "form")
	if e, ok := first(results).(*stanza.Element); err != nil || !ok || e.Type() != dataform.TypeForm {
		t.Errorf("form:form() gives %v, %v", results, err)
	}
}

func TestJoinURI(t *testing.T) {
	for jid, want := range map[string]string{
		"garden@x.lit":      "xmpp:garden@x.lit?join",
		"what?#100%@x.lit":  "xmpp:what%3F%23100%25@x.lit?join",
		"gärten[1]@x.lit":   "xmpp:gärten%5B1%5D@x.lit?join",
		"a\\20b^c`@x.lit":   "xmpp:a%5C20b%5Ec%60@x.lit?join",
		"{curly|bar}@x.lit": "xmpp:%7Bcurly%7Cbar%7D@x.lit?join",
	} {
		if got := joinURI(jid); got != want {
			t.Errorf("%q: got %q, want %q", jid, got, want)
		}
	}
}

func TestShown(t *testing.T) {
	stored := sdk.Data{"list": sdk.Data{1.0: "a", 2.0: true}, "named": sdk.Data{"x": 1.0}, "none": sdk.Data{}}
	want := map[string]any{"list": []any{"a", true}, "named": map[string]any{"x": 1.0}, "none": map[string]any{}}
	if got := shown(stored); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if _, ok := shown(sdk.Data{1.0: "a", "x": "b"}).(*sdk.Table); !ok {
		t.Error("a table with names and numbers is no table")
	}
}
