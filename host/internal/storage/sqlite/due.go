package sqlite

import (
	"fmt"

	"quatrain/host/internal/storage/value"
)

// Patches of one row that share a transaction need not write it each: the first does, so that who asks is told of what the database objects to, and what
// further ones change is written before anybody reads it, at the latest with the commit. Should that fail, it has failed as a commit does.

// dueRow is a row that the database does not have as it is to be.
type dueRow struct {
	at  place
	key string
	of  *record
}

// dueRows are the rows that are patched in the open transaction. Guarded by writer.mu.
type dueRows struct {
	patched map[*value.Members]bool   // written once at least
	rows    map[*value.Members]dueRow // to be written once more
}

func (d *dueRows) clear() {
	clear(d.patched)
	clear(d.rows)
}

// isPatched is whether the open transaction has written the row of these entries already.
func (w *writer) isPatched(m *value.Members) bool { return w.due.patched[m] }

// patchDone notes that the open transaction has written the row of these entries.
func (w *writer) patchDone(m *value.Members) {
	if w.due.patched == nil {
		w.due = dueRows{map[*value.Members]bool{}, map[*value.Members]dueRow{}}
	}
	w.due.patched[m] = true
}

// putOff has a row written later in the open transaction.
func (w *writer) putOff(row dueRow, m *value.Members) { w.due.rows[m] = row }

// upToDate writes what has been put off, for the commit, for further statements and for those who look at rows. When it fails the whole transaction is lost.
func (w *writer) upToDate() error {
	err := w.writeDue()
	if err != nil {
		_, _ = w.execNow("ROLLBACK") // SQLite may have done so
		w.settle(w.take(), err)
	}
	return err
}

func (w *writer) writeDue() error {
	for m, due := range w.due.rows {
		row := value.Row{Key: due.key, Type: value.TypeJSON, Text: m.Text()}
		if _, err := w.execNow(updateRow, row.Type, row.Text, due.at.host, due.at.user, due.at.store, row.Key); err != nil {
			return fmt.Errorf("writing what patches have changed: %w", err)
		}
		delete(w.due.rows, m)
		due.of.put(row)
	}
	return nil
}
