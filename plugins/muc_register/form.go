package mucregister

import (
	"context"
	"strings"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// roomNick is the field of the nick (XEP-0045 #schemas-register).
const roomNick = "muc#register_roomnick"

// layout is the form: our own fields, and those of other plugins (items "muc-registration-field").
type layout []field

// ownLayout is the form without the fields of other plugins.
func ownLayout() layout {
	return layout{
		ownField(dataform.Field{Var: dataform.FormType, Type: dataform.Hidden, Values: []string{muc.NSRegister}}),
		ownField(dataform.Field{Var: roomNick, Type: dataform.TextSingle, Label: "Nickname", Required: true}),
	}
}

// layoutOf is the form as it is now.
func layoutOf(ctx context.Context, m sdk.Module) (layout, error) {
	l := ownLayout()
	for _, item := range m.Items(muc.ItemRegistrationField) {
		f, err := fieldOf(ctx, item)
		if err != nil {
			return nil, err
		}
		l = append(l, f)
	}
	return l, nil
}

func ownField(f dataform.Field) field { return field{Field: f, name: f.Var} }

func (l layout) form(typ string) *dataform.Form {
	form := &dataform.Form{Type: typ, Fields: make([]dataform.Field, len(l))}
	for i, f := range l {
		form.Fields[i] = f.Field
	}
	return form
}

// blank is the form to be filled in.
func (l layout) blank() *stanza.Element {
	form := l.form(dataform.TypeForm).Element()
	i := 0
	for e := range form.ChildTags("field", "") {
		if v := l[i].validation(); v != nil {
			e.AddChild(v)
		}
		i++
	}
	return form
}

// filled is the form as the account once filled it in; data is what is kept with the affiliation.
func (l layout) filled(nick string, data muc.Data) *stanza.Element {
	form := l.form(dataform.TypeResult)
	for i, f := range l {
		shown := &form.Fields[i]
		shown.Required, shown.Options = false, nil
		if v := data[f.name]; v != nil && f.name != "" {
			shown.Values = f.texts(v)
		}
		if f.name == roomNick {
			shown.Values = []string{nick}
		}
	}
	return form.Element()
}

// read reads a submission, which may be nil: the nick, and all fields by name. The error is what the sender is told.
func (l layout) read(submission *stanza.Element) (nick string, fields map[string]any, err error) {
	submitted, err := dataform.FromElement(submission)
	if err != nil || submitted.FormType() != muc.NSRegister {
		return "", nil, wrong("This is not a registration form")
	}
	if fields, err = l.values(submitted); err != nil {
		return "", nil, wrong("Some fields are missing or wrong")
	}
	wish, _ := fields[roomNick].(string)
	nick, ok := jid.Resourceprep(wish, true)
	switch {
	case !ok:
		return "", nil, wrong("This nickname has characters that are not allowed")
	case strings.Trim(nick, " \t\n\v\f\r") == "":
		return "", nil, wrong("A nickname needs characters that can be seen")
	}
	return nick, fields, nil
}

func wrong(text string) error { return refusal(stanza.Modify, stanza.BadRequest, text) }

// values are the fields as other plugins see them.
func (l layout) values(submitted *dataform.Form) (map[string]any, error) {
	form := l.form(dataform.TypeForm)
	for i := range form.Fields {
		form.Fields[i].Options = nil // they are suggestions
	}
	got, errs := form.Check(submitted)
	if errs != nil {
		return nil, errs
	}
	values := make(map[string]any, len(l))
	for _, f := range l {
		if f.name == "" || !got.Has(f.Var) {
			continue
		}
		v, err := f.value(got[f.Var])
		if err != nil {
			return nil, err
		}
		values[f.name] = v
	}
	return values, nil
}
