package main

import (
	muccore "quatrain/plugins/muc_core"
	"quatrain/sdk"
)

// programs are the shipped plugins that exist in Go, by name.
func programs() map[string]func() sdk.Plugin {
	return map[string]func() sdk.Plugin{
		"muc_core": muccore.New,
	}
}
