// Package dataform is data forms (XEP-0004), with media in fields (XEP-0221) and what their values look like (XEP-0122): reading and
// writing them, and checking what was filled in against the form that was handed out. Types and options of fields are all that is checked.
package dataform

import (
	"strings"

	"quatrain/xmpp/stanza"
)

const (
	NS         = "jabber:x:data"
	NSMedia    = "urn:xmpp:media-element"
	NSValidate = "http://jabber.org/protocol/xdata-validate"
	// FormType is the hidden field whose value says what the form is about (XEP-0068).
	FormType = "FORM_TYPE"
)

// Types of forms (XEP-0004 #protocol-formtypes).
const (
	TypeForm   = "form"   // to be filled in
	TypeSubmit = "submit" // filled in
	TypeCancel = "cancel" // given up
	TypeResult = "result" // something to be read
)

// Form is a data form. Reported and Items make up a table in a result; they are usually empty.
type Form struct {
	Type         string
	Title        string
	Instructions []string // paragraphs
	Fields       []Field
	Reported     []Field
	Items        [][]Field
}

// New makes a form to be filled in, for the given FORM_TYPE unless that is "".
func New(formType, title string, fields ...Field) *Form {
	f := &Form{Type: TypeForm, Title: title}
	if formType != "" {
		f.Fields = append(f.Fields, Field{Var: FormType, Type: Hidden, Values: []string{formType}})
	}
	f.Fields = append(f.Fields, fields...)
	return f
}

// Field is the field of that name, nil if there is none. It may be changed.
func (f *Form) Field(name string) *Field {
	for i := range f.Fields {
		if f.Fields[i].Var == name {
			return &f.Fields[i]
		}
	}
	return nil
}

// FormType is what the form is about, "" if it does not say (XEP-0068).
func (f *Form) FormType() string { return f.Value(FormType) }

// Value is the first value of a field, "" if it has none.
func (f *Form) Value(name string) string {
	if fd := f.Field(name); fd != nil && len(fd.Values) > 0 {
		return fd.Values[0]
	}
	return ""
}

// Set gives a field its values and adds it if it is not there.
func (f *Form) Set(name string, values ...string) {
	if fd := f.Field(name); fd != nil {
		fd.Values = values
		return
	}
	f.Fields = append(f.Fields, Field{Var: name, Values: values})
}

// Element is the form as <x xmlns='jabber:x:data'/>.
func (f *Form) Element() *stanza.Element {
	x := stanza.New("x", NS, "type", f.Type)
	if f.Title != "" {
		x.TextTag("title", "", f.Title)
	}
	for _, s := range f.Instructions {
		x.TextTag("instructions", "", s)
	}
	if len(f.Reported) > 0 {
		x.AddChild(row("reported", f.Reported))
	}
	for i := range f.Fields {
		x.AddChild(f.Fields[i].element())
	}
	for _, item := range f.Items {
		x.AddChild(row("item", item))
	}
	return spellOut(x)
}

func row(name string, fields []Field) *stanza.Element {
	e := stanza.New(name, "")
	for i := range fields {
		e.AddChild(fields[i].element())
	}
	return e
}

// spellOut gives the descendants the xmlns attribute that parsed elements have, so that both are found in the same way.
func spellOut(e *stanza.Element) *stanza.Element {
	for _, c := range e.Tags {
		if c.NS() == "" {
			c.Attrs = append([]stanza.Attr{{Name: "xmlns", Value: e.NS()}}, c.Attrs...)
		}
		spellOut(c)
	}
	return e
}

// lines are the values of a text-multi field: one a line (XEP-0004 #protocol-fieldtypes).
func lines(values []string) []string {
	var out []string
	for _, v := range values {
		for s := range strings.SplitSeq(v, "\n") {
			out = append(out, strings.TrimSuffix(s, "\r"))
		}
	}
	return out
}
