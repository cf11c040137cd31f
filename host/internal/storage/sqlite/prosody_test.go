package sqlite

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"quatrain/host/internal/storage/storagetest"
)

// runProsody lets Prosody do its part of the exchange on a database.
func runProsody(t *testing.T, path string) {
	t.Helper()
	storagetest.RunProsody(t, t.TempDir(), fmt.Sprintf("storage = %q\nsql = { driver = %q, database = %q }\n", "sql", "SQLite3", path))
}

// TestProsodysDatabase: a database that Prosody made opens, and everything in it is what Prosody put there.
func TestProsodysDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prosody.sqlite")
	runProsody(t, path)
	storagetest.FromProsody(t, open(t, path, nil))
}

// TestOursInProsody: Prosody opens a database of ours, and what it reads there and writes again comes back the same.
func TestOursInProsody(t *testing.T) {
	path := filepath.Join(t.TempDir(), "quatrain.sqlite")
	storagetest.ToProsody(t, open(t, path, nil))
	runProsody(t, path)
	storagetest.ThereAndBack(t, open(t, path, nil))
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
