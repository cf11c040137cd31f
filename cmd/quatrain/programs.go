package main

import (
	mucregister "quatrain/plugins/muc_register"
	"quatrain/sdk"
)

// programs are the shipped plugins that exist in Go, by name.
func programs() map[string]func() sdk.Plugin {
	return map[string]func() sdk.Plugin{
		"muc_register": mucregister.New,
	}
}
