package sqlite

import (
	"context"
	"database/sql"
	"errors"

	sqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// tx is the writer's connection for the time of one write.
type tx struct{ w *writer }

// exec runs a statement and tells how many rows it changed.
func (t *tx) exec(query string, args ...any) (int, error) {
	r, err := t.w.exec(query, args...)
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	return int(n), err
}

func (t *tx) query(query string, args []any, row func(scan func(...any) error) error) error {
	return t.w.query(query, args, row)
}

// exec runs a statement after those that have been put off.
func (w *writer) exec(query string, args ...any) (sql.Result, error) {
	if err := w.upToDate(); err != nil {
		return nil, err
	}
	return w.execNow(query, args...)
}

func (w *writer) execNow(query string, args ...any) (sql.Result, error) {
	st, err := w.statement(query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(context.Background(), args...)
}

func (w *writer) query(query string, args []any, row func(scan func(...any) error) error) error {
	if err := w.upToDate(); err != nil {
		return err
	}
	st, err := w.statement(query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(context.Background(), args...)
	return eachRow(rows, err, row)
}

func (w *writer) statement(query string) (*sql.Stmt, error) {
	if st := w.prepared[query]; st != nil {
		return st, nil
	}
	st, err := w.conn.PrepareContext(context.Background(), query)
	if err == nil {
		w.prepared[query] = st
	}
	return st, err
}

// read runs f with the changes that are not committed.
func (w *writer) read(f func(queryer) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return errClosed
	}
	return f(w.query)
}

// broken tells errors after which nobody knows what is on the disk from those that pass (a full disk, a lock).
func broken(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return true
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_FULL, lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_NOMEM:
		return false
	}
	return true
}
