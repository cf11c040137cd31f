package dataform

import (
	"fmt"
	"slices"
	"strconv"

	"quatrain/xmpp/stanza"
)

// FromElement reads a form. The error, if any, is a *stanza.Error modify/bad-request that says what is wrong.
func FromElement(e *stanza.Element) (*Form, error) {
	if e == nil || e.Name != "x" || e.NS() != NS {
		return nil, bad("no data form")
	}
	f := &Form{Type: e.Attr("type"), Title: e.ChildText("title", NS)}
	if !slices.Contains([]string{TypeForm, TypeSubmit, TypeCancel, TypeResult}, f.Type) {
		return nil, bad("a data form of type %q", f.Type)
	}
	for c := range e.ChildTags("instructions", NS) {
		f.Instructions = append(f.Instructions, c.Text())
	}
	var err error
	if f.Fields, err = fieldsOf(e); err != nil {
		return nil, err
	}
	if r := e.Child("reported", NS); r != nil {
		if f.Reported, err = fieldsOf(r); err != nil {
			return nil, err
		}
	}
	for c := range e.ChildTags("item", NS) {
		item, err := fieldsOf(c)
		if err != nil {
			return nil, err
		}
		f.Items = append(f.Items, item)
	}
	return f, nil
}

func bad(format string, args ...any) error {
	return stanza.NewError(stanza.BadRequest, fmt.Sprintf(format, args...))
}

// fieldsOf reads the fields among the children of e. A name may occur once.
func fieldsOf(e *stanza.Element) ([]Field, error) {
	var fields []Field
	seen := make(map[string]bool)
	for c := range e.ChildTags("field", NS) {
		f := Field{Var: c.Attr("var"), Type: c.Attr("type"), Label: c.Attr("label"), Desc: c.ChildText("desc", NS)}
		switch {
		case f.Var == "" && f.Type != Fixed:
			return nil, bad("a field without a name")
		case f.Var != "" && seen[f.Var]:
			return nil, bad("field %q occurs twice", f.Var)
		}
		seen[f.Var] = true
		f.Required = c.Child("required", NS) != nil
		for v := range c.ChildTags("value", NS) {
			f.Values = append(f.Values, v.Text())
		}
		for o := range c.ChildTags("option", NS) {
			f.Options = append(f.Options, Option{o.Attr("label"), o.ChildText("value", NS)})
		}
		f.Media = mediaOf(c.Child("media", NSMedia))
		f.Validate = validationOf(c.Child("validate", NSValidate))
		fields = append(fields, f)
	}
	return fields, nil
}

func mediaOf(e *stanza.Element) *Media {
	if e == nil {
		return nil
	}
	m := &Media{Width: size(e.Attr("width")), Height: size(e.Attr("height"))}
	for u := range e.ChildTags("uri", NSMedia) {
		m.URIs = append(m.URIs, MediaURI{u.Attr("type"), u.Text()})
	}
	return m
}

func validationOf(e *stanza.Element) *Validation {
	if e == nil {
		return nil
	}
	return &Validation{
		Datatype: e.Attr("datatype"),
		Min:      e.ChildAttr("range", NSValidate, "min"),
		Max:      e.ChildAttr("range", NSValidate, "max"),
	}
}

func size(s string) int {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0
	}
	return int(n)
}
