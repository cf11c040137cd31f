// Package sqlite keeps stores in a SQLite database of the layout that Prosody's SQL storage has (mod_storage_sql): an existing database
// of Prosody opens as it is, and Prosody opens ours.
//
// The database is in WAL mode. All writes go through one connection and share commits: a write runs at once inside the open transaction,
// so that its errors are known, and becomes durable with the commit that its ticket stands for (see writer), when the log has been
// synchronised (see disk).
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite" of database/sql

	"quatrain/sdk"
)

// readers is how many reads run side by side.
const readers = 4

// Driver is one database. Safe for concurrent use.
type Driver struct {
	limit  func(host, store string) int
	writer *writer
	pool   *sql.DB

	prepared sync.Map // SQL text to *sql.Stmt of pool
}

// Options of a database. Both may be nil.
type Options struct {
	// Limit tells how many entries an archive may have per user, 0 for any number.
	Limit func(host, store string) int
	// Logger is told of writes that are lost.
	Logger *slog.Logger
}

// Open opens or creates the database file.
func Open(ctx context.Context, path string, o Options) (*Driver, error) {
	if o.Limit == nil {
		o.Limit = func(string, string) int { return 0 }
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if err := create(path); err != nil {
		return nil, err
	}
	w, err := openWriter(ctx, path, dsn(path, "journal_mode(WAL)", "journal_size_limit(67108864)"), o.Logger)
	if err != nil {
		return nil, fmt.Errorf("opening database %q: %w", path, err)
	}
	pool, err := sql.Open("sqlite", dsn(path, "query_only(1)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening database %q: %w", path, err), w.close())
	}
	pool.SetMaxOpenConns(readers)
	pool.SetMaxIdleConns(readers)
	return &Driver{limit: o.Limit, writer: w, pool: pool}, nil
}

// create makes the file readable for its owner only; it holds everybody's messages.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("opening database: %w", err)
	}
	return f.Close()
}

func dsn(path string, pragmas ...string) string {
	q := url.Values{"_pragma": append([]string{"busy_timeout(5000)"}, pragmas...)}
	u := url.URL{Path: path}
	return "file:" + u.EscapedPath() + "?" + q.Encode()
}

// Open opens a store of a kind; see sdk.Module.OpenStore.
func (d *Driver) Open(_ context.Context, host, store, kind string) (any, error) {
	switch kind {
	case sdk.KindKeyval, sdk.KindMap, sdk.KindKeyvalPlus:
		return &table{d, host, store}, nil
	case sdk.KindArchive:
		return &archiveStore{d, host, store}, nil
	}
	return nil, sdk.ErrUnsupported
}

// Purge removes everything a user has on a host.
func (d *Driver) Purge(ctx context.Context, host, user string) error {
	return d.writer.write(ctx, everything, func(tx *tx) error {
		if _, err := tx.exec(`DELETE FROM "prosody" WHERE "host"=? AND "user"=?`, host, user); err != nil {
			return err
		}
		_, err := tx.exec(`DELETE FROM "prosodyarchive" WHERE "host"=? AND "user"=?`, host, user)
		return err
	})
}

// Stores are the names of the stores in which a user has data on a host, "" for what belongs to the host itself.
func (d *Driver) Stores(ctx context.Context, host, user string) (names []string, err error) {
	const query = `SELECT "store" FROM "prosody" WHERE "host"=? AND "user"=? UNION SELECT "store" FROM "prosodyarchive" WHERE "host"=? AND "user"=?`
	err = d.read(ctx, everything, func(q queryer) error {
		return q(query, []any{host, user, host, user}, func(scan func(...any) error) error {
			var name string
			err := scan(&name)
			names = append(names, name)
			return err
		})
	})
	return names, err
}

// Close commits what is open and closes the database. Writes fail from then on.
func (d *Driver) Close() error {
	d.prepared.Range(func(_, st any) bool {
		st.(*sql.Stmt).Close()
		return true
	})
	return errors.Join(d.writer.close(), d.pool.Close())
}

// queryer runs a query and calls row for each row of the answer.
type queryer func(query string, args []any, row func(scan func(...any) error) error) error

// read runs f on a connection that sees every write made to the place: the writer's as long as one is not committed. ctx does not
// interrupt a query: that takes a goroutine for each, and they last microseconds.
func (d *Driver) read(ctx context.Context, p place, f func(query queryer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if d.writer.dirty.has(p) {
		return d.writer.read(f)
	}
	return f(func(query string, args []any, row func(func(...any) error) error) error {
		st, err := d.statement(query)
		if err != nil {
			return err
		}
		rows, err := st.Query(args...)
		return eachRow(rows, err, row)
	})
}

func (d *Driver) statement(query string) (*sql.Stmt, error) {
	if st, ok := d.prepared.Load(query); ok {
		return st.(*sql.Stmt), nil
	}
	st, err := d.pool.Prepare(query)
	if err != nil {
		return nil, err
	}
	if other, loaded := d.prepared.LoadOrStore(query, st); loaded {
		st.Close()
		return other.(*sql.Stmt), nil
	}
	return st, nil
}

func eachRow(rows *sql.Rows, err error, row func(func(...any) error) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
