package datadir

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"quatrain/host/internal/storage/archive"
	"quatrain/host/internal/storage/value"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// log is an archive store. An entry is a stanza's table with the fields key, when and with; each call reads the whole list.
type log struct {
	d           *Driver
	host, store string
}

func (l *log) path(user string) string { return l.d.path(l.host, l.store, user, listExt) }

func (l *log) fail(doing, user string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s archive %q of user %q on host %q: %w", doing, l.store, user, l.host, err)
}

// load is a user's list. Call it under the lock.
func (l *log) load(user string) (list archive.List, err error) {
	text, ok, err := read(l.path(user))
	if err != nil || !ok {
		return nil, err
	}
	items, err := parseItems(text)
	if err != nil {
		return nil, err
	}
	for i, item := range items {
		e, err := entry(item, i+1)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i+1, err)
		}
		list = append(list, e)
	}
	return list, nil
}

// endOfItem cannot stand inside an item: in a string, a backslash comes before the end of a line.
const endOfItem = ");\n"

// parseItems reads a list. When the server was killed while it added an item, the beginning of that item, which nobody was told of, may
// be at the end; it does not count.
func parseItems(text string) ([]any, error) {
	items, err := value.ParseLuaItems(text)
	if err == nil || strings.HasSuffix(text, "\n") {
		return items, err
	}
	whole := 0
	if at := strings.LastIndex(text, endOfItem); at >= 0 {
		whole = at + len(endOfItem)
	}
	return value.ParseLuaItems(text[:whole])
}

// entry is an item of a list file. Old lists (of offline messages) have neither keys nor times; there the time is in the stanza.
func entry(item any, number int) (e sdk.ArchiveEntry, err error) {
	if e.Stanza, err = value.Stanza(item); err != nil {
		return e, err
	}
	t := item.(sdk.Data) // or it would not be a stanza
	e.ID, _ = t["key"].(string)
	if e.ID == "" {
		e.ID = strconv.Itoa(number)
	}
	e.With, _ = t["with"].(string)
	if when, ok := t["when"].(float64); ok {
		e.When = time.Unix(int64(when), 0).UTC()
	} else {
		e.When, _ = time.Parse(time.RFC3339, e.Stanza.Attr("stamp")) // without a time it is as old as can be
	}
	e.Stanza.DelAttr("stamp")
	e.Stanza.DelAttr("stamp_legacy")
	return e, nil
}

func appendItem(dst []byte, e *sdk.ArchiveEntry) ([]byte, error) {
	t := value.Preserialized(e.Stanza)
	t["attr"].(sdk.Data)["stamp"] = e.When.UTC().Format(time.RFC3339)
	t["key"], t["when"], t["with"] = e.ID, float64(e.When.Unix()), e.With
	dst, err := value.AppendLua(append(dst, "item("...), t)
	return append(dst, endOfItem...), err
}

// save replaces a user's list. Call it under the lock.
func (l *log) save(user string, list archive.List) error {
	if len(list) == 0 {
		return removeFile(l.path(user))
	}
	var text []byte
	for i := range list {
		var err error
		if text, err = appendItem(text, &list[i]); err != nil {
			return err
		}
	}
	return replace(l.path(user), text)
}

func (l *log) Append(_ context.Context, user, key string, st *stanza.Element, when time.Time, with string) (string, error) {
	fresh := key == ""
	if fresh {
		key = uuid.NewString()
	}
	e := sdk.ArchiveEntry{ID: key, Stanza: st, When: archive.Stamp(when), With: with}
	lock := l.d.lock(l.path(user))
	lock.Lock()
	defer lock.Unlock()
	if limit := l.d.limit(l.host, l.store); fresh && limit <= 0 {
		return key, l.fail("appending to", user, l.extend(user, &e))
	}
	return key, l.fail("appending to", user, l.add(user, e))
}

