package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"quatrain/host/internal/storage/value"
	"quatrain/sdk"
)

// guild is a table with many rows, one of which is a table of many entries.
func guild(people int) sdk.Data {
	about := sdk.Data{}
	data := sdk.Data{"_data": sdk.Data{"name": "Guild"}, "_about": about}
	for i := range people {
		data[fmt.Sprint("p", i)] = "member"
		about[fmt.Sprint("p", i)] = sdk.Data{"nick": fmt.Sprint("nick", i)}
	}
	return data
}

func stored(t *testing.T, s *table, want sdk.Data) {
	t.Helper()
	got, err := s.Get(context.Background(), "room")
	if err != nil || !reflect.DeepEqual(got, any(want)) {
		t.Errorf("stored is %v, %v; want %v", got, err, want)
	}
}

func TestPatch(t *testing.T) {
	_, s := tempTable(t)
	ctx := context.Background() // no chain: each waits for the commit
	patch := func(keys map[string]any, entries map[string]map[string]any) error {
		return s.Patch(ctx, "room", sdk.Patch{Keys: keys, Entries: entries})
	}
	data := guild(20)
	if err := s.Set(ctx, "room", data); err != nil {
		t.Fatal(err)
	}
	about := data["_about"].(sdk.Data)
	for i, c := range []struct {
		keys    map[string]any
		entries map[string]map[string]any
		expect  func()
	}{
		{nil, map[string]map[string]any{"_about": {"p3": sdk.Data{"nick": "other"}}}, func() { about["p3"] = sdk.Data{"nick": "other"} }},
		{map[string]any{"p4": nil, "new": "owner"}, map[string]map[string]any{"_about": {"p4": nil, "new": map[string]any{"n": 1}}}, func() {
			delete(data, "p4")
			delete(about, "p4")
			data["new"], about["new"] = "owner", sdk.Data{"n": 1.0}
		}},
		{map[string]any{"absent": nil, "p5": "member"}, nil, func() {}},
		{nil, map[string]map[string]any{"_made": {"a": true, "b": nil}}, func() { data["_made"] = sdk.Data{"a": true} }},
		{nil, map[string]map[string]any{"new": {"was": "text"}}, func() { data["new"] = sdk.Data{"was": "text"} }},
		{nil, map[string]map[string]any{"_about": {"__array": "special"}}, func() { about["__array"] = "special" }},
		{nil, map[string]map[string]any{"_about": {"p6": nil}}, func() { delete(about, "p6") }},
	} {
		if err := patch(c.keys, c.entries); err != nil {
			t.Fatalf("patch %d: %v", i, err)
		}
		c.expect()
		if stored(t, s, data); t.Failed() {
			t.Fatalf("patch %d", i)
		}
	}
	for name, err := range map[string]error{
		"no name":  patch(map[string]any{"": 1}, nil),
		"no table": patch(nil, map[string]map[string]any{"": {"a": 1}}),
		"function": patch(map[string]any{"x": "y"}, map[string]map[string]any{"_about": {"p1": "changed", "f": func() {}}}),
		"key":      patch(map[string]any{"f": func() {}}, map[string]map[string]any{"_about": {"p1": "changed"}}),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	stored(t, s, data)
}

// TestOthersWrite: what is kept of the rows is forgotten when another connection has written.
func TestOthersWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	d := open(t, path, nil)
	t.Cleanup(func() { d.Close() })
	s := &table{d, "a.example", "config"}
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ctx := context.Background()
	data := guild(20)
	if err := s.Set(ctx, "room", data); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`UPDATE "prosody" SET "value"='owner' WHERE "key"='p3'`, `DELETE FROM "prosody" WHERE "key"='p4'`, `UPDATE "prosody" SET "value"='{"x":1}' WHERE "key"='_about'`,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Patch(ctx, "room", sdk.Patch{Entries: map[string]map[string]any{"_about": {"y": 2}}}); err != nil {
		t.Fatal(err)
	}
	changed := guild(20)
	changed["p3"], changed["_about"] = "owner", sdk.Data{"x": 1.0, "y": 2.0}
	delete(changed, "p4")
	stored(t, s, changed)
	if _, err := db.ExecContext(ctx, `DELETE FROM "prosody" WHERE "key"='p5'`); err != nil {
		t.Fatal(err)
	}
	if err := s.Set(ctx, "room", data); err != nil {
		t.Fatal(err)
	}
	stored(t, s, data)
}

