package storagetest

import (
	"bytes"
	_ "embed" // the module
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

//go:embed prosody/mod_storage_exchange.lua
var exchangeModule []byte

const prosodyConfig = `
run_as_root = true
interfaces = { "127.0.0.1" }
modules_enabled = {}
modules_disabled = { "c2s", "s2s", "posix" }
plugin_paths = { %q }
pidfile = %q
data_path = %q
log = { info = "*console" }
%s
VirtualHost "verona.lit"
	modules_enabled = { "storage_exchange" }
`

// RunProsody lets a real Prosody do its part of the exchange on what storage, the lines of its configuration about that, says; data is
// its data directory. The test is skipped where Debian's prosody is not installed, but not in CI.
func RunProsody(t *testing.T, data, storage string) {
	t.Helper()
	program, err := exec.LookPath("prosody")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("needs Debian's prosody and lua-dbi-sqlite3")
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "prosody.cfg.lua")
	ok(t, os.WriteFile(filepath.Join(dir, "mod_storage_exchange.lua"), exchangeModule, 0o600))
	ok(t, os.WriteFile(config, fmt.Appendf(nil, prosodyConfig, dir, filepath.Join(dir, "pid"), data, storage), 0o600))
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, "-F", "--config", config)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil || bytes.Contains(out.Bytes(), []byte("exchange failed")) || bytes.Contains(out.Bytes(), []byte("Error in SQL")) {
		t.Fatalf("prosody: %v\n%s", err, &out)
	}
}

// FromProsody tests that what Prosody stored is read as what it was.
func FromProsody(t *testing.T, d Driver) {
	defer closing(t, d)
	seed := openKV(t, d, "verona.lit", "seed")
	for user, want := range map[string]any{
		"romeo": sdk.Data{
			"text": "x\n\"é", "yes": true, "whole": 1700000000.0, "part": 1.5, "list": []any{"a", []any{"b"}}, "empty": sdk.Data{},
			"mixed": sdk.Data{1.0: "one", 2.0: "two", "x": "y", 5.0: "five", true: "yes"}, 1.0: "first", 2.0: "second", -1.0: "minus",
		},
		"":       sdk.Data{"of": "the host"},
		"juliet": sdk.Data{"k": sdk.Data{"deep": sdk.Data{"n": 1.0}}},
	} {
		same(t, must[any](t)(seed.Get(t.Context(), user)), want)
	}
	log := openArchive(t, d, "verona.lit", "seed_log")
	found, total, err := log.Find(t.Context(), "romeo", sdk.ArchiveQuery{With: "juliet@verona.lit", After: "id-1", Total: true})
	if err != nil || total != 2 || len(found) != 1 || found[0].ID != "id-3" || !found[0].When.Equal(at(3)) {
		t.Fatalf("%v, %d, %v", found, total, err)
	}
	inner := found[0].Stanza.Child("forwarded", "urn:xmpp:forward:0").Child("message", stanza.NSClient)
	if found[0].Stanza.ChildText("body", "") != "a < b & 'c'" || inner.ChildWithName("body").Text() != "inner" {
		t.Errorf("got %s", found[0].Stanza)
	}
	ok(t, second(log.Append(t.Context(), "romeo", "id-1", stanza.Message("replaced"), time.Time{}, "")))
}

// exchanged is what goes to Prosody and back. Left out is what Prosody does not keep: infinity, and NUL bytes in some databases.
func exchanged() (sdk.Data, *stanza.Element) {
	table := sdk.Data{
		"text": "é😀\n\t\x01'\"\\", "yes": true, "n": 12345.5, "list": []any{"a", false, []any{1.0}}, "empty": sdk.Data{}, "odd": sdk.Data{"": sdk.Data{0.5: true}},
		"mixed": sdk.Data{1.0: "one", "x": sdk.Data{false: "no", true: "yes"}, 7.0: "seven", "__array": "a", "1": "name"}, 1.0: "first", false: "no", "": "nameless",
	}
	return table, stanza.Message("a < b", "to", "juliet@verona.lit").AddChild(stanza.New("x", "urn:x", "a", "'\"&").AddText("t"))
}

// ToProsody stores what ThereAndBack expects after RunProsody.
func ToProsody(t *testing.T, d Driver) {
	defer closing(t, d)
	table, m := exchanged()
	for _, user := range []string{"romeo", ""} {
		ok(t, openKV(t, d, "verona.lit", "ours").Set(t.Context(), user, table))
	}
	log := openArchive(t, d, "verona.lit", "ours_log")
	for n := range 3 {
		ok(t, second(log.Append(t.Context(), "romeo", fmt.Sprint("id", n), m, at(n), "nurse@verona.lit")))
	}
}

// ThereAndBack tests that what ToProsody stored, and Prosody read and stored again, is the same.
func ThereAndBack(t *testing.T, d Driver) {
	defer closing(t, d)
	table, m := exchanged()
	theirs := openKV(t, d, "verona.lit", "theirs")
	for _, user := range []string{"romeo", ""} {
		same(t, must[any](t)(theirs.Get(t.Context(), user)), table)
	}
	same(t, must[any](t)(theirs.GetKey(t.Context(), "count", "nurse")), 3.0)
	found, _, err := openArchive(t, d, "verona.lit", "theirs_log").Find(t.Context(), "romeo", sdk.ArchiveQuery{})
	if err != nil || len(found) != 3 {
		t.Fatal(found, err)
	}
	for n, e := range found {
		if e.ID != fmt.Sprint("id", n) || !e.When.Equal(at(n)) || e.With != "nurse@verona.lit" || e.Stanza.String() != m.String() {
			t.Errorf("%+v %s", e, e.Stanza)
		}
	}
}
