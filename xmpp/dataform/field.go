package dataform

import (
	"strconv"

	"quatrain/xmpp/stanza"
)

// Types of fields (XEP-0004 #protocol-fieldtypes).
const (
	Boolean     = "boolean"
	Fixed       = "fixed"
	Hidden      = "hidden"
	JIDMulti    = "jid-multi"
	JIDSingle   = "jid-single"
	ListMulti   = "list-multi"
	ListSingle  = "list-single"
	TextMulti   = "text-multi"
	TextPrivate = "text-private"
	TextSingle  = "text-single"
)

// Field is one field. In a submitted form only Var and Values matter; Type may be "" there, which reads as text-single.
type Field struct {
	Var      string // name, unique in the form; "" only for fixed fields
	Type     string
	Label    string
	Desc     string // help
	Required bool
	Options  []Option    // what a list field lets choose
	Values   []string    // of a text-multi field the lines
	Media    *Media      // may be nil
	Validate *Validation // may be nil
}

// Validation says what the values of a field look like (XEP-0122). Bounds are written as values are, "" for none.
type Validation struct {
	Datatype string // such as xs:integer
	Min, Max string
}

// Option is one choice of a list field.
type Option struct {
	Label, Value string
}

// Media is a picture or sound shown with a field (XEP-0221). Sizes are pixels, 0 if unknown.
type Media struct {
	Width, Height int
	URIs          []MediaURI
}

// MediaURI is one form in which a Media is to be had, Type being its MIME type.
type MediaURI struct {
	Type, URI string
}

// Bool makes a boolean field with a value.
func Bool(name, label string, value bool) Field {
	v := "0"
	if value {
		v = "1"
	}
	return Field{Var: name, Type: Boolean, Label: label, Values: []string{v}}
}

// Text makes a text-single field; value "" is none.
func Text(name, label, value string) Field {
	f := Field{Var: name, Type: TextSingle, Label: label}
	if value != "" {
		f.Values = []string{value}
	}
	return f
}

// element has its children in the order in which Lua modules write them.
func (f *Field) element() *stanza.Element {
	e := stanza.New("field", "")
	setAttr(e, "var", f.Var)
	setAttr(e, "type", f.Type)
	setAttr(e, "label", f.Label)
	if f.Desc != "" {
		e.TextTag("desc", "", f.Desc)
	}
	if f.Validate != nil {
		e.AddChild(f.Validate.element())
	}
	for _, o := range f.Options {
		opt := stanza.New("option", "")
		setAttr(opt, "label", o.Label)
		e.AddChild(opt.TextTag("value", "", o.Value))
	}
	values := f.Values
	if f.Type == TextMulti {
		values = lines(values)
	}
	for _, v := range values {
		e.TextTag("value", "", v)
	}
	if f.Media != nil {
		e.AddChild(f.Media.element())
	}
	if f.Required {
		e.AddChild(stanza.New("required", ""))
	}
	return e
}

func (v *Validation) element() *stanza.Element {
	e := stanza.New("validate", NSValidate, "datatype", v.Datatype)
	if v.Min != "" || v.Max != "" {
		bounds := stanza.New("range", "")
		setAttr(bounds, "min", v.Min)
		setAttr(bounds, "max", v.Max)
		e.AddChild(bounds)
	}
	return e
}

func (m *Media) element() *stanza.Element {
	e := stanza.New("media", NSMedia)
	if m.Width > 0 {
		e.SetAttr("width", strconv.Itoa(m.Width))
	}
	if m.Height > 0 {
		e.SetAttr("height", strconv.Itoa(m.Height))
	}
	for _, u := range m.URIs {
		e.TextTag("uri", "", u.URI, "type", u.Type)
	}
	return e
}

func setAttr(e *stanza.Element, name, value string) {
	if value != "" {
		e.SetAttr(name, value)
	}
}
