package luabridge

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

func (b *Bridge) storeMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"open_store": func(L *lua.LState) int {
			o := b.module(L)
			name, kind := L.OptString(2, o.m.Name()), L.OptString(3, sdk.KindKeyval)
			store, err := o.m.OpenStore(b.in.Context(L), name, kind)
			return b.pushStore(L, store, kind, err)
		},
	}
}

// pushStore returns a store as modules know it, or nil and why not.
func (b *Bridge) pushStore(L *lua.LState, store any, kind string, err error) int {
	if err != nil {
		return pushFailure(L, err)
	}
	L.Push(b.storeValue(store, kind))
	return 1
}

// storeValue is a store as modules know it.
func (b *Bridge) storeValue(store any, kind string) *lua.LTable {
	if s, ok := store.(interface{ luaTable() *lua.LTable }); ok {
		return s.luaTable()
	}
	methods := map[string]lua.LGFunction{}
	add := func(more map[string]lua.LGFunction) {
		for name, f := range more {
			methods[name] = f
		}
	}
	if kv, ok := store.(sdk.Keyval); ok && kind != sdk.KindMap {
		add(b.keyvalMethods(kv))
	}
	if m, ok := store.(sdk.Map); ok && kind == sdk.KindMap {
		add(b.mapMethods(m))
	}
	if m, ok := store.(sdk.KeyvalPlus); ok && kind == sdk.KindKeyvalPlus {
		add(b.plusMethods(m))
		methods["items"] = b.storeItems(m)
	}
	if a, ok := store.(sdk.Archive); ok {
		add(b.archiveMethods(a))
	}
	t := b.table(methods)
	if a, ok := store.(sdk.Archive); ok {
		t.RawSetString("caps", b.capsValue(a.Caps()))
	}
	patcher, patches := store.(sdk.Patcher)
	if patches = patches && kind != sdk.KindMap; patches {
		b.addPatch(t, patcher)
	}
	if patches || kind == sdk.KindMap || kind == sdk.KindKeyvalPlus {
		t.RawSetString("remove", b.removeMark())
	}
	return t
}

// StoreOpened tells the modules of a host that a store has been opened. They may put another in its place, or none and store_err.
func (b *Bridge) StoreOpened(ctx context.Context, bus sdk.Bus, host, name, kind string, store any) (any, error) {
	t := b.in.Enter(ctx)
	defer t.Leave()
	value := b.storeValue(store, kind)
	ev := t.L.NewTable()
	ev.RawSetString("host", lua.LString(host))
	ev.RawSetString("store_name", lua.LString(name))
	ev.RawSetString("store_type", lua.LString(kind))
	ev.RawSetString("store", value)
	if err := protect(t, func(L *lua.LState) { b.fire(L, bus, "store-opened", ev) }); err != nil {
		return nil, err
	}
	switch now := ev.RawGetString("store").(type) {
	case *lua.LTable:
		if now == value {
			return store, nil
		}
		return b.scriptStore(now, kind), nil
	default:
		return nil, &refusal{b.show(t.L, ev.RawGetString("store_err"))}
	}
}

// pushFailure returns nil and what failed, by its name where modules know one.
func pushFailure(L *lua.LState, err error) int {
	text := err.Error()
	for _, known := range []error{sdk.ErrItemNotFound, sdk.ErrQuotaLimit} {
		if errors.Is(err, known) {
			text = known.Error()
		}
	}
	L.Push(lua.LNil)
	L.Push(lua.LString(text))
	return 2
}

// key is argument n as a string; nil is "".
func key(L *lua.LState, n int) string {
	if L.Get(n) == lua.LNil {
		return ""
	}
	return L.CheckString(n)
}

func (b *Bridge) pushStored(L *lua.LState, v any, err error) int {
	if err != nil {
		return pushFailure(L, err)
	}
	L.Push(b.toLua(v))
	return 1
}

