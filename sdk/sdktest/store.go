package sdktest

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// OpenStore opens a store in memory, the same one for each name and kind of a host; keyval, map and keyval+ of a name are the same data.
func (m *module) OpenStore(_ context.Context, name, kind string) (any, error) {
	host := m.Host()
	if host == "*" {
		return nil, fmt.Errorf("opening store %q: global modules have no stores", name)
	}
	if name == "" {
		name = m.Name()
	}
	s := m.stage
	s.mu.Lock()
	defer s.mu.Unlock()
	key := host + "/" + name
	if kind == sdk.KindArchive {
		key += "/archive"
	}
	if s.stores[key] == nil {
		if kind == sdk.KindArchive {
			s.stores[key] = &archive{users: map[string][]sdk.ArchiveEntry{}}
		} else {
			s.stores[key] = &table{users: map[string]any{}}
		}
	}
	return s.stores[key], nil
}

// table is a store of values. They are not copied: whoever changes what it has given away, or got, tests nothing.
type table struct {
	mu    sync.Mutex // guards users
	users map[string]any
}

func (t *table) Get(_ context.Context, user string) (any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.users[user], nil
}

func (t *table) Set(_ context.Context, user string, data any) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if d, ok := data.(sdk.Data); data == nil || ok && len(d) == 0 {
		delete(t.users, user)
	} else {
		t.users[user] = data
	}
	return nil
}

func (t *table) Users(context.Context) iter.Seq2[string, error] {
	t.mu.Lock()
	defer t.mu.Unlock()
	return names(slices.Sorted(maps.Keys(t.users)))
}

func names(list []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, name := range list {
			if name != "" && !yield(name, nil) {
				return
			}
		}
	}
}

func (t *table) GetKey(_ context.Context, user, key string) (any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	d, _ := t.users[user].(sdk.Data)
	return d[key], nil
}

func (t *table) SetKey(ctx context.Context, user, key string, value any) error {
	return t.SetKeys(ctx, user, map[string]any{key: value})
}

func (t *table) SetKeys(_ context.Context, user string, values map[string]any) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	d, _ := t.users[user].(sdk.Data)
	d = maps.Clone(d)
	if d == nil {
		d = sdk.Data{}
	}
	for key, v := range values {
		if v == nil {
			delete(d, key)
		} else {
			d[key] = v
		}
	}
	t.users[user] = d
	return nil
}

func (t *table) GetKeyFromAll(_ context.Context, key string) (map[string]any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	found := map[string]any{}
	for user, data := range t.users {
		if d, ok := data.(sdk.Data); ok && d[key] != nil {
			found[user] = d[key]
		}
	}
	return found, nil
}

func (t *table) DeleteKeyFromAll(ctx context.Context, key string) error {
	all, err := t.GetKeyFromAll(ctx, key)
	for user := range all {
		err = t.SetKey(ctx, user, key, nil)
	}
	return err
}

// archive is an archive whose entries are in order of appending.
type archive struct {
	mu    sync.Mutex // guards the rest
	users map[string][]sdk.ArchiveEntry
	last  int
}

func (a *archive) Append(_ context.Context, user, key string, st *stanza.Element, when time.Time, with string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if key == "" {
		a.last++
		key = strconv.Itoa(a.last)
	}
	list := slices.DeleteFunc(a.users[user], func(e sdk.ArchiveEntry) bool { return e.ID == key })
	a.users[user] = append(list, sdk.ArchiveEntry{ID: key, Stanza: st.Clone(), When: when, With: with})
	return key, nil
}

func matches(e sdk.ArchiveEntry, q sdk.ArchiveQuery) bool {
	switch {
	case !q.Start.IsZero() && e.When.Before(q.Start), !q.End.IsZero() && e.When.After(q.End),
		q.With != "" && e.With != q.With, q.Key != "" && e.ID != q.Key, q.IDs != nil && !slices.Contains(q.IDs, e.ID):
		return false
	}
	return true
}

func (a *archive) Find(_ context.Context, user string, q sdk.ArchiveQuery) (list []sdk.ArchiveEntry, total int, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range a.users[user] {
		if matches(e, q) {
			list = append(list, e)
		}
	}
	total = -1
	if q.Total {
		total = len(list)
	}
	if list, err = between(list, q); err != nil {
		return nil, total, err
	}
	if q.Reverse {
		slices.Reverse(list)
	}
	if q.Limit > 0 && len(list) > q.Limit {
		list = list[:q.Limit]
	}
	return list, total, nil
}

// between cuts the list at the ids of a query.
func between(list []sdk.ArchiveEntry, q sdk.ArchiveQuery) ([]sdk.ArchiveEntry, error) {
	at := func(id string) int {
		return slices.IndexFunc(list, func(e sdk.ArchiveEntry) bool { return e.ID == id })
	}
	from, to := 0, len(list)
	if q.After != "" {
		if from = at(q.After) + 1; from == 0 {
			return nil, sdk.ErrItemNotFound
		}
	}
	if q.Before != "" {
		if to = at(q.Before); to < 0 {
			return nil, sdk.ErrItemNotFound
		}
	}
	return list[min(from, to):to], nil
}

func (a *archive) Get(ctx context.Context, user, id string) (sdk.ArchiveEntry, error) {
	list, _, err := a.Find(ctx, user, sdk.ArchiveQuery{Key: id})
	if err != nil || len(list) == 0 {
		return sdk.ArchiveEntry{}, sdk.ErrItemNotFound
	}
	return list[0], nil
}

func (a *archive) Replace(_ context.Context, user, id string, st *stanza.Element, when time.Time, with string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, e := range a.users[user] {
		if e.ID == id {
			a.users[user][i] = sdk.ArchiveEntry{ID: id, Stanza: st.Clone(), When: when, With: with}
			return nil
		}
	}
	return sdk.ErrItemNotFound
}

func (a *archive) Delete(_ context.Context, user string, q sdk.ArchiveQuery) (n int, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for name, list := range a.users {
		if name != user && !q.AllUsers {
			continue
		}
		newest := len(list)
		if q.HasTruncate {
			newest = len(list) - q.Truncate
		}
		kept := list[:0:0]
		for i, e := range list {
			if matches(e, q) && i < newest {
				n++
			} else {
				kept = append(kept, e)
			}
		}
		a.users[name] = kept
	}
	return n, nil
}

func (a *archive) Summary(ctx context.Context, user string, q sdk.ArchiveQuery) (map[string]int, error) {
	list, _, err := a.Find(ctx, user, q)
	counts := map[string]int{}
	for _, e := range list {
		counts[e.With]++
	}
	return counts, err
}

func (a *archive) Dates(ctx context.Context, user string) (days []string, err error) {
	list, _, err := a.Find(ctx, user, sdk.ArchiveQuery{})
	for _, e := range list {
		if day := e.When.UTC().Format(time.DateOnly); !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	return days, err
}

func (a *archive) Users(context.Context) iter.Seq2[string, error] {
	a.mu.Lock()
	defer a.mu.Unlock()
	return names(slices.Sorted(maps.Keys(a.users)))
}

func (*archive) Caps() sdk.ArchiveCaps {
	return sdk.ArchiveCaps{Total: true, Truncate: true, FullIDRange: true, IDs: true, WildcardDelete: true}
}

var (
	_ sdk.KeyvalPlus = (*table)(nil)
	_ sdk.Archive    = (*archive)(nil)
)
