package luabridge

import (
	"context"
	"iter"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// scriptKeyval is a keyval store of a Lua module.
type scriptKeyval struct{ scriptStore }

// Get implements sdk.Keyval.
func (s *scriptKeyval) Get(ctx context.Context, user string) (v any, err error) {
	err = s.call(ctx, "get", []any{userOrNil(user)}, 1, func(_ *compat.Thread, results []lua.LValue) error {
		v, err = s.b.toData(results[0])
		return err
	})
	return v, err
}

// Set implements sdk.Keyval.
func (s *scriptKeyval) Set(ctx context.Context, user string, data any) error {
	if t, ok := data.(sdk.Data); ok && len(t) == 0 {
		data = nil
	}
	return s.call(ctx, "set", []any{userOrNil(user), data}, 0, nil)
}

// Users implements sdk.Keyval.
func (s *scriptKeyval) Users(ctx context.Context) iter.Seq2[string, error] { return s.users(ctx) }

// mapMethodNames are what the methods of a map store are called: in a store of its own, or as part of keyval+.
type mapMethodNames struct{ get, set, setMany, getAll, deleteAll string }

var (
	mapNames  = mapMethodNames{"get", "set", "set_keys", "get_all", "delete_all"}
	plusNames = mapMethodNames{"get_key", "set_key", "set_keys", "get_key_from_all", "delete_key_from_all"}
)

// scriptMap is a map store of a Lua module.
type scriptMap struct {
	scriptStore
	names mapMethodNames
}

// GetKey implements sdk.Map.
func (s *scriptMap) GetKey(ctx context.Context, user, key string) (v any, err error) {
	err = s.call(ctx, s.names.get, []any{userOrNil(user), key}, 1, func(_ *compat.Thread, results []lua.LValue) error {
		v, err = s.b.toData(results[0])
		return err
	})
	return v, err
}

// SetKey implements sdk.Map.
func (s *scriptMap) SetKey(ctx context.Context, user, key string, value any) error {
	return s.call(ctx, s.names.set, []any{userOrNil(user), key, value}, 0, nil)
}

// SetKeys implements sdk.Map: what is to go is given as the store's mark for that.
func (s *scriptMap) SetKeys(ctx context.Context, user string, values map[string]any) error {
	mark, err := s.removeMark(ctx)
	if err != nil {
		return err
	}
	all := make(map[string]any, len(values))
	for key, v := range values {
		all[key] = v
		if v == nil {
			all[key] = mark
		}
	}
	return s.call(ctx, s.names.setMany, []any{userOrNil(user), all}, 0, nil)
}

func (s *scriptMap) removeMark(ctx context.Context) (lua.LValue, error) {
	t := s.b.in.Enter(ctx)
	defer t.Leave()
	return s.b.field(t, s.t, lua.LString("remove"))
}

// GetKeyFromAll implements sdk.Map.
func (s *scriptMap) GetKeyFromAll(ctx context.Context, key string) (map[string]any, error) {
	all := map[string]any{}
	err := s.call(ctx, s.names.getAll, []any{key}, 1, func(_ *compat.Thread, results []lua.LValue) error {
		t, ok := results[0].(*lua.LTable)
		if !ok {
			return nil
		}
		for user, value := range s.b.fields(t) {
			v, err := s.b.toData(value)
			if err != nil {
				return err
			}
			all[lua.LVAsString(user)] = v
		}
		return nil
	})
	return all, err
}

// DeleteKeyFromAll implements sdk.Map.
func (s *scriptMap) DeleteKeyFromAll(ctx context.Context, key string) error {
	return s.call(ctx, s.names.deleteAll, []any{key}, 0, nil)
}

// scriptPlus is a keyval+ store of a Lua module.
type scriptPlus struct {
	scriptKeyval
	scriptMap
}

// luaTable is the store itself.
func (s *scriptPlus) luaTable() *lua.LTable { return s.scriptKeyval.t }

var (
	_ sdk.Keyval     = (*scriptKeyval)(nil)
	_ sdk.Map        = (*scriptMap)(nil)
	_ sdk.KeyvalPlus = (*scriptPlus)(nil)
)
