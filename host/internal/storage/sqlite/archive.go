package sqlite

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"

	"quatrain/host/internal/storage/archive"
	"quatrain/host/internal/storage/value"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

const (
	insertEntry = `INSERT INTO "prosodyarchive" ("host", "user", "store", "when", "with", "key", "type", "value") VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	deleteEntry = `DELETE FROM "prosodyarchive" WHERE "host"=? AND "user"=? AND "store"=? AND "key"=?`
	updateEntry = `UPDATE "prosodyarchive" SET "type"=coalesce(?, "type"), "value"=coalesce(?, "value"), "when"=coalesce(?, "when"),
		"with"=coalesce(?, "with") WHERE "host"=? AND "user"=? AND "store"=? AND "key"=?`
	countEntries = `SELECT count(*) FROM "prosodyarchive" WHERE "host"=? AND "user"=? AND "store"=?`
	selectDates  = `SELECT DISTINCT date("when", 'unixepoch') FROM "prosodyarchive" WHERE "host"=? AND "user"=? AND "store"=? ORDER BY 1`
	archiveUsers = `SELECT DISTINCT "user" FROM "prosodyarchive" WHERE "host"=? AND "store"=? AND "user"<>'' ORDER BY "user"`
)

// archiveStore is an archive store.
type archiveStore struct {
	d           *Driver
	host, store string
}

func (a *archiveStore) at(user string) place { return place{a.host, a.store, user} }

func (a *archiveStore) fail(doing, user string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s archive %q of user %q on host %q: %w", doing, a.store, user, a.host, err)
}

func (a *archiveStore) Append(ctx context.Context, user, key string, st *stanza.Element, when time.Time, with string) (string, error) {
	replace := key != ""
	if !replace {
		key = uuid.NewString()
	}
	text, stamp := st.String(), archive.Stamp(when).Unix()
	err := a.d.writer.write(ctx, a.at(user), func(tx *tx) error {
		if replace {
			if _, err := tx.exec(deleteEntry, a.host, user, a.store, key); err != nil {
				return err
			}
		}
		if err := a.room(tx, user); err != nil {
			return err
		}
		_, err := tx.exec(insertEntry, a.host, user, a.store, stamp, with, key, value.TypeXML, text)
		return err
	})
	return key, a.fail("appending to", user, err)
}

// room is ErrQuotaLimit if the archive is full.
func (a *archiveStore) room(tx *tx, user string) error {
	limit := a.d.limit(a.host, a.store)
	if limit <= 0 {
		return nil
	}
	n := 0
	err := tx.query(countEntries, []any{a.host, user, a.store}, func(scan func(...any) error) error { return scan(&n) })
	if err == nil && n >= limit {
		err = sdk.ErrQuotaLimit
	}
	return err
}

func (a *archiveStore) Get(ctx context.Context, user, id string) (sdk.ArchiveEntry, error) {
	if id == "" {
		return sdk.ArchiveEntry{}, sdk.ErrItemNotFound
	}
	found, _, err := a.Find(ctx, user, sdk.ArchiveQuery{Key: id, Limit: 1})
	if err == nil && len(found) == 0 {
		err = sdk.ErrItemNotFound
	}
	if err != nil {
		return sdk.ArchiveEntry{}, err
	}
	return found[0], nil
}

func (a *archiveStore) Replace(ctx context.Context, user, id string, st *stanza.Element, when time.Time, with string) error {
	var typ, text, stamp, other any
	if st != nil {
		typ, text = value.TypeXML, st.String()
	}
	if !when.IsZero() {
		stamp = when.Unix()
	}
	if with != "" {
		other = with
	}
	err := a.d.writer.write(ctx, a.at(user), func(tx *tx) error {
		n, err := tx.exec(updateEntry, typ, text, stamp, other, a.host, user, a.store, id)
		if err == nil && n == 0 {
			err = sdk.ErrItemNotFound
		}
		return err
	})
	return a.fail("changing", user, err)
}

func (a *archiveStore) Dates(ctx context.Context, user string) (dates []string, err error) {
	err = a.d.read(ctx, a.at(user), func(query queryer) error {
		return query(selectDates, []any{a.host, user, a.store}, func(scan func(...any) error) error {
			var day string
			err := scan(&day)
			dates = append(dates, day)
			return err
		})
	})
	return dates, a.fail("reading", user, err)
}

func (a *archiveStore) Users(ctx context.Context) iter.Seq2[string, error] {
	return users(ctx, a.d, archiveUsers, a.host, a.store)
}

func (a *archiveStore) Caps() sdk.ArchiveCaps {
	return sdk.ArchiveCaps{Total: true, Truncate: true, FullIDRange: true, IDs: true, WildcardDelete: true, Quota: a.d.limit(a.host, a.store)}
}

var _ sdk.Archive = (*archiveStore)(nil)