// extend writes e at the end, once what a kill left there is gone. Call it under the lock.
func (l *log) extend(user string, e *sdk.ArchiveEntry) error {
	if torn(l.path(user)) {
		list, err := l.load(user)
		if err != nil {
			return err
		}
		return l.save(user, append(list, *e))
	}
	text, err := appendItem(nil, e)
	if err != nil {
		return err
	}
	return extend(l.path(user), text)
}

// add looks at what is there before it appends.
func (l *log) add(user string, e sdk.ArchiveEntry) error {
	list, err := l.load(user)
	if err != nil {
		return err
	}
	replaces := list.Index(e.ID) >= 0
	list = list.Put(e)
	if limit := l.d.limit(l.host, l.store); limit > 0 && len(list) > limit {
		return sdk.ErrQuotaLimit
	}
	if replaces {
		return l.save(user, list)
	}
	return l.extend(user, &e)
}

func (l *log) list(user string) (archive.List, error) {
	lock := l.d.lock(l.path(user))
	lock.RLock()
	defer lock.RUnlock()
	return l.load(user)
}

func (l *log) Find(_ context.Context, user string, q sdk.ArchiveQuery) ([]sdk.ArchiveEntry, int, error) {
	list, err := l.list(user)
	if err != nil {
		return nil, -1, l.fail("reading", user, err)
	}
	return list.Find(q)
}

func (l *log) Get(ctx context.Context, user, id string) (sdk.ArchiveEntry, error) {
	list, err := l.list(user)
	if err != nil {
		return sdk.ArchiveEntry{}, l.fail("reading", user, err)
	}
	if at := list.Index(id); at >= 0 {
		return list[at], nil
	}
	return sdk.ArchiveEntry{}, sdk.ErrItemNotFound
}

// change replaces a user's list by what f makes of it, unless f fails.
func (l *log) change(user string, f func(archive.List) (archive.List, error)) error {
	lock := l.d.lock(l.path(user))
	lock.Lock()
	defer lock.Unlock()
	list, err := l.load(user)
	if err != nil {
		return err
	}
	changed, err := f(list)
	if err != nil || changed == nil && list == nil {
		return err
	}
	return l.save(user, changed)
}

func (l *log) Replace(_ context.Context, user, id string, st *stanza.Element, when time.Time, with string) error {
	return l.fail("changing", user, l.change(user, func(list archive.List) (archive.List, error) {
		at := list.Index(id)
		if at < 0 {
			return nil, sdk.ErrItemNotFound
		}
		list[at] = archive.Replaced(list[at], st, when, with)
		return list, nil
	}))
}

func (l *log) Delete(_ context.Context, user string, q sdk.ArchiveQuery) (deleted int, err error) {
	if err := archive.CheckAllUsers(q); err != nil {
		return 0, err
	}
	users := []string{user}
	if q.AllUsers {
		users, err = l.d.users(l.host, l.store, listExt)
		users = append(users, "")
	}
	for _, user := range users {
		err = errors.Join(err, l.fail("deleting from", user, l.change(user, func(list archive.List) (archive.List, error) {
			rest, n, err := list.Delete(q)
			deleted += n
			return rest, err
		})))
	}
	return deleted, err
}

func (l *log) Summary(_ context.Context, user string, q sdk.ArchiveQuery) (map[string]int, error) {
	list, err := l.list(user)
	if err != nil {
		return nil, l.fail("reading", user, err)
	}
	return list.Summary(q)
}

func (l *log) Dates(_ context.Context, user string) ([]string, error) {
	list, err := l.list(user)
	return list.Dates(), l.fail("reading", user, err)
}

func (l *log) Users(context.Context) iter.Seq2[string, error] {
	return eachUser(l.d.users(l.host, l.store, listExt))
}

func (l *log) Caps() sdk.ArchiveCaps {
	return sdk.ArchiveCaps{Total: true, Truncate: true, FullIDRange: true, IDs: true, WildcardDelete: true, Quota: l.d.limit(l.host, l.store)}
}

var _ sdk.Archive = (*log)(nil)
