package memory

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"

	"quatrain/host/internal/storage/archive"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// log is an archive store.
type log struct {
	d           *Driver
	host, store string
}

func (l *log) at(user string) place { return place{l.host, l.store, user} }

func (l *log) Append(_ context.Context, user, key string, st *stanza.Element, when time.Time, with string) (string, error) {
	fresh := key == ""
	if fresh {
		key = uuid.NewString()
	}
	e := sdk.ArchiveEntry{ID: key, Stanza: st.Clone(), When: archive.Stamp(when), With: with}
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	list := l.d.archives[l.at(user)]
	if fresh {
		list = append(list, e)
	} else {
		list = list.Put(e)
	}
	if limit := l.d.limit(l.host, l.store); limit > 0 && len(list) > limit {
		return "", sdk.ErrQuotaLimit
	}
	l.d.archives[l.at(user)] = list
	return key, nil
}

func (l *log) Find(_ context.Context, user string, q sdk.ArchiveQuery) ([]sdk.ArchiveEntry, int, error) {
	l.d.mu.RLock()
	defer l.d.mu.RUnlock()
	found, total, err := l.d.archives[l.at(user)].Find(q)
	for i := range found {
		found[i].Stanza = found[i].Stanza.Clone()
	}
	return found, total, err
}

func (l *log) Get(ctx context.Context, user, id string) (sdk.ArchiveEntry, error) {
	found, _, err := l.Find(ctx, user, sdk.ArchiveQuery{Key: id, Limit: 1})
	if err == nil && (id == "" || len(found) == 0) {
		err = sdk.ErrItemNotFound
	}
	if err != nil {
		return sdk.ArchiveEntry{}, err
	}
	return found[0], nil
}

func (l *log) Replace(_ context.Context, user, id string, st *stanza.Element, when time.Time, with string) error {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	list := l.d.archives[l.at(user)]
	at := list.Index(id)
	if at < 0 {
		return sdk.ErrItemNotFound
	}
	list = slices.Clone(list)
	list[at] = archive.Replaced(list[at], st, when, with)
	l.d.archives[l.at(user)] = list
	return nil
}

func (l *log) Delete(_ context.Context, user string, q sdk.ArchiveQuery) (int, error) {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	if !q.AllUsers {
		return l.remove(l.at(user), q)
	}
	if err := archive.CheckAllUsers(q); err != nil {
		return 0, err
	}
	total := 0
	for p := range l.d.archives {
		if p.host != l.host || p.store != l.store {
			continue
		}
		n, err := l.remove(p, q)
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

func (l *log) remove(p place, q sdk.ArchiveQuery) (int, error) {
	rest, n, err := l.d.archives[p].Delete(q)
	if err != nil {
		return 0, err
	}
	if len(rest) == 0 {
		delete(l.d.archives, p)
	} else {
		l.d.archives[p] = rest
	}
	return n, nil
}

func (l *log) Summary(_ context.Context, user string, q sdk.ArchiveQuery) (map[string]int, error) {
	l.d.mu.RLock()
	defer l.d.mu.RUnlock()
	return l.d.archives[l.at(user)].Summary(q)
}

func (l *log) Dates(_ context.Context, user string) ([]string, error) {
	l.d.mu.RLock()
	defer l.d.mu.RUnlock()
	return l.d.archives[l.at(user)].Dates(), nil
}

func (l *log) Users(_ context.Context) iter.Seq2[string, error] {
	l.d.mu.RLock()
	defer l.d.mu.RUnlock()
	var users []string
	for p := range l.d.archives {
		if p.host == l.host && p.store == l.store && p.user != "" {
			users = append(users, p.user)
		}
	}
	return each(users)
}

func (l *log) Caps() sdk.ArchiveCaps {
	return sdk.ArchiveCaps{Total: true, Truncate: true, FullIDRange: true, IDs: true, WildcardDelete: true, Quota: l.d.limit(l.host, l.store)}
}

var _ sdk.Archive = (*log)(nil)
