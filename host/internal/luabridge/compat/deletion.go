package compat

import (
	lua "github.com/yuin/gopher-lua"
)

// gopher-lua's tables never forget a deleted key: its place in the order of traversal stays. So `t[k] = nil` is compiled into a call
// of deleteKey, which sometimes rebuilds the table in place without the deleted keys.
//
// That must not happen during a traversal, which may stand on a key that was just deleted. Lua forbids assigning to new keys during a
// traversal, so it is enough to rebuild only if keys were added since the last deletion or start of a traversal: compact looks at each
// of these, and remembers how many keys there were in an entry of k2i under a key that no program can have.

// markDelete stands for the builtin in the constants of a chunk until finish puts it in.
const markDelete = "\x00\xfe quatrain: delete key \xff\x00"

// minCompact is how many deleted keys a table may have in any case.
const minCompact = 64

var deleteFunction = &lua.LFunction{IsG: true, Env: &lua.LTable{Metatable: lua.LNil}, GFunction: deleteKey}

// builtin is the function that a marker among a chunk's constants stands for, or nil.
func builtin(marker string) *lua.LFunction {
	switch marker {
	case markDelete:
		return deleteFunction
	case markConcat:
		return concatFunction
	case markLength:
		return lengthFunction
	case markAppend:
		return appendFunction
	}
	return recordFunction(marker)
}

// deleteKey is `t[k] = nil`.
func deleteKey(L *lua.LState) int {
	tb, ok := L.Get(1).(*lua.LTable)
	key := L.Get(2)
	if !ok || tb.Metatable != lua.LNil && tb.RawGet(key) == lua.LNil {
		L.SetTable(L.Get(1), key, lua.LNil)
		return 0
	}
	removeKey(L, tb, key)
	return 0
}

// removeKey is rawset(tb, key, nil) for a plain table.
func removeKey(L *lua.LState, tb *lua.LTable, key lua.LValue) {
	t := raw(tb)
	switch k := key.(type) {
	case lua.LString:
		if _, ok := t.strdict[string(k)]; ok {
			t.compact(key)
			delete(t.strdict, string(k))
		}
		return
	case lua.LNumber:
		if i := int(k); lua.LNumber(i) == k && i >= 1 && i < lua.MaxArrayIndex {
			t.removeIndex(i)
			return
		}
		if k != k {
			raisef(L, "table index is NaN")
		}
	case *lua.LNilType:
		raisef(L, "table index is nil")
	}
	if _, ok := t.dict[key]; ok {
		t.compact(key)
		delete(t.dict, key)
	}
}

// removeIndex empties a slot of the array. The array gets shorter only at its end, a traversal stands before it or on it.
func (t *table) removeIndex(i int) {
	if i > len(t.array) {
		return
	}
	t.array[i-1] = lua.LNil
	if i == len(t.array) {
		t.length()
	}
}

// marker is the key in k2i under which compact remembers a number of keys.
type marker struct{}

func (marker) String() string       { return "(keys seen)" }
func (marker) Type() lua.LValueType { return lua.LTNil }

var seen lua.LValue = marker{}

// compact rebuilds the table without its deleted keys if there are many of them and no traversal can be under way. It keeps current,
// which is about to be deleted and may be where a traversal that starts now stands.
func (t *table) compact(current lua.LValue) {
	keys := len(t.keys)
	if keys < minCompact {
		return
	}
	live := len(t.strdict) + len(t.dict)
	due := keys >= 2*live+minCompact
	last, watched := t.k2i[seen]
	switch {
	case !watched && !due, watched && keys == last:
	case watched && due:
		t.rebuild(live, current)
	default:
		t.k2i[seen] = keys
	}
}

// rebuild forgets the deleted keys. Maps keep the memory of their largest size; so if they were much larger, make new ones.
func (t *table) rebuild(live int, current lua.LValue) {
	if len(t.keys) > 8*live+1024 {
		t.k2i = make(map[lua.LValue]int, live)
		t.strdict = copyMap(t.strdict)
		t.dict = copyMap(t.dict)
	}
	delete(t.k2i, seen)
	n := 0
	for _, k := range t.keys {
		if k != current && !t.has(k) {
			delete(t.k2i, k)
			continue
		}
		t.k2i[k] = n
		t.keys[n] = k
		n++
	}
	clear(t.keys[n:])
	t.keys = t.keys[:n]
	if cap(t.keys) > 8*n+1024 {
		t.keys = append(make([]lua.LValue, 0, n+minCompact), t.keys...)
	}
}

func (t *table) has(k lua.LValue) bool {
	if s, ok := k.(lua.LString); ok {
		_, ok := t.strdict[string(s)]
		return ok
	}
	_, ok := t.dict[k]
	return ok
}

// copyMap gives the memory of a map that once was larger back.
func copyMap[K comparable](m map[K]lua.LValue) map[K]lua.LValue {
	if m == nil {
		return nil
	}
	c := make(map[K]lua.LValue, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}
