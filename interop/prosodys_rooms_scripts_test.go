package interop

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/spec"
	"quatrain/xmpp/jid"
)

// theirRooms are the modules that take the place of ours in the scripts about rooms.
var theirRooms = []string{"muc", "muc_mam", "muc_unique"}

// theirFaults are the lines of Prosody's mod_muc that fail in these scripts, on Prosody itself as well.
var theirFaults = []string{
	"mod_muc.lua:488", "mod_muc.lua:501", "muc.lib.lua:477", "muc.lib.lua:906", "muc.lib.lua:1254", "occupant_id.lib.lua:23",
	"presence_broadcast.lib.lua:72", "register.lib.lua:179", "request.lib.lua:67",
}

// otherwiseHere are the scripts that do not go as on Prosody, and why.
var otherwiseHere = map[string]string{
	"muc_core/shutdown_reload": "the plugin that it reloads is found under our name for it, too",
	"muc_core/voice_outsider":  "a handler fails, which who caused it is told here",
	"muc_mam/archive_expiry":   "goes otherwise in Prosody's internal storage; here, as there, not in the SQLite storage",
}

// TestScriptsOnProsodysRooms plays the scripts about rooms on this server with Prosody's own mod_muc and mod_muc_mam, unchanged. They must go as they
// go on Prosody itself, which the document tells: what passes there passes here, what goes otherwise there does so here.
func TestScriptsOnProsodysRooms(t *testing.T) {
	document := readDifferences(t)
	slots := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for _, file := range protocolScripts(t) {
		name := scriptName(file)
		if !slices.Contains([]string{"muc_core", "muc_register", "muc_mam"}, folderName(file)) {
			continue
		}
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			t.Run(name, func(t *testing.T) {
				differs := document.scripts[name]
				err := playOnTheirRooms(t, file, differs && otherwiseHere[name] == "")
				if same := (err != nil) == differs; same == (otherwiseHere[name] != "") && !document.sometimes[name] {
					t.Errorf("on Prosody it differs from ours: %v; here: %v; %q", differs, err, otherwiseHere[name])
				}
			})
		})
	}
	all.Wait()
}

// playOnTheirRooms plays a script on a server of its own. One that stops is not waited for as long.
func playOnTheirRooms(t *testing.T, file string, stops bool) error {
	script := parseScript(t, file)
	accounts := map[string]string{}
	for _, client := range script.Clients {
		account := jid.MustParse(client.JID)
		accounts[account.Bare().String()] = client.Password
	}
	log := newCritic(t)
	log.faults = theirFaults
	o := host.Options{Config: theirConfigOf(t, configurationFor(t, file)), Serves: hostsOf(t, file), Log: slog.New(log)}
	srv := startServer(t, o, accounts)
	player := spec.Player{Dial: spec.Only(srv.Addrs()[0].String()), Timeout: 20 * time.Second}
	if stops {
		player.Timeout = 2 * time.Second
	}
	return player.Play(t.Context(), script)
}

// theirConfigOf is a plugins.toml with Prosody's rooms instead of ours. Paths in it are relative to its folder.
func theirConfigOf(t *testing.T, file string) []byte {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	link(t, dir, theirRooms...)
	text := strings.Replace(string(src), "[global]\n", fmt.Sprintf("[global]\nallow_registration = true\nplugin_paths = [%q]\n", filepath.Join(dir, "modules")), 1)
	for _, path := range absolute(file, []any{"modules"}) {
		text = strings.Replace(text, "]\nplugin_paths = [\"modules\"]", fmt.Sprintf(", %q]", path), 1)
	}
	return []byte(strings.NewReplacer(`plugin = "muc_core"`, `plugin = "muc"`, `"muc_register", `, "", `"muc_register"`, "").Replace(text))
}
