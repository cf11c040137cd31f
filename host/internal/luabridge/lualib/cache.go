package lualib

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// cache is util.cache: a table of bounded size that drops what was set longest ago. onEvict, called with key and value before the
// oldest entry goes, may refuse by returning false; the value false always refuses.
type cache struct {
	size       int
	entries    map[lua.LValue]*cacheEntry
	head, tail *cacheEntry // newest and oldest
	onEvict    lua.LValue
	table      *lua.LTable // made on demand
}

type cacheEntry struct {
	key, value lua.LValue
	prev, next *cacheEntry // towards the newest, towards the oldest
}

// openCache makes util.cache. A cache takes fields of modules ("save") beside its methods.
func (l *library) openCache(*lua.LState) lua.LValue {
	class := l.class("cache", map[string]lua.LGFunction{
		"set":    cacheSet,
		"get":    cacheGet,
		"items":  cacheItems,
		"values": cacheValues,
		"count":  cacheCount,
		"head":   func(L *lua.LState) int { return pushEntry(L, checkCache(L).head) },
		"tail":   func(L *lua.LState) int { return pushEntry(L, checkCache(L).tail) },
		"resize": cacheResize,
		"table":  l.cacheTable,
		"clear": func(L *lua.LState) int {
			checkCache(L).clear()
			return 0
		},
	})
	return l.table(map[string]lua.LGFunction{"new": func(L *lua.LState) int {
		c := &cache{size: cacheSize(L, 1), onEvict: L.Get(2)}
		c.clear()
		t := l.object(class, c)
		t.RawSetString("size", lua.LNumber(c.size))
		L.Push(t)
		return 1
	}})
}

func checkCache(L *lua.LState) *cache { return self[*cache](L, "cache") }

func cacheSize(L *lua.LState, n int) int {
	f, ok := lua.LNumber(0), false
	switch v := L.Get(n).(type) {
	case lua.LNumber, lua.LString:
		f, ok = L.ToNumber(n), lua.LVAsNumber(v) != 0 || v == lua.LNumber(0)
	}
	if !ok {
		L.RaiseError("cache size must be a number")
	}
	if !(f >= 1) {
		L.RaiseError("cache size must be greater than zero")
	}
	return int(min(math.Floor(float64(f)), math.MaxInt32))
}

func (c *cache) clear() {
	c.entries, c.head, c.tail = map[lua.LValue]*cacheEntry{}, nil, nil
}

func (c *cache) unlink(e *cacheEntry) {
	if e.prev != nil {
		e.prev.next = e.next
	} else {
		c.head = e.next
	}
	if e.next != nil {
		e.next.prev = e.prev
	} else {
		c.tail = e.prev
	}
}

func (c *cache) push(e *cacheEntry) {
	e.prev, e.next = nil, c.head
	if c.head != nil {
		c.head.prev = e
	} else {
		c.tail = e
	}
	c.head = e
}

// evict drops the oldest entry unless it may not go.
func (c *cache) evict(L *lua.LState) bool {
	oldest := c.tail
	if c.onEvict == lua.LFalse {
		return false
	}
	if c.onEvict != lua.LNil && call1(L, c.onEvict, oldest.key, oldest.value) == lua.LFalse {
		return false
	}
	c.remove(oldest.key)
	return true
}

func (c *cache) remove(key lua.LValue) {
	if e := c.entries[key]; e != nil {
		c.unlink(e)
		delete(c.entries, key)
	}
}

// set is false if the cache is full and nothing may go. A value of nil removes the key.
func (c *cache) set(L *lua.LState, key, value lua.LValue) bool {
	if value == lua.LNil {
		c.remove(key)
		return true
	}
	if e := c.entries[key]; e != nil {
		c.unlink(e)
		c.push(e)
		e.value = value
		return true
	}
	if len(c.entries) >= c.size && !c.evict(L) {
		return false
	}
	if n, ok := key.(lua.LNumber); key == lua.LNil || ok && n != n {
		L.RaiseError("a key of a cache cannot be nil or NaN")
	}
	e := &cacheEntry{key: key, value: value}
	c.entries[key] = e
	c.push(e)
	return true
}

func (c *cache) get(key lua.LValue) lua.LValue {
	if e := c.entries[key]; e != nil {
		return e.value
	}
	return lua.LNil
}

func cacheSet(L *lua.LState) int {
	L.Push(lua.LBool(checkCache(L).set(L, L.Get(2), L.Get(3))))
	return 1
}

func cacheGet(L *lua.LState) int {
	L.Push(checkCache(L).get(L.Get(2)))
	return 1
}

func cacheCount(L *lua.LState) int {
	L.Push(lua.LNumber(len(checkCache(L).entries)))
	return 1
}

func pushEntry(L *lua.LState, e *cacheEntry) int {
	if e == nil {
		L.Push(lua.LNil)
		L.Push(lua.LNil)
	} else {
		L.Push(e.key)
		L.Push(e.value)
	}
	return 2
}

// cacheItems iterates over keys and values, the newest first.
func cacheItems(L *lua.LState) int {
	e := checkCache(L).head
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if e == nil {
			return 0
		}
		n := pushEntry(L, e)
		e = e.next
		return n
	}))
	return 1
}

func cacheValues(L *lua.LState) int {
	e := checkCache(L).head
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if e == nil {
			return 0
		}
		L.Push(e.value)
		e = e.next
		return 1
	}))
	return 1
}

func cacheResize(L *lua.LState) int {
	c, size := checkCache(L), cacheSize(L, 2)
	for len(c.entries) > size {
		if !c.evict(L) {
			L.Push(lua.LFalse)
			return 1
		}
	}
	c.size = size
	L.CheckTable(1).RawSetString("size", lua.LNumber(size))
	L.Push(lua.LTrue)
	return 1
}

// cacheTable is the cache as a table to index, assign to and iterate over.
func (l *library) cacheTable(L *lua.LState) int {
	c, self := checkCache(L), L.Get(1)
	if c.table == nil {
		c.table = L.NewTable()
		c.table.Metatable = l.table(map[string]lua.LGFunction{
			"__index": func(L *lua.LState) int {
				L.Push(c.get(L.Get(2)))
				return 1
			},
			"__newindex": func(L *lua.LState) int {
				if !c.set(L, L.Get(2), L.Get(3)) {
					L.RaiseError("failed to insert key into cache - full")
				}
				return 0
			},
			"__pairs": func(L *lua.LState) int {
				L.SetTop(0)
				L.Push(self)
				return cacheItems(L)
			},
			"__len": func(L *lua.LState) int {
				L.Push(lua.LNumber(len(c.entries)))
				return 1
			},
		})
	}
	L.Push(c.table)
	return 1
}
