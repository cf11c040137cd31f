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
		for _, r := range rows {
			c.put(r)
		}
		for _, key := range gone {
			c.remove(key)
		}
		for key, entries := range p.Entries {
			if err := c.patch(key, entries); err != nil {
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

// patch changes entries of the table under a key.
func (c *change) patch(key string, entries map[string]any) error {
	old := c.old.rows[key]
	m := c.old.members[key]
	if m == nil {
		m, _ = value.MembersOf(old)
	}
	if old.Key == "" { // there is no such row
		m = value.NewMembers()
	}
	if m == nil || !m.Fit(entries) {
		return c.patchWhole(old, key, entries)
	}
	for name, v := range entries {
		if err := m.Put(name, v); err != nil {
			return err // the writer forgets the place, since what is kept of it is no longer what is there
		}
	}
	c.put(value.Row{Key: key, Type: value.TypeJSON, Text: m.Text()})
	if c.members == nil {
		c.members = map[string]*value.Members{}
	}
	c.members[key] = m
	return nil
}

// patchWhole is patch for a table that is not all names.
func (c *change) patchWhole(old value.Row, key string, entries map[string]any) error {
	var t sdk.Data
	if v, err := old.Decode(); err == nil {
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
