// Package storagetest is the contract of storage drivers as tests: what sdk.Keyval, sdk.Map and sdk.Archive promise, and what the
// server expects beyond (isolation of hosts, stores and users, durability of what was acknowledged).
package storagetest

import (
	"context"
	"iter"
	"reflect"
	"slices"
	"testing"

	"quatrain/sdk"
)

// Driver is what is tested.
type Driver interface {
	Open(ctx context.Context, host, store, kind string) (any, error)
	Purge(ctx context.Context, host, user string) error
	Close() error
}

// Run runs all tests; open makes a new and empty driver, or one on what an earlier one in the same directory left.
func Run(t *testing.T, open func(t *testing.T, dir string) Driver) {
	for name, test := range map[string]func(*testing.T, Driver){
		"keyval": keyval, "values": values, "map": mapped, "same rows": sameRows, "isolation": isolation, "purge": purge, "copies": copies, "stanzas": stanzas,
		"kinds": kinds, "chains": chains, "concurrency": concurrency, "odd names": oddNames,
		"archive": archives, "archive times": archiveTimes, "archive ranges": archiveRanges, "archive delete": archiveDelete,
		"archive replace": archiveReplace, "archive stanzas": archiveStanzas,
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, t.TempDir())
			defer closing(t, d)
			test(t, d)
		})
	}
}

func closing(t *testing.T, d Driver) {
	if err := d.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
}

func openKV(t *testing.T, d Driver, host, store string) sdk.KeyvalPlus {
	t.Helper()
	return must[any](t)(d.Open(t.Context(), host, store, sdk.KindKeyvalPlus)).(sdk.KeyvalPlus)
}

func openArchive(t *testing.T, d Driver, host, store string) sdk.Archive {
	t.Helper()
	return must[any](t)(d.Open(t.Context(), host, store, sdk.KindArchive)).(sdk.Archive)
}

func users(t *testing.T, s interface {
	Users(context.Context) iter.Seq2[string, error]
}) []string {
	t.Helper()
	var list []string
	for u, err := range s.Users(t.Context()) {
		ok(t, err)
		list = append(list, u)
	}
	slices.Sort(list)
	return list
}

func kinds(t *testing.T, d Driver) {
	for kind, check := range map[string]func(any) bool{
		sdk.KindKeyval:     func(s any) bool { _, ok := s.(sdk.Keyval); return ok },
		sdk.KindMap:        func(s any) bool { _, ok := s.(sdk.Map); return ok },
		sdk.KindKeyvalPlus: func(s any) bool { _, ok := s.(sdk.KeyvalPlus); return ok },
		sdk.KindArchive:    func(s any) bool { _, ok := s.(sdk.Archive); return ok },
	} {
		if s := must[any](t)(d.Open(t.Context(), "verona.lit", "s", kind)); !check(s) {
			t.Errorf("%s: got a %T", kind, s)
		}
	}
	if s, err := d.Open(t.Context(), "verona.lit", "s", "carrier pigeon"); err == nil {
		t.Errorf("an unknown kind gave %T", s)
	}
}