// keyvalMethods: store:get(user), :set(user, data), :users(), :items(user).
func (b *Bridge) keyvalMethods(kv sdk.Keyval) map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"get": func(L *lua.LState) int {
			v, err := kv.Get(b.in.Context(L), key(L, 2))
			return b.pushStored(L, v, err)
		},
		"set": func(L *lua.LState) int {
			data, err := b.toData(L.Get(3))
			if err != nil {
				return pushFailure(L, err)
			}
			return pushOutcome(L, kv.Set(b.in.Context(L), key(L, 2), data))
		},
		"users": func(L *lua.LState) int { return b.pushNames(L, kv.Users(b.in.Context(L))) },
	}
}

var errReplaced = errors.New("another module has replaced the store's set")

// addPatch adds store:patch(user, keys, entries): sets keys, and entries of the tables under other keys. Where a module has put a table of its own
// in the store's place, or another set on it, it has to see all that is written, so nothing is written past it.
func (b *Bridge) addPatch(t *lua.LTable, p sdk.Patcher) {
	set := t.RawGetString("set")
	t.RawSetString("patch", b.in.State().NewFunction(func(L *lua.LState) int {
		if L.Get(1) != t || t.RawGetString("set") != set {
			return pushFailure(L, errReplaced)
		}
		keys, err := b.changes(L.CheckTable(3))
		if err != nil {
			return pushFailure(L, err)
		}
		change := sdk.Patch{Keys: keys, Entries: map[string]map[string]any{}}
		for k, v := range b.fields(L.CheckTable(4)) {
			t, ok := v.(*lua.LTable)
			if !ok {
				continue
			}
			if change.Entries[lua.LVAsString(k)], err = b.changes(t); err != nil {
				return pushFailure(L, err)
			}
		}
		return pushOutcome(L, p.Patch(b.in.Context(L), key(L, 2), change))
	}))
}

// changes are values by name, nil for what is to be removed.
func (b *Bridge) changes(t *lua.LTable) (map[string]any, error) {
	values := map[string]any{}
	for k, v := range b.fields(t) {
		value, err := b.storedValue(v)
		if err != nil {
			return nil, fmt.Errorf("[%q]: %w", lua.LVAsString(k), err)
		}
		values[lua.LVAsString(k)] = value
	}
	return values, nil
}

// storeItems is store:items(): an iterator over user and data.
func (b *Bridge) storeItems(kv sdk.Keyval) lua.LGFunction {
	return func(L *lua.LState) int {
		var users []string
		for user, err := range kv.Users(b.in.Context(L)) {
			if err != nil {
				return pushFailure(L, err)
			}
			users = append(users, user)
		}
		L.Push(L.NewFunction(func(L *lua.LState) int {
			if len(users) == 0 {
				L.Push(lua.LNil)
				return 1
			}
			user := users[0]
			users = users[1:]
			v, err := kv.Get(b.in.Context(L), user)
			if err != nil {
				raise(L, err)
			}
			L.Push(lua.LString(user))
			L.Push(b.toLua(v))
			return 2
		}))
		return 1
	}
}

// pushIterator returns a function that yields the values one by one.
func (b *Bridge) pushIterator(L *lua.LState, values []any) int {
	i := 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if i >= len(values) {
			L.Push(lua.LNil)
			return 1
		}
		i++
		L.Push(b.toLua(values[i-1]))
		return 1
	}))
	return 1
}

// mapMethods: store:get(user, key), :set(user, key, value), :set_keys(user, {…}), :get_all(key), :delete_all(key).
func (b *Bridge) mapMethods(m sdk.Map) map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"get":        b.getKey(m),
		"set":        b.setKey(m),
		"set_keys":   b.setKeys(m),
		"get_all":    b.getAll(m),
		"delete_all": b.deleteAll(m),
	}
}

// plusMethods are those of a map store under the names of keyval+.
func (b *Bridge) plusMethods(m sdk.Map) map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"get_key":             b.getKey(m),
		"set_key":             b.setKey(m),
		"set_keys":            b.setKeys(m),
		"get_key_from_all":    b.getAll(m),
		"delete_key_from_all": b.deleteAll(m),
	}
}

