package sqlite

import (
	"context"

	"quatrain/host/internal/storage/value"
	"quatrain/sdk"
)

// GetKey reads one row; the key "" is one of those that share the row for what is not a name.
func (t *table) GetKey(ctx context.Context, user, key string) (v any, err error) {
	err = t.d.read(ctx, t.at(user), func(query queryer) error {
		if key == "" {
			rest, err := t.rest(query, user)
			v = rest[key]
			return err
		}
		rows, err := rowsOf(query, selectRow, t.host, user, t.store, key)
		if err != nil || len(rows) == 0 {
			return err
		}
		v, err = rows[len(rows)-1].Decode()
		return err
	})
	return v, t.fail("reading", user, err)
}

// rest is what the row with the empty key holds.
func (t *table) rest(query queryer, user string) (sdk.Data, error) {
	rows, err := rowsOf(query, selectRow, t.host, user, t.store, "")
	if err != nil {
		return nil, err
	}
	rest, err := value.FromRows(rows)
	if err != nil {
		return nil, err
	}
	return value.Table(rest)
}

func (t *table) SetKey(ctx context.Context, user, key string, v any) error {
	return t.SetKeys(ctx, user, map[string]any{key: v})
}

func (t *table) SetKeys(ctx context.Context, user string, values map[string]any) error {
	rows := make(map[string]*value.Row, len(values))
	for key, v := range values {
		rows[key] = nil
		if v == nil {
			continue
		}
		r, err := value.Encode(key, v)
		if err != nil {
			return t.fail("writing", user, err)
		}
		rows[key] = &r
	}
	err := t.d.writer.write(ctx, t.at(user), func(tx *tx) error {
		for key, r := range rows {
			if err := t.setRow(tx, user, key, r, values[key]); err != nil {
				return err
			}
		}
		return nil
	})
	return t.fail("writing", user, err)
}

func (t *table) setRow(tx *tx, user, key string, r *value.Row, v any) error {
	if key == "" {
		rest, err := t.rest(tx.query, user)
		if err != nil {
			return err // damaged, and not ours to overwrite
		}
		r, err = restWith(rest, v)
		if err != nil {
			return err
		}
	}
	if _, err := tx.exec(deleteRow, t.host, user, t.store, key); err != nil || r == nil {
		return err
	}
	return t.insert(tx, user, *r)
}

// restWith is the row for the rest with another value of the key "".
func restWith(rest sdk.Data, v any) (*value.Row, error) {
	if v == nil {
		delete(rest, "")
	} else {
		rest[""] = v
	}
	if len(rest) == 0 {
		return nil, nil
	}
	r, err := value.Encode("", rest)
	return &r, err
}

func (t *table) GetKeyFromAll(ctx context.Context, key string) (map[string]any, error) {
	if key == "" {
		return nil, errNoKey
	}
	found := map[string]any{}
	var user string
	err := t.d.read(ctx, everything, func(query queryer) error {
		return query(selectForAll, []any{t.host, t.store, key}, func(scan func(...any) error) error {
			var r value.Row
			err := scan(&user, &r.Key, &r.Type, &r.Text)
			if err == nil {
				found[user], err = r.Decode()
			}
			return err
		})
	})
	if err != nil {
		return nil, t.fail("reading", user, err)
	}
	return found, nil
}

func (t *table) DeleteKeyFromAll(ctx context.Context, key string) error {
	if key == "" {
		return errNoKey
	}
	err := t.d.writer.write(ctx, everything, func(tx *tx) error {
		_, err := tx.exec(deleteForAll, t.host, t.store, key)
		return err
	})
	return t.fail("deleting from", "*", err)
}
