package sdktest

import (
	"context"
	"slices"

	"quatrain/sdk"
)

type itemKey struct{ host, key string }

type item struct {
	owner  *module
	value  any
	remove func()
}

// Items are what plugins offer under a key on the plugin's host, such as "feature".
func (s *Server) Items(key string) []any { return s.itemsOf(s.o.Host, key) }

func (s *Server) itemsOf(host, key string) []any {
	s.mu.Lock()
	defer s.mu.Unlock()
	var values []any
	for _, i := range s.items[itemKey{host, key}] {
		values = append(values, i.value)
	}
	return values
}

func (m *module) Items(key string) []any { return m.server.itemsOf(m.host, key) }

func (m *module) AddItem(ctx context.Context, key string, value any) {
	s, k := m.server, itemKey{m.host, key}
	remove := m.onUndo(func() { m.withdraw(k, value) })
	s.mu.Lock()
	s.items[k] = append(s.items[k], item{m.owner, value, remove})
	s.mu.Unlock()
	m.tellItem(ctx, "item-added/", key, value)
}

func (m *module) RemoveItem(_ context.Context, key string, value any) {
	s := m.server
	s.mu.Lock()
	var remove func()
	for _, i := range s.items[itemKey{m.host, key}] {
		if i.owner == m.owner && i.value == value {
			remove = i.remove
		}
	}
	s.mu.Unlock()
	if remove != nil {
		remove()
	}
}

func (m *module) withdraw(k itemKey, value any) {
	s := m.server
	s.mu.Lock()
	at := slices.IndexFunc(s.items[k], func(i item) bool { return i.owner == m.owner && i.value == value })
	if at >= 0 {
		s.items[k] = slices.Delete(slices.Clone(s.items[k]), at, at+1)
	}
	s.mu.Unlock()
	m.tellItem(s.context(), "item-removed/", k.key, value)
}

func (m *module) tellItem(ctx context.Context, prefix, key string, value any) {
	ev := sdk.NewEvent(prefix+key, "source", sdk.Module(m), "item", value)
	if _, err := m.Bus().Fire(ctx, ev); err != nil {
		m.Logger().Error("event handler failed", "event", ev.Name, "err", err)
	}
}