func (b *Bridge) getKey(m sdk.Map) lua.LGFunction {
	return func(L *lua.LState) int {
		v, err := m.GetKey(b.in.Context(L), key(L, 2), key(L, 3))
		return b.pushStored(L, v, err)
	}
}

func (b *Bridge) setKey(m sdk.Map) lua.LGFunction {
	return func(L *lua.LState) int {
		v, err := b.storedValue(L.Get(4))
		if err != nil {
			return pushFailure(L, err)
		}
		return pushOutcome(L, m.SetKey(b.in.Context(L), key(L, 2), key(L, 3), v))
	}
}

// removeMark is the value that means "remove this key".
func (b *Bridge) removeMark() *lua.LTable {
	if b.remove == nil {
		b.remove = b.in.State().NewTable()
	}
	return b.remove
}

func (b *Bridge) storedValue(v lua.LValue) (any, error) {
	if v == lua.LValue(b.remove) {
		return nil, nil
	}
	return b.toData(v)
}

func (b *Bridge) setKeys(m sdk.Map) lua.LGFunction {
	return func(L *lua.LState) int {
		values, err := b.changes(L.CheckTable(3))
		if err != nil {
			return pushFailure(L, err)
		}
		return pushOutcome(L, m.SetKeys(b.in.Context(L), key(L, 2), values))
	}
}

func (b *Bridge) getAll(m sdk.Map) lua.LGFunction {
	return func(L *lua.LState) int {
		all, err := m.GetKeyFromAll(b.in.Context(L), key(L, 2))
		return b.pushStored(L, all, err)
	}
}

func (b *Bridge) deleteAll(m sdk.Map) lua.LGFunction {
	return func(L *lua.LState) int { return pushOutcome(L, m.DeleteKeyFromAll(b.in.Context(L), key(L, 2))) }
}

// archiveMethods: store:append, :find, :get, :set, :delete, :summary, :dates, :users, :purge.
func (b *Bridge) archiveMethods(a sdk.Archive) map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"append": func(L *lua.LState) int {
			id, err := a.Append(b.in.Context(L), key(L, 2), key(L, 3), b.checkStanza(L, 4), toTime(L.Get(5)), key(L, 6))
			if err != nil {
				return pushFailure(L, err)
			}
			return pushString(L, id)
		},
		"find": func(L *lua.LState) int { return b.archiveFind(L, a) },
		"get": func(L *lua.LState) int {
			e, err := a.Get(b.in.Context(L), key(L, 2), L.CheckString(3))
			if err != nil {
				return pushFailure(L, err)
			}
			for _, v := range b.entryValues(e)[1:] {
				L.Push(v)
			}
			return 3
		},
		"set": func(L *lua.LState) int {
			err := a.Replace(b.in.Context(L), key(L, 2), L.CheckString(3), b.checkStanza(L, 4), toTime(L.Get(5)), key(L, 6))
			return pushOutcome(L, err)
		},
		"delete": func(L *lua.LState) int { return b.archiveDelete(L, a) },
		"purge":  func(L *lua.LState) int { return b.archiveDelete(L, a) },
		"summary": func(L *lua.LState) int {
			return b.archiveSummary(L, a)
		},
		"dates": func(L *lua.LState) int {
			dates, err := a.Dates(b.in.Context(L), key(L, 2))
			return b.pushStored(L, dates, err)
		},
		"users": func(L *lua.LState) int {
			return b.pushNames(L, a.Users(b.in.Context(L)))
		},
	}
}

func toTime(v lua.LValue) time.Time {
	n, ok := v.(lua.LNumber)
	if !ok {
		return time.Now()
	}
	whole, part := math.Modf(float64(n))
	return time.Unix(int64(whole), int64(part*1e9))
}

func fromTime(t time.Time) lua.LNumber {
	return lua.LNumber(float64(t.UnixMicro()) / 1e6)
}

