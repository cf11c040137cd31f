package sqlite

import (
	"quatrain/host/internal/storage/value"
)

// statement is SQL with its arguments.
type statement struct {
	query string
	args  []any
}

// change is what one write does to a place: the statements that make the rows be others, found before the first of them runs.
type change struct {
	t          *table
	user       string
	old        *record
	statements []statement
	rows       []value.Row // new ones
	gone       []string    // keys
	members    map[string]*value.Members
	later      []memberPatch // changes without a statement yet
	whole      bool          // after it there is nothing else
}

// memberPatch changes entries of the table under a key.
type memberPatch struct {
	key     string
	members *value.Members
	texts   value.MemberTexts
}

// changeOf begins with what there is.
func (t *table) changeOf(tx *tx, user string) (*change, error) {
	c := &change{t: t, user: user}
	if c.old = tx.w.kept.at[t.at(user)]; c.old != nil {
		return c, nil
	}
	there, err := rowsOf(tx.query, selectRows, t.host, user, t.store)
	if err != nil {
		return nil, err
	}
	c.old = newRecord(there)
	if len(c.old.rows) < len(there) { // the table does not forbid that a key stands twice
		c.add(deleteRows, t.host, user, t.store)
		c.rewrite()
	}
	return c, nil
}

// rewrite writes all rows that there are once more.
func (c *change) rewrite() {
	for _, r := range c.old.rows {
		c.insert(r)
	}
}

func (c *change) add(query string, args ...any) {
	c.statements = append(c.statements, statement{query, args})
}

func (c *change) insert(r value.Row) {
	c.add(insertRow, c.t.host, c.user, c.t.store, r.Key, r.Type, r.Text)
}

// put writes a row unless it is there.
func (c *change) put(r value.Row) {
	was, there := c.old.rows[r.Key]
	switch {
	case !there:
		c.insert(r)
	case was == r:
		return
	default:
		c.add(updateRow, r.Type, r.Text, c.t.host, c.user, c.t.store, r.Key)
	}
	c.rows = append(c.rows, r)
}

func (c *change) remove(key string) {
	if _, there := c.old.rows[key]; there {
		c.add(deleteRow, c.t.host, c.user, c.t.store, key)
		c.gone = append(c.gone, key)
	}
}

// replace makes these the only rows: of a room with many members few differ, and to look costs less than to write.
func (c *change) replace(rows []value.Row) {
	c.whole = true
	stays := make(map[string]bool, len(rows))
	for _, r := range rows {
		c.put(r)
		stays[r.Key] = true
	}
	for key := range c.old.rows {
		if !stays[key] {
			c.remove(key)
		}
	}
}

// done tells that the statements have run: what is kept is what is there now.
func (c *change) done(w *writer) {
	at := c.t.at(c.user)
	if c.whole {
		delete(w.gaps, at)
	}
	for _, key := range c.gone {
		c.old.remove(key)
		delete(c.old.members, key)
	}
	for _, r := range c.rows {
		c.old.put(r)
		delete(c.old.members, r.Key)
	}
	for key, m := range c.members {
		c.old.members[key] = m
		w.patchDone(m)
	}
	for _, p := range c.later {
		p.members.Put(p.texts)
		w.putOff(dueRow{at, p.key, c.old}, p.members)
	}
	w.kept.put(at, c.old)
}
