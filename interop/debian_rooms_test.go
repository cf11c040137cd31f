package interop

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"quatrain/host"
)

// roomModule is how one of Debian's modules for rooms is loaded, where it takes more than its name on the rooms' component.
type roomModule struct {
	links   []string // other modules that it needs
	onRooms []string // what is enabled there, instead of it
	onHost  []string // what is enabled on localhost
	options string   // of the rooms' component
	more    string   // other components
}

var roomModules = map[string]roomModule{
	"carbons":        {onHost: []string{"carbons"}},
	"muc_log":        {onRooms: []string{"muc_log", "muc_log_reader"}},
	"muc_moderation": {onRooms: []string{"muc_mam", "muc_moderation"}},
	"muc_rtbl": {
		links:   []string{"pubsub_subscription", "pubsub"},
		onRooms: []string{"muc_rtbl"},
		options: `muc_rtbl_jid = "lists.localhost"`,
		more: `[component."lists.localhost"]
plugin = "pubsub"
autocreate_on_publish = true
autocreate_on_subscribe = true
`},
	"ping_muc":        {links: []string{"track_muc_joins"}, onHost: []string{"ping_muc", "lost_server"}},
	"track_muc_joins": {onHost: []string{"track_muc_joins", "joined_rooms"}},
	"vcard_muc":       {onRooms: []string{"vcard_muc"}, options: `muc_vcard = false`}, // rooms have pictures of their own
}

// Extensions of rooms that nobody here wrote do on our rooms what they are for: each script in testdata/rooms is named after the module
// that it is played with, alone and with all the others; and on Prosody's rooms, too.
func TestDebianRoomModules(t *testing.T) {
	files, err := filepath.Glob("testdata/rooms/*.scs")
	if err != nil || len(files) == 0 {
		t.Fatalf("scripts: %v, %v", files, err)
	}
	var together roomModule
	for _, file := range files {
		module := needsOf(stem(file))
		together.links = append(together.links, module.links...)
		together.onRooms = append(together.onRooms, module.onRooms...)
		together.onHost = append(together.onHost, module.onHost...)
		together.options += module.options + "\n"
		together.more += module.more
	}
	for _, file := range files {
		if stem(file) == "muc_rtbl" {
			continue // private messages of Prosody's rooms do not say who sends them, and the module fails at each
		}
		t.Run("Prosody's/"+stem(file), func(t *testing.T) {
			t.Parallel()
			play(t, roomServer(t, theirs, needsOf(stem(file))), file)
		})
	}
	forTwins(t, func(t *testing.T, runtime string) {
		for _, file := range files {
			t.Run(stem(file), func(t *testing.T) { play(t, roomServer(t, runtime, needsOf(stem(file))), file) })
			t.Run(stem(file)+"/together", func(t *testing.T) { play(t, roomServer(t, runtime, together), file) })
		}
	})
}

func needsOf(name string) roomModule {
	module, known := roomModules[name]
	if !known {
		module.onRooms = []string{name}
	}
	module.links = append(slices.Clone(module.links), name)
	return module
}

// theirs is a third form of rooms beside our two: Prosody's own mod_muc, unchanged.
const theirs = "prosody"

// roomServer is a server with such modules, and with those of ours that look at what they do.
func roomServer(t *testing.T, runtime string, module roomModule) *host.Server {
	t.Helper()
	dir, rooms := t.TempDir(), "muc_core"
	if runtime == theirs {
		module.links, rooms = append(module.links, theirRooms...), "muc"
	}
	link(t, dir, module.links...)
	ours, err := filepath.Abs("testdata/modules")
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf(`
[global]
plugin_paths = [%q, %q]
admins = ["escalus@localhost"]
modules_enabled = ["tls", "saslauth", "roster", "disco", "ping"]
[host."localhost"]
modules_enabled = [%s]
[component."conference.localhost"]
plugin = %q
modules_enabled = [%s]
%s
%s`, filepath.Join(dir, "modules"), ours, quoted(module.onHost), rooms, quoted(module.onRooms), module.options, module.more)
	return startServer(t, host.Options{Config: []byte(config), Runtimes: twins(runtime)}, people)
}

// stem is a script's name: what it is about.
func stem(file string) string {
	return strings.TrimSuffix(filepath.Base(file), ".scs")
}
