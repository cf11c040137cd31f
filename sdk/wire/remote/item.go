package remote

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"quatrain/sdk"
)

// item is something that the plugin offers under a key.
type item struct {
	m     sdk.Module
	key   string
	value any
	stale bool // whether the process that added it has died
}

// addItem adds an item, or takes over one that is the same.
func (a *attached) addItem(ctx context.Context, m sdk.Module, key string, value any) error {
	if value == nil || !reflect.TypeOf(value).Comparable() {
		return fmt.Errorf("item %q: want something that can be compared, such as a string, an object or a function, got %T", key, value)
	}
	a.mu.Lock()
	for _, i := range a.items {
		if i.stale && i.m.Host() == m.Host() && i.key == key && i.value == value {
			i.stale = false
			a.mu.Unlock()
			return nil
		}
	}
	a.items = append(a.items, &item{m: m, key: key, value: value})
	a.mu.Unlock()
	m.AddItem(ctx, key, value)
	return nil
}

// isPlain tells whether a value can come from another process as well.
func isPlain(v any) bool {
	switch v.(type) {
	case bool, float64, string:
		return true
	}
	return false
}

// takeItems takes some items out of the list. Called with mu held.
func (a *attached) takeItems(some func(i *item) bool) (taken []*item) {
	a.items = slices.DeleteFunc(a.items, func(i *item) bool {
		if some(i) {
			taken = append(taken, i)
			return true
		}
		return false
	})
	return taken
}

func (a *attached) removeAll(ctx context.Context, items []*item) {
	for _, i := range items {
		i.m.RemoveItem(ctx, i.key, i.value)
	}
}

func (a *attached) removeItem(ctx context.Context, m sdk.Module, key string, value any) {
	if value == nil || !reflect.TypeOf(value).Comparable() {
		return
	}
	a.mu.Lock()
	at := slices.IndexFunc(a.items, func(i *item) bool { return i.m.Host() == m.Host() && i.key == key && i.value == value })
	if at >= 0 {
		a.items = slices.Delete(a.items, at, at+1)
	}
	a.mu.Unlock()
	m.RemoveItem(ctx, key, value)
}
