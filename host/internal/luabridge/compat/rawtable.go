package compat

import (
	"fmt"
	"reflect"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// table is lua.LTable as it is inside. Its exported methods cannot tell how many deleted keys it keeps, nor go on after a key that
// was removed, nor move a part of the array; layoutKnown keeps the two in step.
type table struct {
	Metatable lua.LValue
	array     []lua.LValue
	dict      map[lua.LValue]lua.LValue
	strdict   map[string]lua.LValue
	keys      []lua.LValue       // in order of insertion, deleted ones too
	k2i       map[lua.LValue]int // index of each of keys
}

var _ = layoutKnown()

func layoutKnown() bool {
	ours, theirs := reflect.TypeFor[table](), reflect.TypeFor[lua.LTable]()
	same := ours.Size() == theirs.Size() && ours.NumField() == theirs.NumField()
	for i := 0; same && i < ours.NumField(); i++ {
		a, b := ours.Field(i), theirs.Field(i)
		same = a.Name == b.Name && a.Type == b.Type && a.Offset == b.Offset
	}
	if !same {
		panic(fmt.Sprintf("compat: %s is not laid out as we know it", theirs))
	}
	return same
}

func raw(tb *lua.LTable) *table { return (*table)(unsafe.Pointer(tb)) }

func isNil(v lua.LValue) bool { return v == nil || v == lua.LNil }

// places remembers where traversals stand: the index of the key that next gave last. A place that is wrong, or is another table's, does no
// harm, as the key there is looked at before it is believed.
type places [8]int

func (p *places) of(t *table) *int { return &p[uintptr(unsafe.Pointer(t))>>5%uintptr(len(p))] }

// next is the entry after key (LNil: the first). ok is false if the table has never had key.
func (t *table) next(tb *lua.LTable, key lua.LValue, places *places) (k, v lua.LValue, ok bool) {
	place := places.of(t)
	i := 0 // into array, and then keys
	switch n, isNumber := key.(lua.LNumber); {
	case key == lua.LNil:
		t.compact(nil)
	case isNumber && n >= 1 && n < lua.LNumber(lua.MaxArrayIndex) && n == lua.LNumber(int(n)):
		i = int(n)
	case *place < len(t.keys) && t.keys[*place] == key:
		return t.nextKey(tb, *place+1, place)
	default:
		at, known := t.k2i[key]
		if !known {
			return lua.LNil, lua.LNil, false
		}
		return t.nextKey(tb, at+1, place)
	}
	for ; i < len(t.array); i++ {
		if v := t.array[i]; !isNil(v) {
			return integer(i + 1), v, true
		}
	}
	return t.nextKey(tb, 0, place)
}

func (t *table) nextKey(tb *lua.LTable, i int, place *int) (k, v lua.LValue, ok bool) {
	for ; i < len(t.keys); i++ {
		key := t.keys[i]
		if v := tb.RawGetH(key); v != lua.LNil {
			*place = i
			return key, v, true
		}
	}
	return lua.LNil, lua.LNil, true
}

// length is the index of the last entry of the array. It cuts off empty slots at the end, which would be looked at again each time.
func (t *table) length() int {
	n := len(t.array)
	for n > 0 && isNil(t.array[n-1]) {
		n--
	}
	clear(t.array[n:])
	t.array = t.array[:n]
	return n
}
