package dataform

import (
	"fmt"
	"slices"
	"strings"

	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// Values are the fields that were filled in, by name. Booleans are "0" or "1", JIDs prepared; a field left out is not in it.
type Values map[string][]string

// Get is the first value, "" if there is none.
func (v Values) Get(name string) string {
	if len(v[name]) == 0 {
		return ""
	}
	return v[name][0]
}

// Bool is the value of a boolean field, false if it was left out.
func (v Values) Bool(name string) bool { return v.Get(name) == "1" }

// Text is a text-multi field as one text with line ends.
func (v Values) Text(name string) string { return strings.Join(v[name], "\n") }

// Has is whether the field was filled in.
func (v Values) Has(name string) bool { return len(v[name]) > 0 }

// FieldError says what is wrong with one field.
type FieldError struct {
	Var, Reason string
}

func (e FieldError) Error() string { return fmt.Sprintf("field %q: %s", e.Var, e.Reason) }

// Errors are all the faults of a submitted form, in the order of the form that was handed out.
type Errors []FieldError

func (e Errors) Error() string {
	texts := make([]string, len(e))
	for i := range e {
		texts[i] = e[i].Error()
	}
	return strings.Join(texts, "; ")
}

// Stanza is the answer to the sender: modify/not-acceptable, with the faults as text (XEP-0004 #protocol).
func (e Errors) Stanza() *stanza.Error { return stanza.NewError(stanza.NotAcceptable, e.Error()) }

// Check reads a submitted form as an answer to f: each field by its type in f, required ones present, choices among the options. Fields
// that f does not have are ignored. A submission of another FORM_TYPE is a fault of the field FORM_TYPE; one that names none is
// taken. errs is nil if nothing is wrong; the values without a fault are returned in any case.
func (f *Form) Check(submitted *Form) (values Values, errs Errors) {
	values = make(Values)
	for i := range f.Fields {
		want := &f.Fields[i]
		if want.Var == "" || want.Type == Fixed {
			continue
		}
		var got []string
		if fd := submitted.Field(want.Var); fd != nil {
			got = fd.Values
		}
		got, reason := want.check(got)
		if reason != "" {
			errs = append(errs, FieldError{want.Var, reason})
		} else if len(got) > 0 {
			values[want.Var] = got
		}
	}
	return values, errs
}

// check reads the values of one field; reason is "" if they are in order.
func (f *Field) check(got []string) (values []string, reason string) {
	if f.Type != TextMulti && f.Type != ListMulti && f.Type != JIDMulti && f.Type != Hidden && len(got) > 1 {
		return nil, "takes one value"
	}
	if f.isEmpty(got) {
		if f.Required {
			return nil, "is required"
		}
		return f.emptyValue(got), ""
	}
	switch f.Type {
	case Boolean:
		return checkBoolean(got[0])
	case JIDSingle, JIDMulti:
		return checkJIDs(got)
	case ListSingle, ListMulti:
		return f.checkOptions(got)
	case Hidden:
		if f.Var == FormType && !slices.Equal(got, f.Values) {
			return nil, "belongs to another form"
		}
	case TextMulti:
		got = lines(got)
	}
	return got, ""
}

func (f *Field) isEmpty(got []string) bool {
	return len(got) == 0 || len(got) == 1 && got[0] == ""
}

// emptyValue tells a text that was emptied from one that was left out.
func (f *Field) emptyValue(got []string) []string {
	switch f.Type {
	case TextSingle, TextPrivate, TextMulti, Hidden, "":
		return got
	}
	return nil
}

func checkBoolean(s string) ([]string, string) {
	switch s {
	case "1", "true":
		return []string{"1"}, ""
	case "0", "false":
		return []string{"0"}, ""
	}
	return nil, "is not a boolean"
}

func checkJIDs(got []string) ([]string, string) {
	out := make([]string, 0, len(got))
	for _, s := range got {
		j, err := jid.Parse(s)
		if err != nil {
			return nil, "is not a valid address"
		}
		if !slices.Contains(out, j.String()) {
			out = append(out, j.String())
		}
	}
	return out, ""
}

// checkOptions accepts anything where no options are given.
func (f *Field) checkOptions(got []string) ([]string, string) {
	for _, s := range got {
		if len(f.Options) > 0 && !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == s }) {
			return nil, "is not one of the options"
		}
	}
	return got, ""
}

var _ error = Errors(nil)
