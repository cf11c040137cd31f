package interop

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
)

const noModules = `modules_enabled = []`

// What Debian's modules for rooms are loaded with, where it takes more than the module on the rooms' component.
var roomModules = map[string]struct {
	links   []string // modules of others that it needs
	onHost  []string // what is enabled on localhost
	options string   // of the rooms' component
	more    string   // configuration of other components, loaded before it
}{
	"muc_log":        {options: `modules_enabled = ["muc_log", "muc_log_reader"]`},
	"muc_moderation": {options: `modules_enabled = ["muc_mam", "muc_moderation"]`},
	"muc_rtbl": {
		links:   []string{"pubsub_subscription", "pubsub"},
		options: `muc_rtbl_jid = "lists.localhost"`,
		more: `[component."lists.localhost"]
plugin = "pubsub"
autocreate_on_publish = true
autocreate_on_subscribe = true
`},
	"ping_muc":        {links: []string{"track_muc_joins"}, onHost: []string{"ping_muc", "lost_server"}, options: noModules},
	"track_muc_joins": {onHost: []string{"track_muc_joins", "joined_rooms"}, options: noModules},
	"vcard_muc":       {options: `muc_vcard = false`}, // rooms have pictures of their own
}

// Extensions of rooms that nobody here wrote do on our rooms what they are for: each script in testdata/rooms is named after the module
// that it is played with.
func TestDebianRoomModules(t *testing.T) {
	files, err := filepath.Glob("testdata/rooms/*.scs")
	if err != nil || len(files) == 0 {
		t.Fatalf("scripts: %v, %v", files, err)
	}
	for _, file := range files {
		module := strings.TrimSuffix(filepath.Base(file), ".scs")
		t.Run(module, func(t *testing.T) {
			play(t, roomServer(t, module), file)
		})
	}
}

// roomServer is a server whose rooms have one of Debian's modules.
func roomServer(t *testing.T, module string) *host.Server {
	t.Helper()
	dir := t.TempDir()
	needs := roomModules[module]
	link(t, dir, append(needs.links, module)...)
	ours, err := filepath.Abs("testdata/modules")
	if err != nil {
		t.Fatal(err)
	}
	options := needs.options
	if !strings.Contains(options, "modules_enabled") {
		options += fmt.Sprintf("\nmodules_enabled = [%q]", module)
	}
	config := fmt.Sprintf(`
[global]
plugin_paths = [%q, %q]
admins = ["escalus@localhost"]
modules_enabled = ["tls", "saslauth", "roster", "disco", "ping"]
[host."localhost"]
modules_enabled = [%s]
%s
[component."conference.localhost"]
plugin = "muc_core"
%s`, filepath.Join(dir, "modules"), ours, quoted(needs.onHost), needs.more, options)
	return startServer(t, host.Options{Config: []byte(config)}, people)
}
