package muc

import (
	"context"

	"quatrain/sdk"
)

// ItemRegistrationField is the key of items that are one more field of the form for registration with a room: a table as util.dataforms has
// it (name, var, type, label, desc, required, value, options, datatype). FieldItem makes one.
const ItemRegistrationField = "muc-registration-field"

// RegistrationSubmitted is fired by muc_register when a registration is about to be stored. Handlers may add to the AffiliationData; results mean
// nothing.
type RegistrationSubmitted struct{ RoomEvent }

func (RegistrationSubmitted) EventName() string { return "muc-registration-submitted" }

// SubmittedData are the fields of the form by name: see ConfigSubmitted.Fields.
func (e RegistrationSubmitted) SubmittedData(ctx context.Context) (map[string]any, error) {
	return table(ctx, e.Get("submitted_data"))
}

// AffiliationData is what is going to be kept with the affiliation. It is a copy; see Keep.
func (e RegistrationSubmitted) AffiliationData(ctx context.Context) (Data, error) {
	return table(ctx, e.Get("affiliation_data"))
}

// Keep adds a value to it.
func (e RegistrationSubmitted) Keep(ctx context.Context, key string, value any) error {
	return sdk.SetField(ctx, e.Get("affiliation_data"), key, value)
}
