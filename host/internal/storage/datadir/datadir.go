// Package datadir keeps stores in a directory of the layout that Prosody's default storage has (mod_storage_internal), so that a server
// can go on where Prosody stopped: HOST/STORE/USER.dat holds a table as Lua, HOST/STORE/USER.list an archive, HOST/STORE.dat what belongs
// to the host itself; names are percent-encoded.
//
// Every write replaces or extends a file and waits for the disk. That is right for small servers and for a time of transition; SQLite
// does the same work with far fewer waits.
package datadir

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"quatrain/sdk"
)

// Driver is one data directory. Safe for concurrent use, but Prosody must not run on it at the same time.
type Driver struct {
	dir   string
	limit func(host, store string) int

	seed  maphash.Seed
	locks [64]sync.RWMutex // each guards the files whose paths hash to it
}

// Open makes the directory if it is not there. limit tells how many entries an archive may have per user, 0 for any number; it may be nil.
func Open(dir string, limit func(host, store string) int) (*Driver, error) {
	if limit == nil {
		limit = func(string, string) int { return 0 }
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the data directory: %w", err)
	}
	return &Driver{dir: dir, limit: limit, seed: maphash.MakeSeed()}, nil
}

// Has tells whether a data directory holds anything of a host.
func Has(dir, host string) bool {
	info, err := os.Stat(filepath.Join(dir, encode(host, "")))
	return err == nil && info.IsDir()
}

// Open opens a store of a kind; see sdk.Module.OpenStore.
func (d *Driver) Open(_ context.Context, host, store, kind string) (any, error) {
	switch kind {
	case sdk.KindKeyval, sdk.KindMap, sdk.KindKeyvalPlus:
		return &table{d, host, store}, nil
	case sdk.KindArchive:
		return &log{d, host, store}, nil
	}
	return nil, sdk.ErrUnsupported
}

// Purge removes everything a user has on a host.
func (d *Driver) Purge(_ context.Context, host, user string) error {
	if user == "" {
		return errors.New("purging needs a user")
	}
	hostDir := filepath.Join(d.dir, encode(host, ""))
	stores, err := os.ReadDir(hostDir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	errs := []error{err}
	for _, s := range stores {
		for _, ext := range []string{tableExt, listExt} {
			if s.IsDir() {
				errs = append(errs, d.remove(filepath.Join(hostDir, s.Name(), encode(user, "")+ext)))
			}
		}
	}
	return errors.Join(errs...)
}

// Stores are the names of the stores in which a user has data on a host, "" for what belongs to the host itself.
func (d *Driver) Stores(_ context.Context, host, user string) (names []string, err error) {
	entries, err := os.ReadDir(filepath.Join(d.dir, encode(host, "")))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		store := decode(strings.TrimSuffix(strings.TrimSuffix(e.Name(), tableExt), listExt))
		if e.IsDir() != (user == "") && !slices.Contains(names, store) && d.holds(host, store, user) {
			names = append(names, store)
		}
	}
	return names, err
}

// holds tells whether there is a file of a user's data in a store.
func (d *Driver) holds(host, store, user string) bool {
	return slices.ContainsFunc([]string{tableExt, listExt}, func(ext string) bool {
		_, err := os.Stat(d.path(host, store, user, ext))
		return err == nil
	})
}

// Close does nothing; files are open only while they are read or written.
func (d *Driver) Close() error { return nil }

// Endings of file names.
const (
	tableExt = ".dat"
	listExt  = ".list"
)

// path is the file of a user's data in a store; user "" is the host itself.
func (d *Driver) path(host, store, user, ext string) string {
	if user == "" {
		return filepath.Join(d.dir, encode(host, ""), encode(store, "_")+ext)
	}
	return filepath.Join(d.dir, encode(host, ""), encode(store, "_"), encode(user, "")+ext)
}

// encode writes all but ASCII letters, digits and what is in keep as %xx.
func encode(s, keep string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.IndexByte(keep, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

func decode(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		var c byte
		if n, _ := fmt.Sscanf(s[i:], "%%%02x", &c); n == 1 && i+2 < len(s) {
			b.WriteByte(c)
			i += 2
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// users are those that have a file of the kind in a store.
func (d *Driver) users(host, store, ext string) (names []string, err error) {
	files, err := os.ReadDir(filepath.Join(d.dir, encode(host, ""), encode(store, "_")))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	for _, f := range files {
		if name, ok := strings.CutSuffix(f.Name(), ext); ok && !f.IsDir() {
			names = append(names, decode(name))
		}
	}
	return names, err
}

func eachUser(names []string, err error) func(func(string, error) bool) {
	return func(yield func(string, error) bool) {
		if err != nil {
			yield("", err)
			return
		}
		for _, name := range names {
			if !yield(name, nil) {
				return
			}
		}
	}
}
