package sdktest

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"

	"quatrain/sdk"
)

type storeKey struct{ host, name string }

// table is a store of all kinds but archives. Values go in and out as copies, in the shapes that drivers give.
type table struct {
	mu   sync.Mutex // guards data
	data map[string]any
}

// Store is the store of a name on the plugin's host, for a test to look into; "" is the plugin's own.
func (s *Server) Store(name string) sdk.KeyvalPlus { return s.store(s.o.Host, name) }

func (s *Server) store(host, name string) *table {
	if name == "" {
		name = s.o.Name
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k := storeKey{host, name}
	if s.stores[k] == nil {
		s.stores[k] = &table{data: map[string]any{}}
	}
	return s.stores[k]
}

func (t *table) Get(_ context.Context, user string) (any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return stored(t.data[user]), nil
}

func (t *table) Set(_ context.Context, user string, data any) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.put(user, stored(data))
	return nil
}

// put keeps what is not empty. Called with mu held.
func (t *table) put(user string, v any) {
	if d, ok := v.(sdk.Data); v == nil || ok && len(d) == 0 {
		delete(t.data, user)
		return
	}
	t.data[user] = v
}

func (t *table) Users(context.Context) iter.Seq2[string, error] {
	t.mu.Lock()
	users := slices.Sorted(maps.Keys(t.data))
	t.mu.Unlock()
	return func(yield func(string, error) bool) {
		for _, user := range users {
			if user != "" && !yield(user, nil) {
				return
			}
		}
	}
}

func (t *table) GetKey(_ context.Context, user, key string) (any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	d, _ := t.data[user].(sdk.Data)
	return stored(d[key]), nil
}

func (t *table) SetKey(ctx context.Context, user, key string, value any) error {
	return t.SetKeys(ctx, user, map[string]any{key: value})
}

func (t *table) SetKeys(_ context.Context, user string, values map[string]any) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	d, _ := t.data[user].(sdk.Data)
	if d == nil {
		d = sdk.Data{}
	}
	for key, value := range values {
		if value == nil {
			delete(d, key)
		} else {
			d[key] = stored(value)
		}
	}
	t.put(user, d)
	return nil
}

func (t *table) GetKeyFromAll(_ context.Context, key string) (map[string]any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := map[string]any{}
	for user, v := range t.data {
		if d, ok := v.(sdk.Data); ok && d[key] != nil {
			all[user] = stored(d[key])
		}
	}
	return all, nil
}

func (t *table) DeleteKeyFromAll(_ context.Context, key string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for user, v := range t.data {
		if d, ok := v.(sdk.Data); ok {
			delete(d, key)
			t.put(user, d)
		}
	}
	return nil
}

// stored is a copy of a value in the shapes that drivers give: sdk.Data, []any, float64.
func stored(v any) any {
	switch v := v.(type) {
	case map[string]any:
		d := sdk.Data{}
		for key, x := range v {
			d[key] = stored(x)
		}
		return d
	case sdk.Data:
		d := make(sdk.Data, len(v))
		for key, x := range v {
			d[key] = stored(x)
		}
		return d
	case []any:
		list := make([]any, len(v))
		for i, x := range v {
			list[i] = stored(x)
		}
		return list
	case int:
		return float64(v)
	}
	return v
}

var _ sdk.KeyvalPlus = (*table)(nil)
