package moduleapi

import (
	"context"
	"slices"
	"sync"

	"quatrain/sdk"
)

// Items are the things that modules offer under a key for others to find, per host. Safe for concurrent use.
type Items struct {
	mu    sync.Mutex // guards lists; events are fired without it
	lists map[itemKey][]item
}

type itemKey struct{ host, key string }

type item struct {
	module *Module
	value  any
	remove func(ctx context.Context)
}

// NewItems makes an empty registry.
func NewItems() *Items { return &Items{lists: map[itemKey][]item{}} }

func (it *Items) add(k itemKey, i item) {
	it.mu.Lock()
	defer it.mu.Unlock()
	it.lists[k] = append(it.lists[k], i)
}

// take removes one entry of a module and tells whether it was there.
func (it *Items) take(k itemKey, m *Module, value any) (item, bool) {
	it.mu.Lock()
	defer it.mu.Unlock()
	at := slices.IndexFunc(it.lists[k], func(i item) bool { return i.module == m && i.value == value })
	if at < 0 {
		return item{}, false
	}
	found := it.lists[k][at]
	it.lists[k] = slices.Delete(slices.Clone(it.lists[k]), at, at+1)
	return found, true
}

func (it *Items) values(k itemKey) []any {
	it.mu.Lock()
	defer it.mu.Unlock()
	list := make([]any, len(it.lists[k]))
	for i, entry := range it.lists[k] {
		list[i] = entry.value
	}
	return list
}

// AddItem adds the value, which must be comparable, and fires item-added/KEY {source, item} on the module's bus.
func (m *Module) AddItem(ctx context.Context, key string, value any) {
	k := itemKey{m.host, key}
	i := item{module: m.owner, value: value}
	i.remove = m.onUnload(func(ctx context.Context) { m.withdraw(ctx, k, value) })
	m.srv.Items.add(k, i)
	m.fireItem(ctx, "item-added/", key, value)
}

// RemoveItem removes what AddItem added and fires item-removed/KEY.
func (m *Module) RemoveItem(ctx context.Context, key string, value any) {
	k := itemKey{m.host, key}
	m.srv.Items.mu.Lock()
	at := slices.IndexFunc(m.srv.Items.lists[k], func(i item) bool { return i.module == m.owner && i.value == value })
	var remove func(ctx context.Context)
	if at >= 0 {
		remove = m.srv.Items.lists[k][at].remove
	}
	m.srv.Items.mu.Unlock()
	if remove != nil {
		remove(ctx)
	}
}

func (m *Module) withdraw(ctx context.Context, k itemKey, value any) {
	if _, there := m.srv.Items.take(k, m.owner, value); there {
		m.fireItem(ctx, "item-removed/", k.key, value)
	}
}

func (m *Module) fireItem(ctx context.Context, prefix, key string, value any) {
	bus := m.Bus()
	if bus == nil || !bus.Has(prefix+key) {
		return
	}
	ev := sdk.NewEvent(prefix+key, "source", sdk.Module(m), "item", value)
	bus.Fire(ctx, ev) // failures are logged by the bus and are not the adder's
}

// Items lists the values of all modules of the host.
// Of are the items that all modules of a host offer under a key, in order of adding.
func (it *Items) Of(host, key string) []any { return it.values(itemKey{host, key}) }

func (m *Module) Items(key string) []any { return m.srv.Items.values(itemKey{m.host, key}) }

// Offered are the keys of the items that the instance has added, on any host, each once and sorted.
func (m *Module) Offered() (keys []string) {
	it := m.srv.Items
	it.mu.Lock()
	defer it.mu.Unlock()
	for k, list := range it.lists {
		if slices.ContainsFunc(list, func(i item) bool { return i.module == m.owner }) && !slices.Contains(keys, k.key) {
			keys = append(keys, k.key)
		}
	}
	slices.Sort(keys)
	return keys
}
