package datadir

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"quatrain/host/internal/storage/value"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// table is a keyval, map or keyval+ store.
type table struct {
	d           *Driver
	host, store string
}

func (t *table) path(user string) string { return t.d.path(t.host, t.store, user, tableExt) }

func (t *table) fail(doing, user string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s store %q of user %q on host %q: %w", doing, t.store, user, t.host, err)
}

func (t *table) Get(_ context.Context, user string) (any, error) {
	l := t.d.lock(t.path(user))
	l.RLock()
	defer l.RUnlock()
	data, err := t.load(user)
	if data == nil || err != nil {
		return nil, t.fail("reading", user, err)
	}
	return value.ListOf(data), nil
}

// load is a user's table, empty if there is none. Call it under the lock.
func (t *table) load(user string) (sdk.Data, error) {
	text, ok, err := read(t.path(user))
	if err != nil || !ok {
		return nil, err
	}
	v, err := value.ParseLua(text)
	if err != nil {
		return nil, err
	}
	return value.Table(v)
}

// save replaces a user's table, or deletes it if it is empty. Call it under the lock.
func (t *table) save(user string, data sdk.Data) error {
	if len(data) == 0 {
		return removeFile(t.path(user))
	}
	text, err := value.AppendLua([]byte("return "), value.ListOf(data))
	if err != nil {
		return err
	}
	return replace(t.path(user), append(text, ";\n"...))
}

// own is the table with values that can be saved; stanzas become tables.
func own(data any) (sdk.Data, error) {
	t, err := value.Table(data)
	if err != nil {
		return nil, err
	}
	for k, v := range t {
		if e, ok := v.(*stanza.Element); ok {
			v = value.Preserialized(e)
		}
		c, err := value.Canonical(v)
		if err != nil {
			return nil, fmt.Errorf("key %q: %w", fmt.Sprint(k), err)
		}
		t[k] = c
	}
	return t, nil
}

func (t *table) Set(_ context.Context, user string, data any) error {
	c, err := own(data)
	if err != nil {
		return t.fail("writing", user, err)
	}
	l := t.d.lock(t.path(user))
	l.Lock()
	defer l.Unlock()
	return t.fail("writing", user, t.save(user, c))
}

func (t *table) Users(context.Context) iter.Seq2[string, error] {
	return eachUser(t.d.users(t.host, t.store, tableExt))
}

func (t *table) GetKey(_ context.Context, user, key string) (any, error) {
	l := t.d.lock(t.path(user))
	l.RLock()
	defer l.RUnlock()
	data, err := t.load(user)
	return data[key], t.fail("reading", user, err)
}

func (t *table) SetKey(ctx context.Context, user, key string, v any) error {
	return t.SetKeys(ctx, user, map[string]any{key: v})
}

func (t *table) SetKeys(_ context.Context, user string, values map[string]any) error {
	set, err := own(values)
	if err != nil {
		return t.fail("writing", user, err)
	}
	l := t.d.lock(t.path(user))
	l.Lock()
	defer l.Unlock()
	data, err := t.load(user)
	if err != nil {
		return t.fail("reading", user, err) // damaged, and not ours to overwrite
	}
	if data == nil {
		data = sdk.Data{}
	}
	for key := range values {
		if v, ok := set[key]; ok {
			data[key] = v
		} else {
			delete(data, key)
		}
	}
	return t.fail("writing", user, t.save(user, data))
}

var errNoKey = errors.New(`a key other than "" is needed to look at all users`)

func (t *table) GetKeyFromAll(ctx context.Context, key string) (map[string]any, error) {
	if key == "" {
		return nil, errNoKey
	}
	users, err := t.d.users(t.host, t.store, tableExt)
	if err != nil {
		return nil, err
	}
	found := map[string]any{}
	for _, user := range append(users, "") {
		v, err := t.GetKey(ctx, user, key)
		if err != nil {
			return nil, err
		}
		if v != nil {
			found[user] = v
		}
	}
	return found, nil
}

func (t *table) DeleteKeyFromAll(ctx context.Context, key string) error {
	if key == "" {
		return errNoKey
	}
	users, err := t.d.users(t.host, t.store, tableExt)
	for _, user := range append(users, "") {
		err = errors.Join(err, t.SetKey(ctx, user, key, nil))
	}
	return err
}

var _ sdk.KeyvalPlus = (*table)(nil)