// TestPatchRefused: a statement that fails changes nothing, and what is kept is what is there.
func TestPatchRefused(t *testing.T) {
	d, s := tempTable(t)
	ctx := context.Background()
	data := guild(20)
	if err := s.Set(ctx, "room", data); err != nil {
		t.Fatal(err)
	}
	trigger := func(statement string) {
		t.Helper()
		d.writer.mu.Lock()
		defer d.writer.mu.Unlock()
		if _, err := d.writer.conn.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	other := sdk.NewChain(ctx)
	d.writer.waitForever()
	if err := s.SetKey(other, "other", "k", "v"); err != nil {
		t.Fatal(err)
	}
	trigger(`CREATE TEMP TRIGGER fault BEFORE UPDATE ON "prosody" WHEN NEW."key"='_about' BEGIN SELECT RAISE(ABORT, 'on purpose'); END`)
	entry := map[string]map[string]any{"_about": {"p1": "changed"}}
	for _, keys := range []map[string]any{nil, {"p2": "owner", "p3": nil}} { // one statement, and several
		if err := s.Patch(sdk.NewChain(ctx), "room", sdk.Patch{Keys: keys, Entries: entry}); err == nil {
			t.Error("it was not refused")
		}
	}
	trigger(`DROP TRIGGER fault`)
	if err := s.Patch(ctx, "room", sdk.Patch{Keys: map[string]any{"p2": "admin"}}); err != nil {
		t.Fatal(err)
	}
	data["p2"] = "admin"
	stored(t, s, data)
	if err := other.Ticket().Wait(); err != nil {
		t.Errorf("somebody else's write was lost: %v", err)
	}
}

// TestPatchAfterLostWrite: a patch of what has lost an earlier write is refused until all has been written.
func TestPatchAfterLostWrite(t *testing.T) {
	d, s := tempTable(t)
	ctx := context.Background()
	if err := s.Set(ctx, "room", guild(20)); err != nil {
		t.Fatal(err)
	}
	d.writer.waitForever()
	patch := func(chain context.Context, name string) error {
		return s.Patch(chain, "room", sdk.Patch{Entries: map[string]map[string]any{"_about": {name: "changed"}}})
	}
	lost := sdk.NewChain(ctx)
	if err := patch(lost, "p1"); err != nil {
		t.Fatal(err)
	}
	d.writer.mu.Lock()
	d.writer.exec("ROLLBACK")
	d.writer.settle(d.writer.take(), fmt.Errorf("full"))
	d.writer.mu.Unlock()
	if err := patch(ctx, "p2"); err == nil {
		t.Error("it was written without what was lost")
	}
	stored(t, s, guild(20))
	if err := s.Set(ctx, "room", guild(20)); err != nil {
		t.Fatal(err)
	}
	if err := patch(ctx, "p2"); err != nil {
		t.Error(err)
	}
}

// TestKeptIsBounded: not more is kept than the bound, and what is forgotten is read again.
func TestKeptIsBounded(t *testing.T) {
	var k records
	big := func() *record {
		r := newRecord(nil)
		for i := range worthKeeping {
			r.put(value.Row{Key: fmt.Sprint(i), Text: strings.Repeat("x", maxKept/worthKeeping/4)})
		}
		return r
	}
	for i := range 10 {
		k.put(place{user: fmt.Sprint(i)}, big())
		if k.bytes > maxKept {
			t.Fatalf("%d bytes are kept", k.bytes)
		}
	}
	k.drop(place{user: "9"})
	for p := range k.at {
		k.drop(p)
	}
	if k.bytes != 0 {
		t.Errorf("%d bytes of nothing", k.bytes)
	}
}
