package memory

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"quatrain/host/internal/storage/value"
	"quatrain/sdk"
)

// table is a keyval, map or keyval+ store.
type table struct {
	d           *Driver
	host, store string
}

func (t *table) at(user string) place { return place{t.host, t.store, user} }

func (t *table) Get(_ context.Context, user string) (any, error) {
	t.d.mu.RLock()
	defer t.d.mu.RUnlock()
	data := t.d.tables[t.at(user)]
	if data == nil {
		return nil, nil
	}
	c := make(sdk.Data, len(data))
	for k, v := range data {
		c[k] = lent(v)
	}
	return value.ListOf(c), nil
}

func (t *table) Set(_ context.Context, user string, data any) error {
	c, err := value.Table(data)
	if err == nil {
		err = own(c)
	}
	if err != nil {
		return fmt.Errorf("store %q: %w", t.store, err)
	}
	t.d.mu.Lock()
	defer t.d.mu.Unlock()
	t.put(user, c)
	return nil
}

// own replaces the values of a table by copies.
func own(c sdk.Data) error {
	for k, v := range c {
		s, err := stored(v)
		if err != nil {
			return fmt.Errorf("key %q: %w", fmt.Sprint(k), err)
		}
		c[k] = s
	}
	return nil
}

func (t *table) put(user string, data sdk.Data) {
	if len(data) == 0 {
		delete(t.d.tables, t.at(user))
	} else {
		t.d.tables[t.at(user)] = data
	}
}

func (t *table) Users(_ context.Context) iter.Seq2[string, error] {
	t.d.mu.RLock()
	defer t.d.mu.RUnlock()
	var users []string
	for p := range t.d.tables {
		if p.host == t.host && p.store == t.store && p.user != "" {
			users = append(users, p.user)
		}
	}
	return each(users)
}

func each(users []string) iter.Seq2[string, error] {
	slices.Sort(users)
	return func(yield func(string, error) bool) {
		for _, u := range users {
			if !yield(u, nil) {
				return
			}
		}
	}
}

func (t *table) GetKey(_ context.Context, user, key string) (any, error) {
	t.d.mu.RLock()
	defer t.d.mu.RUnlock()
	return lent(t.d.tables[t.at(user)][key]), nil
}

func (t *table) SetKey(ctx context.Context, user, key string, v any) error {
	return t.SetKeys(ctx, user, map[string]any{key: v})
}

func (t *table) SetKeys(_ context.Context, user string, values map[string]any) error {
	c := sdk.Data{}
	for k, v := range values {
		c[k] = v
	}
	if err := own(c); err != nil {
		return fmt.Errorf("store %q: %w", t.store, err)
	}
	t.d.mu.Lock()
	defer t.d.mu.Unlock()
	t.put(user, merged(t.d.tables[t.at(user)], c))
	return nil
}

// merged is old, changed in place, with the values of c; nil removes.
func merged(old, c sdk.Data) sdk.Data {
	if old == nil {
		old = sdk.Data{}
	}
	for k, v := range c {
		if v == nil {
			delete(old, k)
		} else {
			old[k] = v
		}
	}
	return old
}

var errNoKey = errors.New(`a key other than "" is needed to look at all users`)

func (t *table) GetKeyFromAll(_ context.Context, key string) (map[string]any, error) {
	if key == "" {
		return nil, errNoKey
	}
	t.d.mu.RLock()
	defer t.d.mu.RUnlock()
	found := map[string]any{}
	for p, data := range t.d.tables {
		if v, ok := data[key]; ok && p.host == t.host && p.store == t.store {
			found[p.user] = lent(v)
		}
	}
	return found, nil
}

func (t *table) DeleteKeyFromAll(_ context.Context, key string) error {
	if key == "" {
		return errNoKey
	}
	t.d.mu.Lock()
	defer t.d.mu.Unlock()
	for p, data := range t.d.tables {
		if p.host == t.host && p.store == t.store {
			delete(data, key)
			t.put(p.user, data)
		}
	}
	return nil
}

var _ sdk.KeyvalPlus = (*table)(nil)
