package dataform

import (
	"errors"
	"reflect"
	"testing"

	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

func parse(t testing.TB, xml string) *stanza.Element {
	t.Helper()
	e, err := xmlstream.ParseElement([]byte(xml))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestReadAndWrite(t *testing.T) {
	tests := []struct {
		name, xml string
		form      Form
	}{
		{"cancel", `<x xmlns='jabber:x:data' type='cancel'/>`, Form{Type: TypeCancel}},
		{"form", `<x xmlns='jabber:x:data' type='form'><title>Room</title><instructions>Fill in</instructions>` +
			`<field var='FORM_TYPE' type='hidden'><value>urn:room</value></field>` +
			`<field type='fixed'><value>Access</value></field>` +
			`<field var='who' type='list-single' label='Who'><desc>Help</desc>` +
			`<option label='Everybody'><value>all</value></option><option><value>none</value></option><value>all</value><required/></field></x>`,
			Form{Type: TypeForm, Title: "Room", Instructions: []string{"Fill in"}, Fields: []Field{
				{Var: FormType, Type: Hidden, Values: []string{"urn:room"}},
				{Type: Fixed, Values: []string{"Access"}},
				{Var: "who", Type: ListSingle, Label: "Who", Desc: "Help", Required: true, Values: []string{"all"},
					Options: []Option{{"Everybody", "all"}, {"", "none"}}},
			}}},
		{"table", `<x xmlns='jabber:x:data' type='result'><reported><field var='a'/></reported>` +
			`<item><field var='a'><value>1</value></field></item><item><field var='a'><value>2</value></field></item></x>`,
			Form{Type: TypeResult, Reported: []Field{{Var: "a"}},
				Items: [][]Field{{{Var: "a", Values: []string{"1"}}}, {{Var: "a", Values: []string{"2"}}}}}},
		{"media", `<x xmlns='jabber:x:data' type='form'><field var='ocr'><media xmlns='urn:xmpp:media-element' width='80' height='60'>` +
			`<uri type='image/png'>cid:1</uri></media></field></x>`,
			Form{Type: TypeForm, Fields: []Field{{Var: "ocr", Media: &Media{80, 60, []MediaURI{{"image/png", "cid:1"}}}}}}},
		{"validation", `<x xmlns='jabber:x:data' type='form'><field var='age' type='text-single'>` +
			`<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:integer'><range min='0' max='9'/></validate></field></x>`,
			Form{Type: TypeForm, Fields: []Field{{Var: "age", Type: TextSingle, Validate: &Validation{"xs:integer", "0", "9"}}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := FromElement(parse(t, tt.xml))
			if err != nil || !reflect.DeepEqual(*got, tt.form) {
				t.Errorf("read %+v, %v", got, err)
			}
			if xml := tt.form.Element().String(); xml != tt.xml {
				t.Errorf("wrote %s", xml)
			}
		})
	}
}

func TestFaultyForms(t *testing.T) {
	tests := []struct{ name, xml string }{
		{"namespace", `<x type='form'/>`},
		{"type", `<x xmlns='jabber:x:data' type='query'/>`},
		{"no type", `<x xmlns='jabber:x:data'/>`},
		{"no name", `<x xmlns='jabber:x:data' type='submit'><field/></x>`},
		{"name twice", `<x xmlns='jabber:x:data' type='submit'><field var='a'/><field var='a'/></x>`},
		{"in an item", `<x xmlns='jabber:x:data' type='result'><item><field/></item></x>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := FromElement(parse(t, tt.xml))
			var se *stanza.Error
			if !errors.As(err, &se) || se.Condition != stanza.BadRequest {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	form := New("urn:room", "",
		Bool("open", "", false),
		Field{Var: "name", Type: TextSingle, Required: true},
		Field{Var: "topic", Type: TextSingle},
		Field{Var: "owners", Type: JIDMulti},
		Field{Var: "who", Type: ListSingle, Options: []Option{{"", "all"}, {"", "none"}}},
		Field{Var: "text", Type: TextMulti},
		Field{Type: Fixed, Values: []string{"x"}},
	)
	tests := []struct {
		name   string
		submit [][]string
		values Values
		errs   string
	}{
		{"all", [][]string{{FormType, "urn:room"}, {"open", "true"}, {"name", "n"}, {"owners", "A@b.c", "a@b.c"}, {"who", "none"}, {"text", "1", "2"}},
			Values{FormType: {"urn:room"}, "open": {"1"}, "name": {"n"}, "owners": {"a@b.c"}, "who": {"none"}, "text": {"1", "2"}}, ""},
		{"required", [][]string{{"name", ""}}, Values{}, `field "name": is required`},
		{"emptied", [][]string{{"name", "n"}, {"topic", ""}, {"who", ""}}, Values{"name": {"n"}, "topic": {""}}, ""},
		{"another form", [][]string{{FormType, "urn:other"}, {"name", "n"}}, Values{"name": {"n"}}, `field "FORM_TYPE": belongs to another form`},
		{"faulty values", [][]string{{"name", "n", "m"}, {"open", "yes"}, {"owners", "@"}, {"who", "some"}}, Values{},
			`field "open": is not a boolean; field "name": takes one value; field "owners": is not a valid address; field "who": is not one of the options`},
		{"unknown field", [][]string{{"name", "n"}, {"colour", "red"}}, Values{"name": {"n"}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			submit := &Form{Type: TypeSubmit}
			for _, s := range tt.submit {
				submit.Set(s[0], s[1:]...)
			}
			values, errs := form.Check(submit)
			if !reflect.DeepEqual(values, tt.values) || errs.Error() != tt.errs || (errs == nil) != (tt.errs == "") {
				t.Errorf("got %v, %v", values, errs)
			}
		})
	}
}

func TestTextMultiIsLines(t *testing.T) {
	f := Form{Type: TypeForm, Fields: []Field{{Var: "t", Type: TextMulti, Values: []string{"a\r\nb"}}}}
	got, err := FromElement(f.Element())
	if err != nil || !reflect.DeepEqual(got.Fields[0].Values, []string{"a", "b"}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// What was read can be written, and then reads and writes as the same.
func FuzzForm(f *testing.F) {
	f.Add(`<x xmlns='jabber:x:data' type='form'><field var='a' type='text-multi'><value>1</value><option/><media xmlns='urn:xmpp:media-element'/></field></x>`)
	f.Add(`<x xmlns='jabber:x:data' type='submit'><reported/><item><field var='b'/></item></x>`)
	f.Fuzz(func(t *testing.T, xml string) {
		e, err := xmlstream.ParseElement([]byte(xml))
		if err != nil {
			return
		}
		form, err := FromElement(e)
		if err != nil {
			return
		}
		form.Check(form)
		once := form.Element().String()
		again, err := FromElement(parse(t, once))
		if err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		if twice := again.Element().String(); twice != once {
			t.Errorf("first %s, then %s", once, twice)
		}
	})
}
