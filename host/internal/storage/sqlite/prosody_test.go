package sqlite

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

const prosodyConfig = `
run_as_root = true
interfaces = { "127.0.0.1" }
modules_enabled = {}
modules_disabled = { "c2s", "s2s", "posix" }
plugin_paths = { %q }
pidfile = %q
data_path = %q
log = { info = "*console" }
storage = "sql"
sql = { driver = "SQLite3", database = %q }
VirtualHost "verona.lit"
	modules_enabled = { "storage_exchange" }
`

// runProsody lets Prosody do its part of the exchange (testdata) on a database.
func runProsody(t *testing.T, path string) {
	t.Helper()
	program, err := exec.LookPath("prosody")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("needs Debian's prosody and lua-dbi-sqlite3")
	}
	dir := t.TempDir()
	modules, abs := filepath.Abs("testdata")
	config := filepath.Join(dir, "prosody.cfg.lua")
	text := fmt.Sprintf(prosodyConfig, modules, filepath.Join(dir, "pid"), dir, path)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil || abs != nil {
		t.Fatal(err, abs)
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, "-F", "--config", config)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil || bytes.Contains(out.Bytes(), []byte("exchange failed")) {
		t.Fatalf("prosody: %v\n%s", err, &out)
	}
}

// TestProsodysDatabase: a database that Prosody made opens, and everything in it is what Prosody put there.
func TestProsodysDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prosody.sqlite")
	runProsody(t, path)
	d := open(t, path, nil)
	defer d.Close()
	seed := &table{d, "verona.lit", "seed"}
	want := map[string]any{
		"romeo": sdk.Data{
			"text": "x\n\"é", "yes": true, "whole": 1700000000.0, "part": 1.5, "list": []any{"a", []any{"b"}}, "empty": sdk.Data{},
			"mixed": sdk.Data{1.0: "one", 2.0: "two", "x": "y", 5.0: "five", true: "yes"}, 1.0: "first", 2.0: "second", -1.0: "minus",
		},
		"":       sdk.Data{"of": "the host"},
		"juliet": sdk.Data{"k": sdk.Data{"deep": sdk.Data{"n": 1.0}}},
	}
	for user, v := range want {
		if got, err := seed.Get(t.Context(), user); err != nil || !reflect.DeepEqual(got, v) {
			t.Errorf("%q: got %#v, %v", user, got, err)
		}
	}
	log := &archiveStore{d, "verona.lit", "seed_log"}
	found, total, err := log.Find(t.Context(), "romeo", sdk.ArchiveQuery{With: "juliet@verona.lit", After: "id-1", Total: true})
	if err != nil || total != 2 || len(found) != 1 || found[0].ID != "id-3" || !found[0].When.Equal(time.Unix(1700000003, 0)) {
		t.Fatalf("%v, %d, %v", found, total, err)
	}
	inner := found[0].Stanza.Child("forwarded", "urn:xmpp:forward:0").Child("message", stanza.NSClient)
	if found[0].Stanza.ChildText("body", "") != "a < b & 'c'" || inner.ChildText("body", stanza.NSClient) != "inner" {
		t.Errorf("got %s", found[0].Stanza)
	}
	if _, err := log.Append(t.Context(), "romeo", "id-1", stanza.Message("replaced"), time.Time{}, ""); err != nil {
		t.Error(err)
	}
}

// TestOursInProsody: Prosody opens a database of ours, and what it reads there and writes again comes back the same.
func TestOursInProsody(t *testing.T) {
	path := filepath.Join(t.TempDir(), "quatrain.sqlite")
	whole := sdk.Data{
		"text": "é😀\n\t\x01'\"\\", "yes": true, "n": 12345.5, "list": []any{"a", false, []any{}}, "empty": sdk.Data{}, "odd": sdk.Data{"": sdk.Data{0.5: true}},
		"mixed": sdk.Data{1.0: "one", "x": sdk.Data{false: "no", true: "yes"}, 7.0: "seven", "__array": "a", "1": "name"}, 1.0: "first", false: "no", "": "nameless",
	}
	d := open(t, path, nil)
	ours := &table{d, "verona.lit", "ours"}
	for _, user := range []string{"romeo", ""} {
		if err := ours.Set(t.Context(), user, whole); err != nil {
			t.Fatal(err)
		}
	}
	log := &archiveStore{d, "verona.lit", "ours_log"}
	m := stanza.Message("a < b", "to", "juliet@verona.lit").AddChild(stanza.New("x", "urn:x", "a", "'\"&").AddText("t"))
	for n := range 3 {
		if _, err := log.Append(t.Context(), "romeo", fmt.Sprint("id", n), m, time.Unix(int64(1700000000+n), 0), "nurse@verona.lit"); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	runProsody(t, path)
	compareCopies(t, path, whole, m)
}

func compareCopies(t *testing.T, path string, whole sdk.Data, m *stanza.Element) {
	d := open(t, path, nil)
	defer d.Close()
	theirs := &table{d, "verona.lit", "theirs"}
	for _, user := range []string{"romeo", ""} {
		got, err := theirs.Get(t.Context(), user)
		if err != nil || !reflect.DeepEqual(got, any(whole)) {
			t.Errorf("%q: got\n%#v, %v", user, got, err)
		}
	}
	if n, err := theirs.GetKey(t.Context(), "count", "nurse"); n != 3.0 || err != nil {
		t.Errorf("prosody counted %v, %v", n, err)
	}
	found, _, err := (&archiveStore{d, "verona.lit", "theirs_log"}).Find(t.Context(), "romeo", sdk.ArchiveQuery{})
	if err != nil || len(found) != 3 {
		t.Fatal(found, err)
	}
	for n, e := range found {
		if e.ID != fmt.Sprint("id", n) || e.When.Unix() != int64(1700000000+n) || e.With != "nurse@verona.lit" || e.Stanza.String() != m.String() {
			t.Errorf("%+v %s", e, e.Stanza)
		}
	}
}

// TestSchema: both make the same columns and indexes.
func TestSchema(t *testing.T) {
	dir := t.TempDir()
	runProsody(t, filepath.Join(dir, "theirs"))
	open(t, filepath.Join(dir, "ours"), nil).Close()
	var schemas [2][]string
	for i, name := range []string{"theirs", "ours"} {
		schemas[i] = schemaOf(t, filepath.Join(dir, name))
	}
	if len(schemas[0]) < 20 || !slices.Equal(schemas[0], schemas[1]) {
		t.Errorf("theirs %q\nours   %q", schemas[0], schemas[1])
	}
}

func schemaOf(t *testing.T, path string) (lines []string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{
		`SELECT m."name" || ' ' || c."name" || ' ' || c."type" || ' ' || c."notnull" || ' ' || c."pk" FROM sqlite_master m JOIN pragma_table_info(m."name") c
			WHERE m."type"='table' AND m."name" LIKE 'prosody%' ORDER BY 1`,
		`SELECT m."name" || ' ' || i."name" || ' ' || i."unique" || ' ' || group_concat(c."name") FROM sqlite_master m
			JOIN pragma_index_list(m."name") i JOIN pragma_index_info(i."name") c WHERE m."type"='table' GROUP BY m."name", i."name", i."unique" ORDER BY m."name", i."name"`,
	} {
		rows, err := db.QueryContext(t.Context(), q)
		err = eachRow(rows, err, func(scan func(...any) error) error {
			var line string
			err := scan(&line)
			lines = append(lines, line)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return lines
}
