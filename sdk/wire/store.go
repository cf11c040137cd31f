package wire

import (
	"context"
	"fmt"
	"iter"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
)

// storeConstants are what is told of a store: its kind, and what an archive can do.
func storeConstants(s any) map[string]any {
	if a, ok := s.(sdk.Archive); ok {
		c := a.Caps()
		return map[string]any{
			"kind": sdk.KindArchive, "total": c.Total, "truncate": c.Truncate, "full_id_range": c.FullIDRange, "ids": c.IDs, "wildcard_delete": c.WildcardDelete,
			"quota": float64(c.Quota),
		}
	}
	_, keyval := s.(sdk.Keyval)
	_, keys := s.(sdk.Map)
	_, patches := s.(sdk.Patcher)
	kind := sdk.KindKeyval
	switch {
	case keyval && keys:
		kind = sdk.KindKeyvalPlus
	case keys:
		kind = sdk.KindMap
	}
	return map[string]any{"kind": kind, "patches": patches}
}

func (p *Peer) standStore(constants map[string]any, e *imported) proxied {
	if constants["kind"] == sdk.KindArchive {
		a := &archive{Remote{peer: p, id: e.id, kind: pb.Ref_STORE, constants: constants}}
		track(p, e, a)
		return a
	}
	if constants["patches"] == true {
		s := &patchedStore{store{Remote{peer: p, id: e.id, kind: pb.Ref_STORE, constants: constants}}}
		track(p, e, s)
		return s
	}
	s := &store{Remote{peer: p, id: e.id, kind: pb.Ref_STORE, constants: constants}}
	track(p, e, s)
	return s
}

// store is a keyval store, a map store, or both, of the server's.
type store struct{ Remote }

func (s *store) Get(ctx context.Context, user string) (any, error) {
	return first(s.ask(ctx, "Get", user))
}

func (s *store) Set(ctx context.Context, user string, data any) error {
	_, err := s.ask(ctx, "Set", user, data)
	return err
}

func (s *store) Users(ctx context.Context) iter.Seq2[string, error] {
	return users(s.ask(ctx, "Users"))
}

// users goes over names that were fetched at once.
func users(results []any, err error) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err != nil {
			yield("", err)
			return
		}
		for _, name := range Args(results).Texts(0) {
			if !yield(name, nil) {
				return
			}
		}
	}
}

func (s *store) GetKey(ctx context.Context, user, key string) (any, error) {
	return first(s.ask(ctx, "GetKey", user, key))
}

func (s *store) SetKey(ctx context.Context, user, key string, value any) error {
	return s.SetKeys(ctx, user, map[string]any{key: value})
}

func (s *store) SetKeys(ctx context.Context, user string, values map[string]any) error {
	_, err := s.ask(ctx, "SetKeys", user, values)
	return err
}

func (s *store) GetKeyFromAll(ctx context.Context, key string) (map[string]any, error) {
	v, err := first(s.ask(ctx, "GetKeyFromAll", key))
	m, _ := v.(map[string]any)
	return m, err
}

func (s *store) DeleteKeyFromAll(ctx context.Context, key string) error {
	_, err := s.ask(ctx, "DeleteKeyFromAll", key)
	return err
}

// patchedStore is a store that takes patches.
type patchedStore struct{ store }

// Patch implements sdk.Patcher.
func (s *patchedStore) Patch(ctx context.Context, user string, p sdk.Patch) error {
	entries := make(map[string]any, len(p.Entries))
	for key, values := range p.Entries {
		entries[key] = values
	}
	_, err := s.ask(ctx, "Patch", user, p.Keys, entries)
	return err
}

func patchOf(a Args) sdk.Patch {
	p := sdk.Patch{Keys: a.Map(1), Entries: map[string]map[string]any{}}
	for key, values := range a.Map(2) {
		p.Entries[key], _ = values.(map[string]any)
	}
	return p
}

// invokeStore is the other end of the stores' methods.
func invokeStore(ctx context.Context, s any, method string, a Args) ([]any, error) {
	if archive, ok := s.(sdk.Archive); ok {
		return invokeArchive(ctx, archive, method, a)
	}
	if k, ok := s.(sdk.Keyval); ok {
		switch method {
		case "Get":
			return one(k.Get(ctx, a.Text(0)))
		case "Set":
			return nil, k.Set(ctx, a.Text(0), a.At(1))
		case "Users":
			return one(collect(k.Users(ctx)))
		}
	}
	if p, ok := s.(sdk.Patcher); ok && method == "Patch" {
		return nil, p.Patch(ctx, a.Text(0), patchOf(a))
	}
	if m, ok := s.(sdk.Map); ok {
		switch method {
		case "GetKey":
			return one(m.GetKey(ctx, a.Text(0), a.Text(1)))
		case "SetKeys":
			return nil, setKeys(ctx, m, a.Text(0), a.Map(1))
		case "GetKeyFromAll":
			return one(m.GetKeyFromAll(ctx, a.Text(0)))
		case "DeleteKeyFromAll":
			return nil, m.DeleteKeyFromAll(ctx, a.Text(0))
		}
	}
	return nil, fmt.Errorf("store: %w: %q", sdk.ErrNoMethod, method)
}

func setKeys(ctx context.Context, m sdk.Map, user string, values map[string]any) error {
	if len(values) != 1 {
		return m.SetKeys(ctx, user, values)
	}
	for key, value := range values {
		return m.SetKey(ctx, user, key, value)
	}
	return nil
}

func collect(users iter.Seq2[string, error]) (any, error) {
	list := []string{}
	for name, err := range users {
		if err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, nil
}

var (
	_ sdk.KeyvalPlus = (*store)(nil)
	_ sdk.Patcher    = (*patchedStore)(nil)
)
