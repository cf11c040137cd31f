package mucregister

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// items is a module that offers fields.
type items struct {
	sdk.Module
	fields []any
}

func (m items) Items(string) []any { return m.fields }

func table(pairs ...any) *sdk.Table {
	fields := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		fields[pairs[i].(string)] = pairs[i+1]
	}
	return sdk.NewTable(nil, fields)
}

// withFields is the form with fields of other plugins, as util.dataforms has them.
func withFields(t testing.TB, fields ...any) layout {
	t.Helper()
	l, err := layoutOf(t.Context(), items{fields: fields})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

var (
	age = table("name", "age", "var", "urn:example:age", "datatype", "xs:integer", "range_min", 1.0, "range_max", 150.0, "label", "Age")
	fan = table("name", "fan", "type", "boolean")
	who = table("name", "who", "type", "list-multi", "options", sdk.NewTable([]any{"Romeo", table("value", "Juliet", "label", "J.", "default", true)}, nil))
)

// submission is a form with these fields; several values are separated by commas.
func submission(pairs ...string) *stanza.Element {
	form := &dataform.Form{Type: dataform.TypeSubmit}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], strings.Split(pairs[i+1], ",")...)
	}
	return form.Element()
}

func TestReadingForms(t *testing.T) {
	const typ = "FORM_TYPE"
	tests := map[string]struct {
		form   *stanza.Element
		nick   string
		fields map[string]any // without FORM_TYPE and nick
		want   string         // what the sender is told
	}{
		"a nick":                {form: submission(typ, muc.NSRegister, roomNick, "Romeo"), nick: "Romeo"},
		"a nick to be prepared": {form: submission(typ, muc.NSRegister, roomNick, "Ro\u00admeo"), nick: "Romeo"},
		"no form":               {want: "This is not a registration form"},
		"no form type":          {form: submission(roomNick, "Romeo"), want: "This is not a registration form"},
		"another form":          {form: submission(typ, muc.NSRoomConfig, roomNick, "Romeo"), want: "This is not a registration form"},
		"no nick":               {form: submission(typ, muc.NSRegister), want: "Some fields are missing or wrong"},
		"an empty nick":         {form: submission(typ, muc.NSRegister, roomNick, ""), want: "Some fields are missing or wrong"},
		"a blank nick":          {form: submission(typ, muc.NSRegister, roomNick, " \u00a0"), want: "A nickname needs characters that can be seen"},
		"an impossible nick":    {form: submission(typ, muc.NSRegister, roomNick, "Ro\u0007meo"), want: "This nickname has characters that are not allowed"},
		"other plugins' fields": {form: submission(typ, muc.NSRegister, roomNick, "Romeo", "urn:example:age", "16", "fan", "true", "who", "Juliet,Nurse"),
			nick: "Romeo", fields: map[string]any{"age": 16.0, "fan": true, "who": []any{"Juliet", "Nurse"}}},
		"a number out of range": {form: submission(typ, muc.NSRegister, roomNick, "Romeo", "urn:example:age", "0"), want: "Some fields are missing or wrong"},
		"no number":             {form: submission(typ, muc.NSRegister, roomNick, "Romeo", "urn:example:age", "old"), want: "Some fields are missing or wrong"},
		"unknown fields":        {form: submission(typ, muc.NSRegister, roomNick, "Romeo", "x", "y"), nick: "Romeo"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			nick, fields, err := withFields(t, age, fan, who).read(test.form)
			var told *stanza.Error
			if errors.As(err, &told) {
				if told.Text != test.want || told.Type != stanza.Modify || told.Condition != stanza.BadRequest {
					t.Errorf("told %v, want %q", told, test.want)
				}
				return
			}
			delete(fields, typ)
			delete(fields, roomNick)
			if err != nil || test.want != "" || nick != test.nick || len(fields)+len(test.fields) > 0 && !reflect.DeepEqual(fields, test.fields) {
				t.Errorf("%q, %v, %v", nick, fields, err)
			}
		})
	}
}

func xml(e *stanza.Element) string { return string(e.AppendXML(nil, dataform.NS)) }

func TestForms(t *testing.T) {
	const formType = "<field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#register</value></field>"
	tests := map[string]struct {
		form *stanza.Element
		want string
	}{
		"blank": {withFields(t).blank(),
			"<x type='form'>" + formType + "<field var='muc#register_roomnick' type='text-single' label='Nickname'><required/></field></x>"},
		"filled": {withFields(t).filled("Romeo", nil),
			"<x type='result'>" + formType + "<field var='muc#register_roomnick' type='text-single' label='Nickname'><value>Romeo</value></field></x>"},
		"with fields": {withFields(t, age, who).blank(),
			"<x type='form'>" + formType + "<field var='muc#register_roomnick' type='text-single' label='Nickname'><required/></field>" +
				"<field var='urn:example:age' type='text-single' label='Age'>" +
				"<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:integer'><range min='1' max='150'/></validate></field>" +
				"<field var='who' type='list-multi'><option label='Romeo'><value>Romeo</value></option><option label='J.'><value>Juliet</value></option><value>Juliet</value></field></x>"},
		"filled with fields": {withFields(t, age, fan, who).filled("Romeo", muc.Data{"age": 16.0, "fan": true, "who": []any{"Romeo"}}),
			"<x type='result'>" + formType + "<field var='muc#register_roomnick' type='text-single' label='Nickname'><value>Romeo</value></field>" +
				"<field var='urn:example:age' type='text-single' label='Age'><value>16</value></field>" +
				"<field var='fan' type='boolean'><value>1</value></field><field var='who' type='list-multi'><value>Romeo</value></field></x>"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := xml(test.form); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Items come from anybody.
func TestOddFields(t *testing.T) {
	if _, err := layoutOf(t.Context(), items{fields: []any{"text"}}); err == nil {
		t.Error("a text is no field")
	}
	l := withFields(t, map[string]any{"type": "fixed", "value": "About you"}, map[string]any{})
	if _, fields, err := l.read(submission("FORM_TYPE", muc.NSRegister, roomNick, "Romeo")); err != nil || len(fields) != 2 {
		t.Errorf("%v, %v", fields, err)
	}
}

// Whatever is submitted, what is taken for a nick is one, and means the same when it is submitted again.
func FuzzReading(f *testing.F) {
	for _, nick := range []string{"Romeo", " Romeo ", "", " ", "\u00adRomeo", "Ro\u0007meo", "Ὀδυσσεύς", "ﬃ", "ᏚᎢᎵᎬᎢᎬ", "\u200b", "a\u0300"} {
		f.Add(nick, "16")
	}
	f.Fuzz(func(t *testing.T, wish, number string) {
		l := withFields(t, age)
		nick, fields, err := l.read(submission("FORM_TYPE", muc.NSRegister, roomNick, wish, "urn:example:age", number))
		if err != nil {
			return
		}
		if n, _ := fields["age"].(float64); strings.TrimSpace(nick) == "" && strings.Trim(nick, " \t\n\v\f\r") == "" || n < 1 || n > 150 {
			t.Errorf("%q, %v", nick, fields)
		}
		again, _, err := l.read(submission("FORM_TYPE", muc.NSRegister, roomNick, nick))
		if !strings.Contains(nick, ",") && (err != nil || again != nick) {
			t.Errorf("%q becomes %q: %v", nick, again, err)
		}
	})
}
