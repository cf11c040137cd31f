package storage

import (
	"context"
	"errors"
	"fmt"

	"quatrain/sdk"
)

// open opens a store of a driver. What it does not have of the kinds of tables is made of those it has, as Prosody does.
func open(ctx context.Context, d Driver, host, store, kind string) (any, error) {
	s, err := d.Open(ctx, host, store, kind)
	if !errors.Is(err, sdk.ErrUnsupported) {
		return s, err
	}
	switch kind {
	case sdk.KindMap:
		return openMap(ctx, d, host, store)
	case sdk.KindKeyvalPlus:
		return openPlus(ctx, d, host, store)
	}
	return nil, err
}

func openKeyval(ctx context.Context, d Driver, host, store string) (sdk.Keyval, error) {
	s, err := d.Open(ctx, host, store, sdk.KindKeyval)
	if err != nil {
		return nil, err
	}
	return s.(sdk.Keyval), nil
}

func openMap(ctx context.Context, d Driver, host, store string) (sdk.Map, error) {
	kv, err := openKeyval(ctx, d, host, store)
	if err != nil {
		return nil, err
	}
	return mapShim{kv}, nil
}

// plusShim is a keyval store and a map store of the same name as one.
type plusShim struct {
	sdk.Keyval
	sdk.Map
}

func openPlus(ctx context.Context, d Driver, host, store string) (any, error) {
	kv, err := openKeyval(ctx, d, host, store)
	if err != nil {
		return nil, err
	}
	m, err := open(ctx, d, host, store, sdk.KindMap)
	if err != nil {
		return nil, err
	}
	return plusShim{kv, m.(sdk.Map)}, nil
}

// mapShim is a map store on a keyval store: a user's whole table is read and written for each key.
type mapShim struct{ kv sdk.Keyval }

// table is a user's, empty if there is none.
func (s mapShim) table(ctx context.Context, user string) (sdk.Data, error) {
	v, err := s.kv.Get(ctx, user)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case nil:
		return sdk.Data{}, nil
	case sdk.Data:
		return v, nil
	}
	return nil, fmt.Errorf("what is stored of %q is a %T and no table", user, v)
}

func (s mapShim) GetKey(ctx context.Context, user, key string) (any, error) {
	t, err := s.table(ctx, user)
	return t[key], err
}

func (s mapShim) SetKey(ctx context.Context, user, key string, value any) error {
	return s.SetKeys(ctx, user, map[string]any{key: value})
}

func (s mapShim) SetKeys(ctx context.Context, user string, values map[string]any) error {
	t, err := s.table(ctx, user)
	if err != nil {
		return err
	}
	for key, v := range values {
		if v == nil {
			delete(t, key)
		} else {
			t[key] = v
		}
	}
	if len(t) == 0 {
		return s.kv.Set(ctx, user, nil)
	}
	return s.kv.Set(ctx, user, t)
}

func (s mapShim) GetKeyFromAll(ctx context.Context, key string) (map[string]any, error) {
	all := map[string]any{}
	for user, err := range s.kv.Users(ctx) {
		if err != nil {
			return nil, err
		}
		v, err := s.GetKey(ctx, user, key)
		if err != nil {
			return nil, err
		}
		if v != nil {
			all[user] = v
		}
	}
	return all, nil
}

func (s mapShim) DeleteKeyFromAll(ctx context.Context, key string) error {
	having, err := s.GetKeyFromAll(ctx, key)
	for user := range having {
		err = errors.Join(err, s.SetKey(ctx, user, key, nil))
	}
	return err
}

var (
	_ sdk.Map        = mapShim{}
	_ sdk.KeyvalPlus = plusShim{}
)
