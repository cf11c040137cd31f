package interop

import (
	"os"
	"testing"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
	muccore "quatrain/plugins/muc_core"
	mucregister "quatrain/plugins/muc_register"
	"quatrain/sdk"
	"quatrain/sdk/serve"
)

// programs are the shipped plugins that exist in Go. Each instance runs in a process of its own, as in the program.
var programs = map[string]func() sdk.Plugin{"muc_core": muccore.New, "muc_register": mucregister.New}

// TestMain makes the test binary the program of those plugins.
func TestMain(m *testing.M) {
	serve.InTestMain(func(word, name string) func() sdk.Plugin {
		if word == host.ServeLua {
			return func() sdk.Plugin { return host.NewIsolated(name, plugins.FS, lua.FS) }
		}
		return programs[name]
	})
	os.Exit(m.Run())
}

// runtimes are the forms in which plugins run that have two: all of them in Lua, or all of them in Go.
var runtimes = []string{"lua", "go"}

// forTwins runs a test with either, beside each other.
func forTwins(t *testing.T, f func(t *testing.T, runtime string)) {
	for _, runtime := range runtimes {
		t.Run(runtime, func(t *testing.T) {
			t.Parallel()
			f(t, runtime)
		})
	}
}

// twins is what host.Options says of one of them.
func twins(runtime string) map[string]string {
	of := map[string]string{}
	for name := range programs {
		of[name] = runtime
	}
	return of
}
