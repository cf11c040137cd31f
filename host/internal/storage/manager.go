// Package storage opens the stores of modules (sdk.Module.OpenStore) on the driver that the operator chose for them: "sqlite" unless
// configured otherwise, "memory", "internal" for Prosody's data directory. The kinds of stores and their rules are Prosody's
// (https://prosody.im/doc/developers/moduleapi#storage); storagetest holds them as tests.
package storage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"quatrain/host/internal/storage/datadir"
	"quatrain/host/internal/storage/memory"
	"quatrain/host/internal/storage/sqlite"
	"quatrain/sdk"
)

// Names of the drivers that are part of the server. "sql" is what Prosody calls its SQL driver; here it is SQLite.
const (
	Memory = "memory"
	SQLite = "sqlite"
	SQL    = "sql"
	// Internal is Prosody's data directory.
	Internal = "internal"
)

// Drivers are the names of the drivers that are part of the server.
func Drivers() []string { return []string{SQLite, SQL, Memory, Internal} }

// defaultDatabase is SQLite's file in the data directory.
const defaultDatabase = "quatrain.sqlite"

// Options of a manager. Only Dir is required.
type Options struct {
	// Dir is the data directory; it is created.
	Dir string
	// Database is the file of SQLite, relative to Dir; quatrain.sqlite if "".
	Database string
	// Default is the driver of stores that Choice says nothing about; sqlite if "".
	Default string
	// Choice is the operator's choice of a driver, "" for the default.
	Choice func(host, store string) string
	// Chosen are the drivers that Choice may answer with for a host. Purge reaches them even when nothing has been opened on them. May be nil.
	Chosen func(host string) []string
	// Provided is a driver of another name that a plugin of the host provides, or an error that says why there is none. May be nil.
	Provided func(ctx context.Context, host, name string) (Driver, error)
	// ArchiveLimit is how many entries an archive may have per user, 0 for any number.
	ArchiveLimit func(host, store string) int
	Logger       *slog.Logger
}

// Driver is one way of keeping data, for all hosts, or for one if it is a plugin's. Safe for concurrent use. Of the kinds keyval, map, keyval+ it
// needs the first.
type Driver interface {
	// Open opens a store of a kind; the value implements that kind's interface. ErrUnsupported if the driver does not have the kind.
	Open(ctx context.Context, host, store, kind string) (any, error)
	// Purge removes everything a user has on a host.
	Purge(ctx context.Context, host, user string) error
	// Stores are the names of the stores in which a user has data, "" for what belongs to the host itself.
	Stores(ctx context.Context, host, user string) ([]string, error)
	Close() error
}

// Manager holds the drivers in use. Safe for concurrent use.
type Manager struct {
	o Options

	mu      sync.Mutex // guards the rest; drivers are opened under it
	drivers map[string]Driver
	closed  bool
}

