package storage

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"quatrain/host/internal/storage/memory"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func openKV(t *testing.T, m *Manager, host, store string) sdk.KeyvalPlus {
	t.Helper()
	s, err := m.Open(t.Context(), host, store, sdk.KindKeyvalPlus)
	if err != nil {
		t.Fatal(err)
	}
	return s.(sdk.KeyvalPlus)
}

func closeManager(t *testing.T, m *Manager) {
	t.Helper()
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}

func TestManagerKeepsData(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	m := New(Options{Dir: dir})
	if err := openKV(t, m, "verona.lit", "s").SetKey(t.Context(), "romeo", "k", "v"); err != nil {
		t.Fatal(err)
	}
	closeManager(t, m)
	if _, err := os.Stat(filepath.Join(dir, "quatrain.sqlite")); err != nil {
		t.Error(err)
	}
	m = New(Options{Dir: dir})
	defer closeManager(t, m)
	if v, err := openKV(t, m, "verona.lit", "s").GetKey(t.Context(), "romeo", "k"); v != "v" || err != nil {
		t.Error(v, err)
	}
}

// TestChoice: each store is where the operator wants it, and an account's deletion reaches all of them.
func TestChoice(t *testing.T) {
	m := New(Options{Dir: t.TempDir(), Default: Memory, Chosen: func(string) []string { return []string{SQL, Memory} }, Choice: func(host, store string) string {
		if store == "kept" && host == "verona.lit" {
			return SQL
		}
		return ""
	}})
	defer closeManager(t, m)
	kept, lost := openKV(t, m, "verona.lit", "kept"), openKV(t, m, "verona.lit", "lost")
	for _, s := range []sdk.KeyvalPlus{kept, lost} {
		if err := s.SetKey(t.Context(), "romeo", "k", "v"); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.drivers) != 2 {
		t.Errorf("drivers in use: %v", m.drivers)
	}
	if err := m.Purge(t.Context(), "verona.lit", "romeo"); err != nil {
		t.Fatal(err)
	}
	for _, s := range []sdk.KeyvalPlus{kept, lost} {
		if v, err := s.Get(t.Context(), "romeo"); v != nil || err != nil {
			t.Error(v, err)
		}
	}
}

// TestUnknownDriver: stores open and every call fails, saying which driver is missing.
func TestUnknownDriver(t *testing.T) {
	m := New(Options{Dir: t.TempDir(), Default: "ldap"})
	defer closeManager(t, m)
	s := openKV(t, m, "verona.lit", "s")
	_, get := s.Get(t.Context(), "romeo")
	_, key := s.GetKey(t.Context(), "romeo", "k")
	_, all := s.GetKeyFromAll(t.Context(), "k")
	a, err := m.Open(t.Context(), "verona.lit", "s", sdk.KindArchive)
	if err != nil {
		t.Fatal(err)
	}
	log := a.(sdk.Archive)
	_, add := log.Append(t.Context(), "romeo", "", stanza.Message("x"), time.Time{}, "")
	_, _, find := log.Find(t.Context(), "romeo", sdk.ArchiveQuery{})
	errs := []error{get, key, all, add, find, s.Set(t.Context(), "romeo", nil), s.SetKey(t.Context(), "romeo", "k", 1.0)}
	for _, err := range s.Users(t.Context()) {
		errs = append(errs, err)
	}
	for i, err := range errs {
		if err == nil || !strings.Contains(err.Error(), `there is no driver "ldap"`) {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

func TestUnknownKind(t *testing.T) {
	m := New(Options{Default: Memory})
	defer closeManager(t, m)
	s, err := m.Open(t.Context(), "verona.lit", "s", "pigeon")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.(sdk.Keyval).Get(t.Context(), "romeo"); err == nil || !strings.Contains(err.Error(), `no stores of type "pigeon"`) {
		t.Error(err)
	}
}

func TestClosed(t *testing.T) {
	m := New(Options{Dir: t.TempDir()})
	s := openKV(t, m, "verona.lit", "s")
	closeManager(t, m)
	closeManager(t, m)
	if err := s.SetKey(t.Context(), "romeo", "k", 1.0); err == nil {
		t.Error("a closed database took a write")
	}
	if _, err := s.Get(t.Context(), "romeo"); err == nil {
		t.Error("a closed database was read")
	}
	if _, err := m.Open(t.Context(), "verona.lit", "s", sdk.KindKeyval); err == nil {
		t.Error("a closed manager opened a store")
	}
}

// TestStores: every driver knows where a user has data.
func TestStores(t *testing.T) {
	for _, name := range []string{SQLite, Memory, Internal} {
		t.Run(name, func(t *testing.T) {
			m := New(Options{Dir: t.TempDir(), Default: name})
			defer closeManager(t, m)
			for _, place := range [][2]string{{"roster", "romeo"}, {"vcard", "romeo"}, {"rooms", ""}, {"pep", "juliet"}} {
				if err := openKV(t, m, "verona.lit", place[0]).Set(t.Context(), place[1], sdk.Data{"k": "v"}); err != nil {
					t.Fatal(err)
				}
			}
			a, err := m.Open(t.Context(), "verona.lit", "archive", sdk.KindArchive)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := a.(sdk.Archive).Append(t.Context(), "romeo", "", stanza.Message("x"), time.Now(), ""); err != nil {
				t.Fatal(err)
			}
			d, err := m.Driver(t.Context(), "verona.lit", name)
			if err != nil {
				t.Fatal(err)
			}
			for user, want := range map[string]string{"romeo": "archive roster vcard", "": "rooms", "nobody": ""} {
				names, err := d.Stores(t.Context(), "verona.lit", user)
				slices.Sort(names)
				if got := strings.Join(names, " "); err != nil || got != want {
					t.Errorf("%q: %q, %v; want %q", user, got, err, want)
				}
			}
		})
	}
}

// flat is a driver that has keyval stores only.
type flat struct{ Driver }

func (f flat) Open(ctx context.Context, host, store, kind string) (any, error) {
	if kind != sdk.KindKeyval {
		return nil, sdk.ErrUnsupported
	}
	return f.Driver.Open(ctx, host, store, kind)
}

// TestShims: what a plugin's driver does not have is made of what it has.
func TestShims(t *testing.T) {
	own := flat{memory.New(nil)}
	m := New(Options{Default: "own", Provided: func(context.Context, string, string) (Driver, error) { return own, nil }})
	defer closeManager(t, m)
	s := openKV(t, m, "verona.lit", "s")
	for user, value := range map[string]any{"romeo": "v", "juliet": "w"} {
		if err := s.SetKeys(t.Context(), user, map[string]any{"k": value, "gone": nil}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.GetKeyFromAll(t.Context(), "k")
	if err != nil || all["romeo"] != "v" || all["juliet"] != "w" || len(all) != 2 {
		t.Error(all, err)
	}
	if err := s.DeleteKeyFromAll(t.Context(), "k"); err != nil {
		t.Error(err)
	}
	if v, err := s.Get(t.Context(), "romeo"); v != nil || err != nil {
		t.Error(v, err)
	}
}
