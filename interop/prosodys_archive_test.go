package interop

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"quatrain/host"
)

const archiveScripts = "../plugins/muc_mam/spec"

// What Prosody's archive does in another way than ours, each of which docs/compatibility.md explains.
var otherArchive = []string{
	"archive_filter_more", "archive_form", "archive_history_gap", "archive_leftover", "archive_metadata", "archive_password", "archive_tombstone",
	"stanza_id_private",
}

// Prosody's archive of rooms, as it is, on our rooms: it goes through the scripts of ours.
func TestProsodysArchive(t *testing.T) {
	scripts, err := filepath.Glob(archiveScripts + "/*.scs")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("scripts: %v, %v", scripts, err)
	}
	accounts := maps.Clone(people)
	maps.Copy(accounts, map[string]string{"user@localhost": "password", "user2@localhost": "password", "user3@localhost": "password"})
	for _, script := range scripts {
		name := stem(script)
		if slices.Contains(otherArchive, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			forTwins(t, func(t *testing.T, runtime string) {
				o := host.Options{ConfigFile: archiveConfig(t), Serves: hostsOf(t, script), Runtimes: twins(runtime)}
				play(t, startServer(t, o, accounts), script)
			})
		})
	}
}

// hostsOf are those that a script needs: the configuration has some more, with processes that take time to start.
func hostsOf(t *testing.T, script string) func(host string) bool {
	t.Helper()
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	return func(host string) bool { return host == "localhost" || bytes.Contains(text, []byte(host)) }
}

// archiveConfig is the file beside the scripts, with Prosody's module in the folder that it names.
func archiveConfig(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	link(t, dir, "muc_mam")
	helper, err := filepath.Abs(archiveScripts + "/modules/mod_muc_mam_age.lua")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(helper, filepath.Join(dir, "modules", filepath.Base(helper))); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(archiveScripts + "/plugins.toml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "plugins.toml")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
