package muc

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
)

// ConfigForm is fired when the form of a room's configuration is made. Handlers add their fields: those of higher priority come first; the
// rooms' own have 100 to 1. A result is another form.
type ConfigForm struct{ RoomEvent }

func (ConfigForm) EventName() string { return "muc-config-form" }

// Actor is the real JID of who is going to see it.
func (e ConfigForm) Actor() string { return e.String("actor") }

// Add adds a field, with its present value.
func (e ConfigForm) Add(ctx context.Context, f dataform.Field) error {
	return e.addField(ctx, "form", f)
}

// ConfigSubmitted is fired when the form has come back and is in order, before the ConfigField events. All that handlers change with it counts
// together: see Room.ChangeTogether.
type ConfigSubmitted struct{ RoomEvent }

func (ConfigSubmitted) EventName() string { return "muc-config-submitted" }

func (e ConfigSubmitted) Actor() string { return e.String("actor") }

// Fields are the values of the fields by name: bool, string, []any of texts for lists, float64 where the field says so.
func (e ConfigSubmitted) Fields(ctx context.Context) (map[string]any, error) {
	return table(ctx, e.Get("fields"))
}

// AddStatus lets everybody be told a status code, usually StatusConfigChanged.
func (e ConfigSubmitted) AddStatus(ctx context.Context, code Status) error {
	return e.addStatus(ctx, code)
}

// ConfigField is fired for each field that was submitted, in the order of the form. Hook it with OnPart.
type ConfigField struct{ RoomEvent }

func (ConfigField) EventName() string { return "muc-config-submitted" }

func (e ConfigField) Actor() string { return e.String("actor") }

// Field is the field's name, Value its value: see ConfigSubmitted.Fields.
func (e ConfigField) Field() string { return e.String("field") }
func (e ConfigField) Value() any    { return e.Get("value") }

// AddStatus lets everybody be told a status code, usually StatusConfigChanged.
func (e ConfigField) AddStatus(ctx context.Context, code Status) error { return e.addStatus(ctx, code) }

func (e RoomEvent) addStatus(ctx context.Context, code Status) error {
	if o, ok := e.Get("status_codes").(sdk.Object); ok {
		return o.Set(ctx, code.String(), true)
	}
	codes, err := table(ctx, e.Get("status_codes"))
	if err != nil {
		return err
	}
	if codes == nil {
		codes = map[string]any{}
	}
	codes[code.String()] = true
	e.Set("status_codes", codes)
	return nil
}

// addField adds a field to a form that is a value of the event.
func (e RoomEvent) addField(ctx context.Context, name string, f dataform.Field) error {
	form, err := push(ctx, e.Get(name), layoutOf(f))
	if err != nil {
		return err
	}
	if form != nil {
		e.Set(name, form)
	}
	return nil
}
