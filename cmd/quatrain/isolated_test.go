package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/spec"
)

// TestIsolatedRooms plays scripts with the rooms in Lua in a process of their own.
func TestIsolatedRooms(t *testing.T) {
	const folder = "../../plugins/muc_core/spec/"
	config, err := os.ReadFile(folder + "plugins.toml")
	if err != nil {
		t.Fatal(err)
	}
	modules, err := filepath.Abs(folder + "modules")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(config), `"modules"`, `"`+filepath.ToSlash(modules)+`"`, 1) + "\n[plugin.muc_core]\nisolate = true\n"
	file := filepath.Join(t.TempDir(), "plugins.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"broadcast_nobody", "groupchat", "join_order", "history", "nick_change", "kick", "destroy", "subject", "config_form"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			complaints := &logbook{}
			p := &program{stdout: complaints, stderr: complaints}
			if err := p.playFile(t.Context(), &specOptions{config: file, timeout: 4 * spec.DefaultTimeout}, folder+name+".scs"); err != nil {
				t.Errorf("%v\n%s", err, complaints.String())
			}
		})
	}
}
