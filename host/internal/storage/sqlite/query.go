package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"quatrain/host/internal/storage/archive"
	"quatrain/host/internal/storage/value"
	"quatrain/sdk"
)

const lookUpID = `SELECT "sort_id" FROM "prosodyarchive" WHERE "host"=? AND "user"=? AND "store"=? AND "key"=?`

// condition is a WHERE clause under construction.
type condition struct {
	terms []string
	args  []any
}

func (c *condition) add(term string, args ...any) {
	c.terms = append(c.terms, term)
	c.args = append(c.args, args...)
}

func (c *condition) where() string { return ` WHERE ` + strings.Join(c.terms, " AND ") }

// condition says what a query says of single entries.
func (a *archiveStore) condition(user string, q sdk.ArchiveQuery) *condition {
	c := &condition{}
	c.add(`"host"=? AND "store"=?`, a.host, a.store)
	if !q.AllUsers {
		c.add(`"user"=?`, user)
	}
	if !q.Start.IsZero() {
		c.add(`"when">=?`, q.Start.Unix())
	}
	if !q.End.IsZero() {
		c.add(`"when"<?`, q.End.Unix()+1) // Prosody's newer versions store fractions
	}
	if q.With != "" {
		c.add(`"with"=?`, q.With)
	}
	if q.Key != "" {
		c.add(`"key"=?`, q.Key)
	}
	if q.IDs != nil {
		list, _ := json.Marshal(q.IDs) // strings always have a form
		c.add(`"key" IN (SELECT "value" FROM json_each(?))`, string(list))
	}
	return c
}

// addRange adds Before and After; ErrItemNotFound if they are not there.
func (a *archiveStore) addRange(query queryer, c *condition, user string, q sdk.ArchiveQuery) error {
	for _, r := range []struct{ id, term string }{{q.After, `"sort_id">?`}, {q.Before, `"sort_id"<?`}} {
		if r.id == "" {
			continue
		}
		at := int64(-1)
		err := query(lookUpID, []any{a.host, user, a.store, r.id}, func(scan func(...any) error) error { return scan(&at) })
		if err == nil && at < 0 {
			err = sdk.ErrItemNotFound
		}
		if err != nil {
			return err
		}
		c.add(r.term, at)
	}
	return nil
}

func (a *archiveStore) Find(ctx context.Context, user string, q sdk.ArchiveQuery) (found []sdk.ArchiveEntry, total int, err error) {
	total = -1
	q.AllUsers = false
	err = a.d.read(ctx, a.at(user), func(query queryer) error {
		c := a.condition(user, q)
		if q.Total {
			count := `SELECT count(*) FROM "prosodyarchive"` + c.where()
			if err := query(count, c.args, func(scan func(...any) error) error { return scan(&total) }); err != nil {
				return err
			}
		}
		if err := a.addRange(query, c, user, q); err != nil {
			return err
		}
		found, err = a.page(query, c, q)
		return err
	})
	return found, total, a.fail("reading", user, err)
}

func (a *archiveStore) page(query queryer, c *condition, q sdk.ArchiveQuery) (found []sdk.ArchiveEntry, err error) {
	order, limit := " ASC", -1
	if q.Reverse {
		order = " DESC"
	}
	if q.Limit > 0 {
		limit = q.Limit
	}
	statement := `SELECT "key", "type", "value", "when", "with" FROM "prosodyarchive"` + c.where() + ` ORDER BY "sort_id"` + order + ` LIMIT ?`
	err = query(statement, append(c.args, limit), func(scan func(...any) error) error {
		e, err := entry(scan)
		found = append(found, e)
		return err
	})
	return found, err
}

func entry(scan func(...any) error) (e sdk.ArchiveEntry, err error) {
	var r value.Row
	var when float64
	if err := scan(&r.Key, &r.Type, &r.Text, &when, &e.With); err != nil {
		return e, err
	}
	v, err := r.Decode()
	if err == nil {
		e.Stanza, err = value.Stanza(v)
	}
	if err != nil {
		return e, fmt.Errorf("entry %q: %w", r.Key, err)
	}
	e.ID, e.When = r.Key, time.Unix(int64(when), 0).UTC()
	return e, nil
}

func (a *archiveStore) Summary(ctx context.Context, user string, q sdk.ArchiveQuery) (map[string]int, error) {
	counts := map[string]int{}
	q.AllUsers = false
	err := a.d.read(ctx, a.at(user), func(query queryer) error {
		c := a.condition(user, q)
		if err := a.addRange(query, c, user, q); err != nil {
			return err
		}
		statement := `SELECT "with", count(*) FROM "prosodyarchive"` + c.where() + ` GROUP BY "with"`
		return query(statement, c.args, func(scan func(...any) error) error {
			var with string
			var n int
			err := scan(&with, &n)
			counts[with] = n
			return err
		})
	})
	return counts, a.fail("reading", user, err)
}

func (a *archiveStore) Delete(ctx context.Context, user string, q sdk.ArchiveQuery) (deleted int, err error) {
	if err := archive.CheckAllUsers(q); err != nil {
		return 0, err
	}
	at := a.at(user)
	if q.AllUsers {
		at = everything
	}
	err = a.d.writer.write(ctx, at, func(tx *tx) error {
		c := a.condition(user, q)
		if err := a.addRange(tx.query, c, user, q); err != nil {
			return err
		}
		deleted, err = tx.exec(deletion(c, q), c.args...)
		return err
	})
	return deleted, a.fail("deleting from", user, err)
}

// deletion is the statement that deletes what c says, except as many as Truncate keeps.
func deletion(c *condition, q sdk.ArchiveQuery) string {
	if !q.HasTruncate {
		return `DELETE FROM "prosodyarchive"` + c.where()
	}
	order := " DESC"
	if q.Reverse {
		order = " ASC"
	}
	statement := `DELETE FROM "prosodyarchive" WHERE "sort_id" IN (SELECT "sort_id" FROM "prosodyarchive"` + c.where() +
		` ORDER BY "sort_id"` + order + ` LIMIT -1 OFFSET ?)`
	c.args = append(c.args, max(q.Truncate, 0))
	return statement
}
