package sqlite

import "quatrain/host/internal/storage/value"

const (
	// worthKeeping is how many rows a place must have so that to keep them costs less than to read them.
	worthKeeping = 16
	// maxKept is about how many bytes of rows are kept.
	maxKept = 16 << 20
	// rowBytes is about what a row takes besides its texts.
	rowBytes = 100
)

// record is what stands in one place: the rows by key, and the entries of those that are changed entry by entry.
type record struct {
	rows    map[string]value.Row
	members map[string]*value.Members
	size    int // about the bytes of rows
	counted int // what of it is in records.bytes
}

func newRecord(rows []value.Row) *record {
	r := &record{rows: make(map[string]value.Row, len(rows)), members: map[string]*value.Members{}}
	for _, row := range rows {
		r.put(row)
	}
	return r
}

func sizeOf(row value.Row) int { return rowBytes + len(row.Key) + len(row.Text) }

func (r *record) put(row value.Row) {
	r.remove(row.Key)
	r.rows[row.Key] = row
	r.size += sizeOf(row)
}

func (r *record) remove(key string) {
	if old, there := r.rows[key]; there {
		r.size -= sizeOf(old)
		delete(r.rows, key)
	}
}

// records are what the writer knows to stand in the database, uncommitted writes included, so that a write finds out without reading what it
// changes. Guarded by writer.mu.
type records struct {
	at    map[place]*record
	bytes int
}

// put keeps a record that has been changed, unless it is cheap to read. With too much to keep all is forgotten.
func (k *records) put(p place, r *record) {
	if len(r.rows) < worthKeeping && len(r.members) == 0 {
		k.drop(p)
		return
	}
	if k.at == nil {
		k.at = map[place]*record{}
	}
	k.at[p] = r
	k.bytes += r.size - r.counted
	r.counted = r.size
	if k.bytes > maxKept {
		k.clear()
	}
}

// drop forgets a place, or everything.
func (k *records) drop(p place) {
	if p == everything {
		k.clear()
		return
	}
	if r := k.at[p]; r != nil {
		k.bytes -= r.counted
		delete(k.at, p)
	}
}

func (k *records) clear() { k.at, k.bytes = nil, 0 }
