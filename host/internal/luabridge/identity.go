package luabridge

import (
	"reflect"
	"runtime"
	"sync"
	"weak"
)

// counterparts remember which value on one side of the bridge stands for which on the other, as long as the former is in use. They keep
// neither alive.
type counterparts[V any] struct {
	mu sync.Mutex // guards m, which the garbage collector's cleanups change, too
	m  map[identity]weak.Pointer[V]
}

// identity is what makes a pointer the same: where it points to, and as what, since a struct and its first field share an address.
type identity struct {
	at weak.Pointer[byte]
	as reflect.Type
}

// identityOf is the identity of a pointer; ok is false for other values.
func identityOf(v any) (id identity, ok bool) {
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Pointer || r.IsNil() {
		return identity{}, false
	}
	return identity{weak.Make((*byte)(r.UnsafePointer())), r.Type()}, true
}

// of is what stands for v; if there is nothing, it is made. v must be reachable from what is made.
func (c *counterparts[V]) of(v any, make func() *V) *V {
	id, ok := identityOf(v)
	if !ok {
		return make()
	}
	found := c.find(id)
	if found == nil {
		found = make()
		c.put(id, found)
	}
	return found
}

func (c *counterparts[V]) find(id identity) *V {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.m[id].Value()
}

func (c *counterparts[V]) put(id identity, v *V) {
	p := weak.Make(v)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil {
		c.m = map[identity]weak.Pointer[V]{}
	}
	c.m[id] = p
	all := weak.Make(c) // what has a counterpart may have the whole Lua world, and that has the counterparts
	runtime.AddCleanup(v, func(p weak.Pointer[V]) {
		c := all.Value()
		if c == nil {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.m[id] == p {
			delete(c.m, id)
		}
	}, p)
}
