package sqlite

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"quatrain/sdk"
)

// rowsWith are the rows of the user in the file, by key, each with what identifies it.
func rowsWith(t *testing.T, db *sql.DB) (ids map[string]int64, count int) {
	t.Helper()
	ids = map[string]int64{}
	rows, err := db.QueryContext(t.Context(), `SELECT rowid, "key" FROM "prosody" WHERE "user"='room'`)
	err = eachRow(rows, err, func(scan func(...any) error) error {
		var id int64
		var key string
		err := scan(&id, &key)
		ids[key] = id
		count++
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids, count
}

// Set writes what differs: other rows stay the same ones. Where a key stands twice, which the schema allows, all are written anew.
func TestSetWritesDifferences(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.sqlite")
	d := open(t, path, nil)
	store := &table{d, "a.example", "config"}
	set := func(data sdk.Data) {
		t.Helper()
		if err := store.Set(context.Background(), "room", data); err != nil { // no chain: it waits for the commit
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	set(sdk.Data{"kept": "a", "changed": "b", "gone": "c"})
	if _, err := db.ExecContext(t.Context(), `UPDATE "prosody" SET rowid=1000 WHERE "key"='kept'`); err != nil {
		t.Fatal(err)
	}
	set(sdk.Data{"kept": "a", "changed": true, "new": "d"})
	if ids, n := rowsWith(t, db); n != 3 || ids["kept"] != 1000 || ids["changed"] == 0 || ids["new"] == 0 {
		t.Errorf("%d rows %v", n, ids)
	}
	if _, err := db.ExecContext(t.Context(), `INSERT INTO "prosody" SELECT * FROM "prosody" WHERE "key"='kept'`); err != nil {
		t.Fatal(err)
	}
	set(sdk.Data{"kept": "a"})
	if ids, n := rowsWith(t, db); n != 1 || ids["kept"] == 0 {
		t.Errorf("%d rows %v", n, ids)
	}
	got, err := store.Get(context.Background(), "room")
	if data, _ := got.(sdk.Data); err != nil || len(data) != 1 || data["kept"] != "a" {
		t.Errorf("%v, %v", got, err)
	}
}
