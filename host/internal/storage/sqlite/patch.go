package sqlite

import (
	"context"
	"errors"
	"maps"

	"quatrain/host/internal/storage/value"
	"quatrain/sdk"
)

var errNoName = errors.New(`a patch changes keys other than ""`)

// errLost refuses a patch of what is not there.
var errLost = errors.New("an earlier write was lost: all has to be written")

// Patch implements sdk.Patcher. Of a table that is changed entry by entry the texts of the others stay as they are.
func (t *table) Patch(ctx context.Context, user string, p sdk.Patch) error {
	rows, gone, err := patchedKeys(p)
	if err != nil {
		return t.fail("writing", user, err)
	}
	err = t.d.writer.change(ctx, t.at(user), func(tx *tx) (*change, error) {
		if tx.w.gaps[t.at(user)] {
			return nil, errLost
		}
		c, err := t.changeOf(tx, user)
		if err != nil {
			return nil, err
		}
		if c.hasMembers(p.Keys) {
			if err := tx.w.upToDate(); err != nil {
				return nil, err
			}
		}
		for _, r := range rows {
			c.put(r)
		}
		for _, key := range gone {
			c.remove(key)
		}
		for key, entries := range p.Entries {
			if err := c.patch(tx.w, key, entries); err != nil {
				return nil, err
			}
		}
		return c, nil
	})
	return t.fail("writing", user, err)
}

// patchedKeys are the rows of the keys that change as a whole, and those that go.
func patchedKeys(p sdk.Patch) (rows []value.Row, gone []string, err error) {
	if _, found := p.Entries[""]; found {
		return nil, nil, errNoName
	}
	for key, v := range p.Keys {
		switch {
		case key == "":
			return nil, nil, errNoName
		case v == nil:
			gone = append(gone, key)
			continue
		}
		r, err := value.Encode(key, v)
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, r)
	}
	return rows, gone, nil
}

// hasMembers is whether one of the rows is known entry by entry.
func (c *change) hasMembers(keys map[string]any) bool {
	for key := range keys {
		if c.old.members[key] != nil {
			return true
		}
	}
	return false
}

// patch changes entries of the table under a key.
func (c *change) patch(w *writer, key string, entries map[string]any) error {
	m := c.old.members[key]
	if m == nil {
		m = membersIn(c.old.rows[key])
	}
	if m == nil || !m.Fit(entries) {
		return c.patchWhole(w, key, entries)
	}
	texts, err := value.EncodeMembers(entries)
	if err != nil {
		return err
	}
	if c.members == nil {
		c.members = map[string]*value.Members{}
	}
	c.members[key] = m
	if w.isPatched(m) {
		c.later = append(c.later, memberPatch{key, m, texts})
		return nil
	}
	m.Put(texts) // if a statement fails the writer forgets the place, since this is no longer what is there
	c.put(value.Row{Key: key, Type: value.TypeJSON, Text: m.Text()})
	return nil
}

// membersIn are those of a row, none if there is no row; nil if it is no table of names.
func membersIn(r value.Row) *value.Members {
	if r.Key == "" {
		return value.NewMembers()
	}
	m, _ := value.MembersOf(r)
	return m
}

// patchWhole is patch for a table that is not all names.
func (c *change) patchWhole(w *writer, key string, entries map[string]any) error {
	if err := w.upToDate(); err != nil {
		return err
	}
	var t sdk.Data
	if v, err := c.old.rows[key].Decode(); err == nil {
		t, _ = value.Table(v)
	}
	t = maps.Clone(t)
	if t == nil {
		t = sdk.Data{}
	}
	for name, v := range entries {
		if v == nil {
			delete(t, name)
		} else {
			t[name] = v
		}
	}
	r, err := value.Encode(key, t)
	if err == nil {
		c.put(r)
	}
	return err
}

var _ sdk.Patcher = (*table)(nil)