// query reads the query table of find and delete.
func (b *Bridge) query(L *lua.LState, n int) (q sdk.ArchiveQuery) {
	t, ok := L.Get(n).(*lua.LTable)
	if !ok {
		return q
	}
	text := func(name string) string { return lua.LVAsString(t.RawGetString(name)) }
	if v, ok := t.RawGetString("start").(lua.LNumber); ok {
		q.Start = toTime(v)
	}
	if v, ok := t.RawGetString("end").(lua.LNumber); ok {
		q.End = toTime(v)
	}
	q.With, q.Key, q.Before, q.After = text("with"), text("key"), text("before"), text("after")
	if ids, ok := t.RawGetString("ids").(*lua.LTable); ok {
		for _, id := range b.fields(ids) {
			q.IDs = append(q.IDs, lua.LVAsString(id))
		}
	}
	if v, ok := t.RawGetString("limit").(lua.LNumber); ok {
		q.Limit = int(v)
	}
	if v, ok := t.RawGetString("truncate").(lua.LNumber); ok {
		q.Truncate, q.HasTruncate = int(v), true
	}
	q.Reverse, q.Total = lua.LVAsBool(t.RawGetString("reverse")), lua.LVAsBool(t.RawGetString("total"))
	return q
}

// archiveFind returns an iterator (id, stanza, when, with) and the total, nil unless asked for.
func (b *Bridge) archiveFind(L *lua.LState, a sdk.Archive) int {
	q := b.query(L, 3)
	entries, total, err := a.Find(b.in.Context(L), key(L, 2), q)
	if err != nil {
		return pushFailure(L, err)
	}
	i := 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if i >= len(entries) {
			L.Push(lua.LNil)
			return 1
		}
		i++
		for _, v := range b.entryValues(entries[i-1]) {
			L.Push(v)
		}
		return 4
	}))
	if !q.Total {
		return 1
	}
	L.Push(lua.LNumber(total))
	return 2
}

func (b *Bridge) entryValues(e sdk.ArchiveEntry) []lua.LValue {
	with := lua.LValue(lua.LNil)
	if e.With != "" {
		with = lua.LString(e.With)
	}
	return []lua.LValue{lua.LString(e.ID), b.stanzas.Value(e.Stanza), fromTime(e.When), with}
}

// archiveDelete: user (true: all users), query.
func (b *Bridge) archiveDelete(L *lua.LState, a sdk.Archive) int {
	q := b.query(L, 3)
	user := ""
	if L.Get(2) == lua.LTrue {
		q.AllUsers = true
	} else {
		user = key(L, 2)
	}
	n, err := a.Delete(b.in.Context(L), user, q)
	if err != nil {
		return pushFailure(L, err)
	}
	L.Push(lua.LNumber(n))
	return 1
}

func (b *Bridge) archiveSummary(L *lua.LState, a sdk.Archive) int {
	counts, err := a.Summary(b.in.Context(L), key(L, 2), b.query(L, 3))
	if err != nil {
		return pushFailure(L, err)
	}
	t := L.NewTable()
	for with, n := range counts {
		t.RawSetString(with, lua.LNumber(n))
	}
	outer := L.NewTable()
	outer.RawSetString("counts", t)
	L.Push(outer)
	return 1
}

func (b *Bridge) capsValue(c sdk.ArchiveCaps) *lua.LTable {
	t := b.in.State().NewTable()
	for name, on := range map[string]bool{"total": c.Total, "truncate": c.Truncate, "full_id_range": c.FullIDRange, "ids": c.IDs, "wildcard_delete": c.WildcardDelete} {
		t.RawSetString(name, lua.LBool(on))
	}
	if c.Quota > 0 {
		t.RawSetString("quota", lua.LNumber(c.Quota))
	}
	return t
}

// openStore is core.storagemanager's open: host, store, kind.
func (b *Bridge) openStore(ctx context.Context, L *lua.LState, host, name, kind string) int {
	store, err := b.srv.OpenStore(ctx, host, name, kind)
	return b.pushStore(L, store, kind, err)
}
