package muc

import (
	"quatrain/sdk"
	"quatrain/xmpp/dataform"
)

// FieldItem is a field as an item for sdk.Module.AddItem, such as ItemRegistrationField.
func FieldItem(f dataform.Field) sdk.Object { return sdk.NewTable(nil, layoutOf(f)) }
