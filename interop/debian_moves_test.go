package interop

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
	"quatrain/spec"
)

// What Debian's modules keep on one server they find on the other, in both directions, with either storage.
func TestDebianModulesChangeServers(t *testing.T) {
	servers := map[string]starter{"Prosody": prosodyWithModules, "Quatrain": quatrainWithModules}
	for _, storage := range []string{"internal", "sql"} {
		for from, before := range servers {
			for to, after := range servers {
				if from == to && to == "Prosody" {
					continue
				}
				t.Run(storage+"/"+from+" to "+to, func(t *testing.T) {
					t.Parallel()
					data := t.TempDir()
					playPart(t, before, data, storage, "testdata/moves/before.scs")
					playPart(t, after, data, storage, "testdata/moves/after.scs")
				})
			}
		}
	}
}

func playPart(t *testing.T, start starter, data, storage, script string) {
	t.Helper()
	address, stop := start(t, data, storage)
	defer stop()
	player := spec.Player{Dial: spec.Only(address), Timeout: 4 * spec.DefaultTimeout, Register: true}
	if err := player.Play(t.Context(), parseScript(t, script)); err != nil {
		t.Fatal(err)
	}
}

const movesConfig = "testdata/moves/plugins.toml"

// database is the file of the storage "sql", in the data directory.
const database = "prosody.sqlite"

func prosodyWithModules(t *testing.T, data, storage string) (address string, stop func()) {
	t.Helper()
	config := readPlugins(t, movesConfig)
	config.Global["storage"] = storage
	config.Global["sql"] = map[string]any{"driver": "SQLite3", "database": database}
	return startProsody(t, data, config.forProsody(movesConfig, "offline"))
}

func quatrainWithModules(t *testing.T, data, storage string) (address string, stop func()) {
	t.Helper()
	text, err := os.ReadFile(movesConfig)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	link(t, dir, debianNames(t, string(text))...)
	lines := "[global]\nplugin_paths = [\"" + filepath.Join(dir, "modules") + "\"]\n"
	if storage == "sql" {
		lines += "sql = { database = \"" + database + "\" }\n"
	} else {
		lines += "default_storage = \"" + storage + "\"\n"
	}
	srv := startServerOn(t, data, host.Options{Config: []byte(strings.Replace(string(text), "[global]\n", lines, 1))}, nil)
	return srv.Addrs()[0].String(), func() { stopServer(t, srv) }
}
