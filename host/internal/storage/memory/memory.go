// Package memory is the storage driver that forgets everything when the server ends.
package memory

import (
	"context"
	"maps"
	"slices"
	"sync"

	"quatrain/host/internal/storage/archive"
	"quatrain/host/internal/storage/value"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Driver holds the data of all hosts. Safe for concurrent use.
type Driver struct {
	limit func(host, store string) int

	mu       sync.RWMutex // guards the rest
	tables   map[place]sdk.Data
	archives map[place]archive.List
}

type place struct{ host, store, user string }

// New makes an empty driver; limit tells how many entries an archive may have per user, 0 for any number. It may be nil.
func New(limit func(host, store string) int) *Driver {
	if limit == nil {
		limit = func(string, string) int { return 0 }
	}
	return &Driver{limit: limit, tables: map[place]sdk.Data{}, archives: map[place]archive.List{}}
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
	d.mu.Lock()
	defer d.mu.Unlock()
	for p := range d.tables {
		if p.host == host && p.user == user {
			delete(d.tables, p)
		}
	}
	for p := range d.archives {
		if p.host == host && p.user == user {
			delete(d.archives, p)
		}
	}
	return nil
}

// Stores are the names of the stores in which a user has data on a host, "" for what belongs to the host itself.
func (d *Driver) Stores(_ context.Context, host, user string) (names []string, err error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	found := map[string]bool{}
	for p := range d.tables {
		found[p.store] = found[p.store] || p.host == host && p.user == user
	}
	for p := range d.archives {
		found[p.store] = found[p.store] || p.host == host && p.user == user
	}
	maps.DeleteFunc(found, func(_ string, has bool) bool { return !has })
	return slices.Sorted(maps.Keys(found)), nil
}

// Close does nothing; the data goes with the driver.
func (d *Driver) Close() error { return nil }

// stored is a copy of what a caller hands in, as a table keeps it.
func stored(v any) (any, error) {
	if e, ok := v.(*stanza.Element); ok {
		return e.Clone(), nil
	}
	return value.Canonical(v)
}

// lent is a copy of what is stored, for a caller to keep and change.
func lent(v any) any {
	c, _ := stored(v) // what has been stored can be copied
	return c
}
