// Package archive answers archive queries on a list of entries that is held in memory, for drivers without a query language.
package archive

import (
	"fmt"
	"slices"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// List is an archive's entries, oldest addition first.
type List []sdk.ArchiveEntry

// Put is the list with e at its end, and without the entry that had its id.
func (l List) Put(e sdk.ArchiveEntry) List {
	if at := l.Index(e.ID); at >= 0 {
		l = slices.Delete(slices.Clone(l), at, at+1)
	}
	return append(l, e)
}

// Index is the position of an id, -1 if it is not there.
func (l List) Index(id string) int {
	return slices.IndexFunc(l, func(e sdk.ArchiveEntry) bool { return e.ID == id })
}

// Find is sdk.Archive.Find. The entries are those of the list, not copies.
func (l List) Find(q sdk.ArchiveQuery) (found List, total int, err error) {
	at, total, err := l.selected(q)
	if err != nil {
		return nil, -1, err
	}
	if q.Reverse {
		slices.Reverse(at)
	}
	if q.Limit > 0 && len(at) > q.Limit {
		at = at[:q.Limit]
	}
	for _, i := range at {
		found = append(found, l[i])
	}
	if !q.Total {
		total = -1
	}
	return found, total, nil
}

// selected are the positions that match, in order, and how many would without Before and After.
func (l List) selected(q sdk.ArchiveQuery) (at []int, total int, err error) {
	first, last := 0, len(l)
	if q.After != "" {
		if first = l.Index(q.After) + 1; first == 0 {
			return nil, 0, sdk.ErrItemNotFound
		}
	}
	if q.Before != "" {
		if last = l.Index(q.Before); last < 0 {
			return nil, 0, sdk.ErrItemNotFound
		}
	}
	for i := range l {
		if !Matches(&l[i], q) {
			continue
		}
		total++
		if i >= first && i < last {
			at = append(at, i)
		}
	}
	return at, total, nil
}

// Matches looks at what a query says of single entries; times are compared by the second.
func Matches(e *sdk.ArchiveEntry, q sdk.ArchiveQuery) bool {
	when := e.When.Unix()
	return (q.Start.IsZero() || when >= q.Start.Unix()) &&
		(q.End.IsZero() || when <= q.End.Unix()) &&
		(q.With == "" || e.With == q.With) &&
		(q.Key == "" || e.ID == q.Key) &&
		(q.IDs == nil || slices.Contains(q.IDs, e.ID))
}

// Delete is the list without what matches, and how much that was. Truncate keeps the newest of what matches, with Reverse the oldest.
func (l List) Delete(q sdk.ArchiveQuery) (rest List, deleted int, err error) {
	at, _, err := l.selected(q)
	if err != nil {
		return l, 0, err
	}
	if q.HasTruncate {
		keep := min(max(q.Truncate, 0), len(at))
		if q.Reverse {
			at = at[keep:]
		} else {
			at = at[:len(at)-keep]
		}
	}
	for i := range l {
		if len(at) > 0 && at[0] == i {
			at = at[1:]
			deleted++
			continue
		}
		rest = append(rest, l[i])
	}
	return rest, deleted, nil
}

// CheckAllUsers refuses what makes no sense when deleting from all users at once: ids and numbers that belong to one user's archive.
func CheckAllUsers(q sdk.ArchiveQuery) error {
	if q.AllUsers && (q.Before != "" || q.After != "" || q.HasTruncate) {
		return fmt.Errorf("%w: before, after or truncate for all users", sdk.ErrUnsupported)
	}
	return nil
}

// Summary counts what matches by With.
func (l List) Summary(q sdk.ArchiveQuery) (map[string]int, error) {
	at, _, err := l.selected(q)
	counts := map[string]int{}
	for _, i := range at {
		counts[l[i].With]++
	}
	return counts, err
}

// Dates are the days (UTC) that have entries, in order.
func (l List) Dates() []string {
	var dates []string
	for i := range l {
		dates = append(dates, l[i].When.UTC().Format(time.DateOnly))
	}
	slices.Sort(dates)
	return slices.Compact(dates)
}

// Stamp is a time as archives keep it: whole seconds, UTC; now for the zero time.
func Stamp(when time.Time) time.Time {
	if when.IsZero() {
		when = time.Now()
	}
	return time.Unix(when.Unix(), 0).UTC()
}

// Replaced is e with a new content; what is nil, zero or "" stays as it was.
func Replaced(e sdk.ArchiveEntry, st *stanza.Element, when time.Time, with string) sdk.ArchiveEntry {
	if st != nil {
		e.Stanza = st.Clone()
	}
	if !when.IsZero() {
		e.When = Stamp(when)
	}
	if with != "" {
		e.With = with
	}
	return e
}
