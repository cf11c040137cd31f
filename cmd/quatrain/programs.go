package main

import (
	muccore "quatrain/plugins/muc_core"
	mucregister "quatrain/plugins/muc_register"
	"quatrain/sdk"
)

// programs are the shipped plugins that exist in Go, by name.
func programs() map[string]func() sdk.Plugin {
	return map[string]func() sdk.Plugin{
		"muc_core":     muccore.New,
		"muc_register": mucregister.New,
	}
}
