package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite" of database/sql
)

// storeFault makes the writes of rooms fail, until mend is called.
type storeFault func(t *testing.T, i *installation) (mend func())

// storeFaults are by storage driver.
var storeFaults = map[string]storeFault{"sqlite": triggers, "internal": directories}

// TestStorageThatFails: who asked for a change is told that it failed, and the old state is what everybody sees, then and after a restart.
func TestStorageThatFails(t *testing.T) { onTwins(t, testStorageThatFails) }

func testStorageThatFails(t *testing.T, runtime string) {
	for driver, breakStores := range storeFaults {
		t.Run(driver, func(t *testing.T) {
			t.Parallel()
			i := install(t, testConfig(t, "testdata/failing/plugins.toml", "DRIVER", driver)+runtime)
			p := i.start(t)
			p.play(t, "testdata/failing/before.scs", nil)
			for _, what := range []string{
				"config", "persistent_off", "subject", "affiliation", "registration", "destroy", "avatar", "archive", "creation", "eviction",
			} {
				mend := breakStores(t, i)
				p.play(t, "testdata/failing/"+what+".scs", nil)
				mend()
				p.play(t, "testdata/failing/after.scs", nil)
			}
			p.stop()
			i.start(t).play(t, "testdata/failing/after.scs", nil)
		})
	}
}

// testConfig reads a configuration in which MODULES stands for testdata/modules, and other words for what the pairs say.
func testConfig(t *testing.T, file string, pairs ...string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	modules, err := filepath.Abs("testdata/modules")
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(append(pairs, "MODULES", modules)...).Replace(string(text))
}

// execute changes the database behind the server's back.
func (i *installation) execute(t *testing.T, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(i.data, "quatrain.sqlite")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// triggers refuse every change in SQLite's tables.
func triggers(t *testing.T, i *installation) (mend func()) {
	i.execute(t,
		`CREATE TRIGGER fault_new BEFORE INSERT ON "prosody" WHEN NEW."host"<>'localhost' BEGIN SELECT RAISE(ABORT, 'on purpose'); END`,
		`CREATE TRIGGER fault_change BEFORE UPDATE ON "prosody" WHEN NEW."host"<>'localhost' BEGIN SELECT RAISE(ABORT, 'on purpose'); END`,
		`CREATE TRIGGER fault_old BEFORE DELETE ON "prosody" WHEN OLD."host"<>'localhost' BEGIN SELECT RAISE(ABORT, 'on purpose'); END`,
		`CREATE TRIGGER fault_log BEFORE INSERT ON "prosodyarchive" BEGIN SELECT RAISE(ABORT, 'on purpose'); END`,
	)
	return func() {
		i.execute(t, `DROP TRIGGER fault_new`, `DROP TRIGGER fault_change`, `DROP TRIGGER fault_old`, `DROP TRIGGER fault_log`)
	}
}

// directories stand where files have to be written, or in which files have to be deleted.
func directories(t *testing.T, i *installation) (mend func()) {
	var made []string
	for _, name := range []string{
		"conference%2elocalhost/config/garden.dat~", "conference%2elocalhost/config/new.dat~", "conference%2elocalhost/persistent.dat~",
		"conference%2elocalhost/vcard_muc/garden.dat~", "conference%2elocalhost/muc_log/garden.list~",
		"tiny%2elocalhost/config/one.dat~", "tiny%2elocalhost/persistent.dat~", "keeping%2elocalhost/config/foyer.dat~", "keeping%2elocalhost/config/made.dat~",
	} {
		dir := filepath.Join(i.data, name)
		if err := os.MkdirAll(filepath.Join(dir, "in_the_way"), 0o700); err != nil {
			t.Fatal(err)
		}
		made = append(made, dir)
	}
	record := filepath.Join(i.data, "conference%2elocalhost/config/garden.dat")
	if err := os.Rename(record, record+".aside"); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(record, "in_the_way"), 0o700); err != nil {
		t.Fatal(err)
	}
	return func() {
		for _, dir := range append(made, record) {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Rename(record+".aside", record); err != nil {
			t.Fatal(err)
		}
	}
}
