package sqlite

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"quatrain/host/internal/storage/value"
	"quatrain/sdk"
)

const (
	selectRows   = `SELECT "key", "type", "value" FROM "prosody" WHERE "host"=? AND "user"=? AND "store"=?`
	selectRow    = selectRows + ` AND "key"=?`
	selectUsers  = `SELECT DISTINCT "user" FROM "prosody" WHERE "host"=? AND "store"=? AND "user"<>'' ORDER BY "user"`
	selectForAll = `SELECT "user", "key", "type", "value" FROM "prosody" WHERE "host"=? AND "store"=? AND "key"=?`
	updateRow    = `UPDATE "prosody" SET "type"=?, "value"=? WHERE "host"=? AND "user"=? AND "store"=? AND "key"=?`
	insertRow    = `INSERT INTO "prosody" ("host", "user", "store", "key", "type", "value") VALUES (?, ?, ?, ?, ?, ?)`
	deleteRows   = `DELETE FROM "prosody" WHERE "host"=? AND "user"=? AND "store"=?`
	deleteRow    = deleteRows + ` AND "key"=?`
	deleteForAll = `DELETE FROM "prosody" WHERE "host"=? AND "store"=? AND "key"=?`
)

// table is a keyval, map or keyval+ store.
type table struct {
	d           *Driver
	host, store string
}

func (t *table) at(user string) place { return place{t.host, t.store, user} }

// fail names what could not be done to whose data.
func (t *table) fail(doing, user string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s store %q of user %q on host %q: %w", doing, t.store, user, t.host, err)
}

func (t *table) Get(ctx context.Context, user string) (any, error) {
	var data any
	err := t.d.read(ctx, t.at(user), func(query queryer) error {
		rows, err := rowsOf(query, selectRows, t.host, user, t.store)
		if err == nil {
			data, err = value.FromRows(rows)
		}
		return err
	})
	return data, t.fail("reading", user, err)
}

func rowsOf(query queryer, statement string, args ...any) (rows []value.Row, err error) {
	err = query(statement, args, func(scan func(...any) error) error {
		var r value.Row
		err := scan(&r.Key, &r.Type, &r.Text)
		rows = append(rows, r)
		return err
	})
	return rows, err
}

func (t *table) Set(ctx context.Context, user string, data any) error {
	rows, err := value.Rows(data)
	if err != nil {
		return t.fail("writing", user, err)
	}
	err = t.d.writer.change(ctx, t.at(user), func(tx *tx) (*change, error) {
		if err := tx.w.upToDate(); err != nil {
			return nil, err
		}
		c, err := t.changeOf(tx, user)
		if err == nil {
			c.replace(rows)
		}
		return c, err
	})
	return t.fail("writing", user, err)
}

func (t *table) insert(tx *tx, user string, r value.Row) error {
	_, err := tx.exec(insertRow, t.host, user, t.store, r.Key, r.Type, r.Text)
	return err
}

func (t *table) Users(ctx context.Context) iter.Seq2[string, error] {
	return users(ctx, t.d, selectUsers, t.host, t.store)
}

// users reads all before it yields the first, so that no connection is held meanwhile.
func users(ctx context.Context, d *Driver, statement, host, store string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var names []string
		err := d.read(ctx, everything, func(query queryer) error {
			return query(statement, []any{host, store}, func(scan func(...any) error) error {
				var name string
				err := scan(&name)
				names = append(names, name)
				return err
			})
		})
		if err != nil {
			yield("", fmt.Errorf("listing users of store %q on host %q: %w", store, host, err))
			return
		}
		for _, name := range names {
			if !yield(name, nil) {
				return
			}
		}
	}
}

var errNoKey = errors.New(`a key other than "" is needed to look at all users`)

var _ sdk.KeyvalPlus = (*table)(nil)
