package interop

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
)

// Prosody's module says who has which role, and keeps what it is told.
func TestDebianAuthz(t *testing.T) {
	dir, data := t.TempDir(), t.TempDir()
	link(t, dir, "authz_debians_internal=authz_internal")
	options := host.Options{Config: []byte(fmt.Sprintf(`
[global]
plugin_paths = [%q]
admins = ["escalus@localhost"]
authorization = "debians_internal"
modules_enabled = ["tls", "saslauth"]
[host."localhost"]
`, filepath.Join(dir, "modules")))}
	run := func(srv *host.Server, code string) string {
		t.Helper()
		results, err := srv.Console(t.Context(), "test", nil).Run(t.Context(), []byte(`local um = require "core.usermanager"; `+code), "=test")
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(results, " ")
	}
	first := startServerOn(t, data, options, people)
	for code, want := range map[string]string{
		`return um.set_user_role("juliet", "localhost", "prosody:admin").name`:                                     "prosody:admin",
		`return um.get_user_role("romeo", "localhost").name`:                                                       "prosody:registered",
		`return tostring(prosody.hosts.localhost.authz == prosody.hosts.localhost.modules.authz_debians_internal)`: "true",
	} {
		if got := run(first, code); got != want {
			t.Errorf("%s: %s", code, got)
		}
	}
	stopServer(t, first)
	second := startServerOn(t, data, options, nil)
	got := run(second, `return um.get_user_role("juliet", "localhost").name, um.is_admin("juliet@localhost", "localhost"), table.concat(um.get_users_with_role("prosody:admin", "localhost"), ",")`)
	if got != "prosody:admin true escalus,juliet" {
		t.Error(got)
	}
}
