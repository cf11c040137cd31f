package luabridge

import (
	"context"
	"errors"
	"fmt"
	"iter"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// StorageProvider is the item of kind storage-provider that a Lua module added: a driver for the stores of its host.
type StorageProvider struct {
	b     *Bridge
	table *lua.LTable
	name  string
}

// StorageProvider is the driver behind an item, nil if the item is no Lua table with a name.
func (b *Bridge) StorageProvider(item any) *StorageProvider {
	t, name := namedTable(item)
	if t == nil {
		return nil
	}
	return &StorageProvider{b, t, name}
}

// Name is what the options storage and default_storage say.
func (p *StorageProvider) Name() string { return p.name }

// Open is driver:open(store, kind): an sdk.Keyval, sdk.Map, sdk.KeyvalPlus or sdk.Archive; sdk.ErrUnsupported for a kind that the driver does not have.
func (p *StorageProvider) Open(ctx context.Context, store, kind string) (any, error) {
	var opened *lua.LTable
	err := p.b.callMethod(ctx, p.table, "open", []any{store, kind}, 1, func(_ *compat.Thread, results []lua.LValue) error {
		var ok bool
		if opened, ok = results[0].(*lua.LTable); !ok {
			return fmt.Errorf("the driver gave a %s", results[0].Type())
		}
		return nil
	})
	if IsRefusal(err) && err.Error() == "unsupported-store" {
		return nil, sdk.ErrUnsupported
	}
	if err != nil {
		return nil, err
	}
	return p.b.scriptStore(opened, kind), nil
}

// Purge is driver:purge(user): it removes everything a user has.
func (p *StorageProvider) Purge(ctx context.Context, user string) error {
	return p.b.callMethod(ctx, p.table, "purge", []any{user}, 0, nil)
}

// Stores is driver:stores(user): an iterator over the names of the stores in which a user has data.
func (p *StorageProvider) Stores(ctx context.Context, user string) (names []string, err error) {
	err = p.b.callMethod(ctx, p.table, "stores", []any{userOrNil(user)}, 3, func(t *compat.Thread, results []lua.LValue) error {
		if list, ok := results[0].(*lua.LTable); ok { // some return a list
			for _, name := range p.b.fields(list) {
				names = append(names, lua.LVAsString(name))
			}
			return nil
		}
		return loop(t, results, 1, func(values []lua.LValue) (bool, error) {
			names = append(names, lua.LVAsString(values[0]))
			return true, nil
		})
	})
	return names, err
}

// luaTable is the driver itself.
func (p *StorageProvider) luaTable() *lua.LTable { return p.table }

// scriptStore is a store of Lua as Go knows it.
func (b *Bridge) scriptStore(t *lua.LTable, kind string) any {
	s := scriptStore{b, t}
	switch kind {
	case sdk.KindMap:
		return &scriptMap{s, mapNames}
	case sdk.KindKeyvalPlus:
		return &scriptPlus{scriptKeyval{s}, scriptMap{s, plusNames}}
	case sdk.KindArchive:
		return &scriptArchive{s}
	}
	return &scriptKeyval{s}
}

// scriptStore is a table with the methods of a store.
type scriptStore struct {
	b *Bridge
	t *lua.LTable
}

// luaTable is the store itself: what Lua opens is what Lua made.
func (s *scriptStore) luaTable() *lua.LTable { return s.t }

// call calls a method with values of Go; then takes its first nret results before others may run Lua.
func (s *scriptStore) call(ctx context.Context, method string, args []any, nret int, then func(t *compat.Thread, results []lua.LValue) error) error {
	return s.b.callMethod(ctx, s.t, method, args, nret, then)
}

// callMethod calls t:method(args…). Nil or false and a reason is a refusal; a method that is not there is sdk.ErrUnsupported.
func (b *Bridge) callMethod(ctx context.Context, t *lua.LTable, method string, args []any, nret int, then func(t *compat.Thread, results []lua.LValue) error) error {
	th := b.in.Enter(ctx)
	defer th.Leave()
	L := th.L
	fn, err := b.field(th, t, lua.LString(method))
	if err != nil {
		return err
	}
	if fn == lua.LNil {
		return fmt.Errorf("%w: the driver's stores have no method %q", sdk.ErrUnsupported, method)
	}
	L.Push(fn)
	L.Push(t)
	for _, a := range args {
		L.Push(b.toLua(a))
	}
	if err := th.PCall(len(args)+1, max(nret, 2)); err != nil {
		return err
	}
	results := make([]lua.LValue, max(nret, 2))
	for i := range results {
		results[i] = L.Get(i - len(results))
	}
	L.Pop(len(results))
	if !lua.LVAsBool(results[0]) && results[1] != lua.LNil {
		return storeError(b.show(L, results[1]))
	}
	if then == nil {
		return nil
	}
	return then(th, results)
}

// storeError is a refusal, or the error of the contract that it names.
func storeError(reason string) error {
	for _, known := range []error{sdk.ErrItemNotFound, sdk.ErrQuotaLimit} {
		if reason == known.Error() {
			return known
		}
	}
	return &refusal{reason}
}

// userOrNil is a user as Lua's stores know it: nil for what belongs to the host.
func userOrNil(user string) any {
	if user == "" {
		return nil
	}
	return user
}

// textOrNil is nil for "".
func textOrNil(s string) any { return userOrNil(s) }

// loop calls f with the values of the iterator that results begin with, as a generic for does.
func loop(t *compat.Thread, results []lua.LValue, nret int, f func(values []lua.LValue) (goOn bool, err error)) error {
	next, state, control := results[0], results[1], results[2]
	var failed error
	err := protect(t, func(L *lua.LState) {
		for {
			L.Push(next)
			L.Push(state)
			L.Push(control)
			L.Call(2, nret)
			values := make([]lua.LValue, nret)
			for i := range values {
				values[i] = L.Get(i - nret)
			}
			L.Pop(nret)
			if values[0] == lua.LNil {
				return
			}
			control = values[0]
			goOn, err := f(values)
			if failed = err; err != nil || !goOn {
				return
			}
		}
	})
	return errors.Join(err, failed)
}

// users are the names that store:users() iterates over.
func (s *scriptStore) users(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var names []string
		err := s.call(ctx, "users", nil, 3, func(t *compat.Thread, results []lua.LValue) error {
			return loop(t, results, 1, func(values []lua.LValue) (bool, error) {
				if name, ok := values[0].(lua.LString); ok && name != "" {
					names = append(names, string(name))
				}
				return true, nil
			})
		})
		if err != nil {
			yield("", err)
			return
		}
		for _, name := range names {
			if !yield(name, nil) {
				return
			}
		}
	}
}