// New makes a manager. Drivers are opened when they are first needed.
func New(o Options) *Manager {
	if o.Database == "" {
		o.Database = defaultDatabase
	}
	if o.Default == "" {
		o.Default = SQLite
	}
	if o.Choice == nil {
		o.Choice = func(string, string) string { return "" }
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Manager{o: o, drivers: map[string]Driver{}}
}

// Open opens a store on the driver that the operator chose. With an unknown driver, or one that does not have the kind, the store opens but each of
// its calls fails.
func (m *Manager) Open(ctx context.Context, host, store, kind string) (any, error) {
	return m.openOn(ctx, m.DriverName(host, store), host, store, kind)
}

// DriverName is the driver that the operator chose for a store.
func (m *Manager) DriverName(host, store string) string {
	if name := m.o.Choice(host, store); name != "" {
		return name
	}
	return m.o.Default
}

func (m *Manager) openOn(ctx context.Context, name, host, store, kind string) (any, error) {
	d, err := m.driver(ctx, host, name)
	if err != nil {
		return nil, fmt.Errorf("opening store %q on host %q: %w", store, host, err)
	}
	s, err := open(ctx, d, host, store, kind)
	if errors.Is(err, sdk.ErrUnsupported) {
		err = fmt.Errorf("storage driver %q has no stores of type %q: %w", name, kind, err)
		m.o.Logger.Error("store cannot be used", "host", host, "store", store, "err", err)
		return nullStore(kind, err), nil
	}
	return s, err
}

// Driver is a driver by its name; an error if there is none.
func (m *Manager) Driver(ctx context.Context, host, name string) (Driver, error) {
	d, err := m.driver(ctx, host, name)
	if null, ok := d.(nullDriver); ok {
		return nil, null.err
	}
	return d, err
}

func (m *Manager) driver(ctx context.Context, host, name string) (Driver, error) {
	if name == SQL {
		name = SQLite
	}
	if !slices.Contains(Drivers(), name) {
		return m.provided(ctx, host, name), nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, errors.New("storage is closed")
	}
	if d := m.drivers[name]; d != nil {
		return d, nil
	}
	d, err := m.open(ctx, name)
	if err == nil {
		m.drivers[name] = d
	}
	return d, err
}

// provided is a plugin's driver, or one that fails.
func (m *Manager) provided(ctx context.Context, host, name string) Driver {
	err := error(nil)
	if m.o.Provided != nil {
		var d Driver
		if d, err = m.o.Provided(ctx, host, name); err == nil {
			return d
		}
	}
	reason := fmt.Errorf("no data storage: there is no driver %q (part of the server are %s)", name, strings.Join(Drivers(), ", "))
	if err != nil {
		reason = fmt.Errorf("no data storage: driver %q: %w", name, err)
	}
	m.o.Logger.Error("stores cannot be used", "host", host, "err", reason)
	return nullDriver{reason}
}

func (m *Manager) open(ctx context.Context, name string) (Driver, error) {
	switch name {
	case Memory:
		return memory.New(m.o.ArchiveLimit), nil
	case SQLite:
		return m.openSQLite(ctx)
	}
	return datadir.Open(m.o.Dir, m.o.ArchiveLimit)
}

func (m *Manager) openSQLite(ctx context.Context) (Driver, error) {
	if err := os.MkdirAll(m.o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the data directory: %w", err)
	}
	path := m.o.Database
	if !filepath.IsAbs(path) {
		path = filepath.Join(m.o.Dir, path)
	}
	return sqlite.Open(ctx, path, sqlite.Options{Limit: m.o.ArchiveLimit, Logger: m.o.Logger})
}

// Purge removes everything a user has in any store of a host, as when the account is deleted.
func (m *Manager) Purge(ctx context.Context, host, user string) error {
	if user == "" {
		return fmt.Errorf("removing the data of a user on host %q: the name is missing", host)
	}
	var errs []error
	for _, name := range m.used(host) {
		d, err := m.driver(ctx, host, name)
		if err == nil {
			err = d.Purge(ctx, host, user)
		}
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("removing the data of user %q on host %q: %w", user, host, err)
	}
	return nil
}

// used are the drivers that may hold data of a host. The data directory is always one of them once it is there: lists of util.datamanager are in it
// whatever the driver.
func (m *Manager) used(host string) []string {
	names := []string{m.DriverName(host, "")}
	if m.o.Chosen != nil {
		names = append(names, m.o.Chosen(host)...)
	}
	if datadir.Has(m.o.Dir, host) {
		names = append(names, Internal)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for name := range m.drivers {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Close makes everything durable and closes the drivers. Stores fail from then on.
func (m *Manager) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	var errs []error
	for name, d := range m.drivers {
		if err := d.Close(); err != nil {
			errs = append(errs, fmt.Errorf("closing storage driver %q: %w", name, err))
		}
		delete(m.drivers, name)
	}
	return errors.Join(errs...)
}
