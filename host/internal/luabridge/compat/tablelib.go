package compat

import (
	"sort"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openTable makes the table library: Lua 5.1 §5.5 with pack, unpack and move (Lua 5.3 §6.6). All of it knows proxies and metamethods.
func (it *Interp) openTable() {
	it.register("table", map[string]lua.LGFunction{
		"concat":  tableConcat,
		"foreach": tableForEach,
		"getn":    tableGetN,
		"insert":  tableInsert,
		"maxn":    tableMaxN,
		"move":    tableMove,
		"pack":    tablePack,
		"remove":  tableRemove,
		"sort":    tableSort,
		"unpack":  tableUnpack,
	})
}

func tableConcat(L *lua.LState) int {
	tb := checkTable(L, 1)
	sep := optString(L, 2, "")
	i := optInt(L, 3, 1)
	j := optLength(L, 4, tb)
	var b strings.Builder
	for k := i; k <= j; k++ {
		switch v := getInt(L, tb, k).(type) {
		case lua.LString:
			b.WriteString(string(v))
		case lua.LNumber:
			b.WriteString(formatNumber(float64(v)))
		default:
			raisef(L, "invalid value (%s) at index %d in table for 'concat'", v.Type(), k)
		}
		if k < j {
			b.WriteString(sep)
		}
		checkSize(L, b.Len())
	}
	L.Push(lua.LString(b.String()))
	return 1
}

func optLength(L *lua.LState, n int, tb *lua.LTable) int {
	if isNoneOrNil(L, n) {
		return Len(L, tb)
	}
	return checkInt(L, n)
}

func tableInsert(L *lua.LState) int {
	tb := checkTable(L, 1)
	end := Len(L, tb) + 1
	pos, value := end, L.Get(2)
	switch L.GetTop() {
	case 2:
	case 3:
		pos, value = checkInt(L, 2), L.Get(3)
	default:
		raisef(L, "wrong number of arguments to 'insert'")
	}
	if o, ok := objectOf(tb).(Inserter); ok && pos >= 1 && pos <= end {
		o.Insert(L, pos, value)
		return 0
	}
	insert(L, tb, pos, end, value)
	return 0
}

func insert(L *lua.LState, tb *lua.LTable, pos, end int, value lua.LValue) {
	t := raw(tb)
	if tb.Metatable == lua.LNil && pos >= 1 && pos <= len(t.array) && end == len(t.array)+1 && value != lua.LNil {
		t.array = append(t.room(), nil)
		copy(t.array[pos:], t.array[pos-1:])
		t.array[pos-1] = value
		return
	}
	for i := max(end, pos); i > pos && pos >= 1; i-- {
		setInt(L, tb, i, getInt(L, tb, i-1))
	}
	setInt(L, tb, pos, value)
}

func tableRemove(L *lua.LState) int {
	tb := checkTable(L, 1)
	n := Len(L, tb)
	pos := optInt(L, 2, n)
	if pos < 1 || pos > n {
		if isNone(L, 2) || pos != n+1 && pos != n {
			L.Push(lua.LNil)
			return 1
		}
		L.Push(getInt(L, tb, pos)) // as Lua 5.2: t[#t+1], or t[0] of an empty list
		setInt(L, tb, pos, lua.LNil)
		return 1
	}
	if o, ok := objectOf(tb).(Remover); ok {
		L.Push(o.Remove(L, pos))
		return 1
	}
	L.Push(remove(L, tb, pos, n))
	return 1
}

func remove(L *lua.LState, tb *lua.LTable, pos, n int) lua.LValue {
	t := raw(tb)
	if tb.Metatable == lua.LNil && n == len(t.array) {
		v := t.array[pos-1]
		copy(t.array[pos-1:], t.array[pos:])
		t.array[n-1] = nil
		t.array = t.array[:n-1]
		if isNil(v) {
			return lua.LNil
		}
		return v
	}
	v := getInt(L, tb, pos)
	for i := pos; i < n; i++ {
		setInt(L, tb, i, getInt(L, tb, i+1))
	}
	setInt(L, tb, n, lua.LNil)
	return v
}

func tableUnpack(L *lua.LState) int {
	tb, ok := L.Get(1).(*lua.LTable)
	if !ok {
		tb = checkTable(L, 1)
	}
	i := optInt(L, 2, 1)
	j := optLength(L, 3, tb)
	if i > j {
		return 0
	}
	if j-i < 0 || j-i >= maxRegistry/4 {
		raisef(L, "too many results to unpack")
	}
	for k := i; k <= j; k++ {
		L.Push(getInt(L, tb, k))
	}
	return j - i + 1
}

func tablePack(L *lua.LState) int {
	n := L.GetTop()
	tb := L.CreateTable(n, 1)
	for i := 1; i <= n; i++ {
		tb.RawSetInt(i, L.Get(i))
	}
	tb.RawSetString("n", lua.LNumber(n))
	L.Push(tb)
	return 1
}

func tableMove(L *lua.LState) int {
	from := checkTable(L, 1)
	f, e, t := checkInt(L, 2), checkInt(L, 3), checkInt(L, 4)
	to := from
	if !isNoneOrNil(L, 5) {
		to = checkTable(L, 5)
	}
	if e-f > maxArrayIndex {
		argError(L, 3, "too many elements to move")
	}
	if t > e || t <= f || to != from {
		for i := 0; i <= e-f; i++ {
			setInt(L, to, t+i, getInt(L, from, f+i))
		}
	} else {
		for i := e - f; i >= 0; i-- {
			setInt(L, to, t+i, getInt(L, from, f+i))
		}
	}
	L.Push(to)
	return 1
}

func tableGetN(L *lua.LState) int {
	L.Push(integer(Len(L, checkTable(L, 1))))
	return 1
}

func tableMaxN(L *lua.LState) int {
	tb := checkTable(L, 1)
	largest := lua.LNumber(0)
	for k, _ := Next(L, tb, lua.LNil); k != lua.LNil; k, _ = Next(L, tb, k) {
		if n, ok := k.(lua.LNumber); ok && n > largest {
			largest = n
		}
	}
	L.Push(largest)
	return 1
}

func tableForEach(L *lua.LState) int {
	tb, fn := checkTable(L, 1), checkFunction(L, 2)
	for k, v := Next(L, tb, lua.LNil); k != lua.LNil; k, v = Next(L, tb, k) {
		if r := call1(L, fn, k, v); r != lua.LNil {
			L.Push(r)
			return 1
		}
	}
	return 0
}

// tableSort sorts as the reference implementation promises: not stable, and an order that contradicts itself gives any order, or an error.
func tableSort(L *lua.LState) int {
	tb := checkTable(L, 1)
	n := Len(L, tb)
	if !isNoneOrNil(L, 2) {
		checkFunction(L, 2)
	}
	s := &sorter{L: L, less: L.Get(2), values: make([]lua.LValue, n)}
	for i := range s.values {
		s.values[i] = getInt(L, tb, i+1)
	}
	sort.Sort(s)
	for i, v := range s.values {
		setInt(L, tb, i+1, v)
	}
	return 0
}

type sorter struct {
	L      *lua.LState
	less   lua.LValue
	values []lua.LValue
}

func (s *sorter) Len() int      { return len(s.values) }
func (s *sorter) Swap(i, j int) { s.values[i], s.values[j] = s.values[j], s.values[i] }

func (s *sorter) Less(i, j int) bool {
	a, b := s.values[i], s.values[j]
	if s.less == lua.LNil {
		return s.L.LessThan(a, b)
	}
	s.L.Push(s.less)
	s.L.Push(a)
	s.L.Push(b)
	s.L.Call(2, 1)
	v := s.L.Get(-1)
	s.L.Pop(1)
	return lua.LVAsBool(v)
}
