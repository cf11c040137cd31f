package sqlite

import (
	"context"
	"testing"

	"quatrain/sdk"
)

// patchedGuild is a table whose row "_about" the open transaction has patched twice, and how to patch it further.
func patchedGuild(t *testing.T) (d *Driver, s *table, data sdk.Data, patch func(name string, v any) *sdk.Chain) {
	t.Helper()
	d, s = tempTable(t)
	data = guild(20)
	about := data["_about"].(sdk.Data)
	d.writer.waitForever()
	if err := s.Set(sdk.NewChain(t.Context()), "room", data); err != nil {
		t.Fatal(err)
	}
	d.writer.flush() // nobody has waited, so that nothing is committed before it is asked for
	patch = func(name string, v any) *sdk.Chain {
		t.Helper()
		chain := sdk.NewChain(context.Background())
		if err := s.Patch(chain, "room", sdk.Patch{Entries: map[string]map[string]any{"_about": {name: v}}}); err != nil {
			t.Fatal(err)
		}
		about[name] = v
		return chain
	}
	patch("p1", "one")
	patch("p2", "two")
	d.writer.mu.Lock()
	defer d.writer.mu.Unlock()
	if len(d.writer.due.rows) != 1 {
		t.Fatalf("%d rows are put off", len(d.writer.due.rows))
	}
	return d, s, data, patch
}

// TestPutOff: whatever comes after patches that were not written each finds what they have changed.
func TestPutOff(t *testing.T) {
	tests := map[string]func(t *testing.T, d *Driver, s *table, data sdk.Data){
		"read": func(*testing.T, *Driver, *table, sdk.Data) {},
		"read one key": func(t *testing.T, _ *Driver, s *table, data sdk.Data) {
			if v, err := s.GetKey(t.Context(), "room", "_about"); err != nil || v.(sdk.Data)["p2"] != "two" {
				t.Errorf("%v, %v", v, err)
			}
		},
		"written whole as it was before": func(t *testing.T, _ *Driver, s *table, data sdk.Data) {
			data["_about"] = guild(20)["_about"]
			if err := s.Set(sdk.NewChain(t.Context()), "room", data); err != nil {
				t.Error(err)
			}
		},
		"the row written whole as it was before": func(t *testing.T, _ *Driver, s *table, data sdk.Data) {
			data["_about"] = guild(20)["_about"]
			if err := s.Patch(sdk.NewChain(t.Context()), "room", sdk.Patch{Keys: map[string]any{"_about": data["_about"]}}); err != nil {
				t.Error(err)
			}
		},
		"the row removed": func(t *testing.T, _ *Driver, s *table, data sdk.Data) {
			delete(data, "_about")
			if err := s.Patch(sdk.NewChain(t.Context()), "room", sdk.Patch{Keys: map[string]any{"_about": nil}}); err != nil {
				t.Error(err)
			}
		},
		"an entry whose name is none": func(t *testing.T, _ *Driver, s *table, data sdk.Data) {
			data["_about"].(sdk.Data)["__array"] = "special"
			if err := s.Patch(sdk.NewChain(t.Context()), "room", sdk.Patch{Entries: map[string]map[string]any{"_about": {"__array": "special"}}}); err != nil {
				t.Error(err)
			}
		},
		"another row": func(t *testing.T, _ *Driver, s *table, data sdk.Data) {
			data["p1"] = "owner"
			if err := s.SetKey(sdk.NewChain(t.Context()), "room", "p1", "owner"); err != nil {
				t.Error(err)
			}
		},
		"a patch that is refused": func(t *testing.T, _ *Driver, s *table, _ sdk.Data) {
			p := sdk.Patch{Entries: map[string]map[string]any{"_about": {"p3": "three", "f": func() {}}}}
			if err := s.Patch(sdk.NewChain(t.Context()), "room", p); err == nil {
				t.Error("a function was stored")
			}
		},
		"committed": func(t *testing.T, d *Driver, _ *table, _ sdk.Data) { d.writer.flush() },
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, s, data, _ := patchedGuild(t)
			test(t, d, s, data)
			stored(t, s, data)
			d.writer.flush()
			stored(t, s, data)
		})
	}
}

// TestPutOffFails: what is written with the commit fails as the commit does: nobody takes it for done, and all has to be written before the next patch.
func TestPutOffFails(t *testing.T) {
	for name, then := range map[string]func(d *Driver, s *table){
		"with the commit": func(*Driver, *table) {},
		"with a read":     func(_ *Driver, s *table) { s.Get(context.Background(), "room") },
		"with a write":    func(_ *Driver, s *table) { s.SetKey(sdk.NewChain(context.Background()), "other", "k", "v") },
	} {
		t.Run(name, func(t *testing.T) {
			d, s, _, patch := patchedGuild(t)
			d.writer.mu.Lock()
			_, err := d.writer.conn.ExecContext(t.Context(), `CREATE TEMP TRIGGER fault BEFORE UPDATE ON "prosody" BEGIN SELECT RAISE(ABORT, 'on purpose'); END`)
			d.writer.mu.Unlock()
			if err != nil {
				t.Fatal(err)
			}
			chain := patch("p3", "three")
			then(d, s)
			if chain.Ticket().Wait() == nil {
				t.Error("what was not written counts as durable")
			}
			stored(t, s, guild(20))
			if err := s.Patch(t.Context(), "room", sdk.Patch{Keys: map[string]any{"new": "x"}}); err == nil {
				t.Error("a patch was taken before all was written")
			}
			if err := s.Set(t.Context(), "room", guild(20)); err != nil {
				t.Errorf("there are no more writes: %v", err)
			}
		})
	}
}
