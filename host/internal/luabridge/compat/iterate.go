package compat

import lua "github.com/yuin/gopher-lua"

// Next is next(tb, key) for plain tables and proxies: LNil at the end. It raises an error if tb has never had key.
func Next(L *lua.LState, tb *lua.LTable, key lua.LValue) (k, v lua.LValue) {
	var unknown places
	return nextFrom(L, tb, key, &unknown)
}

func nextFrom(L *lua.LState, tb *lua.LTable, key lua.LValue, places *places) (k, v lua.LValue) {
	if o := objectOf(tb); o != nil {
		k, v = o.Next(L, key)
		if k == nil || k == lua.LNil {
			return lua.LNil, lua.LNil
		}
		return k, v
	}
	k, v, ok := raw(tb).next(tb, key, places)
	if !ok {
		raisef(L, "invalid key to 'next'")
	}
	return k, v
}

// Entries calls f with each entry of a plain table, in the order of next. f must not change the table.
func Entries(tb *lua.LTable, f func(k, v lua.LValue)) {
	t := raw(tb)
	for i, v := range t.array {
		if !isNil(v) {
			f(integer(i+1), v)
		}
	}
	for _, k := range t.keys {
		if v := tb.RawGetH(k); v != lua.LNil {
			f(k, v)
		}
	}
}

// Values calls f with each value of a plain table, in the order of next. f must not change the table.
func Values(tb *lua.LTable, f func(v lua.LValue)) {
	t := raw(tb)
	for _, v := range t.array {
		if !isNil(v) {
			f(v)
		}
	}
	for _, k := range t.keys {
		if v := tb.RawGetH(k); v != lua.LNil {
			f(v)
		}
	}
}

// Fields is how many entries a plain table has outside of its list.
func Fields(tb *lua.LTable) int {
	t := raw(tb)
	return len(t.strdict) + len(t.dict)
}

func baseNext(L *lua.LState) int {
	tb := checkTable(L, 1)
	k, v := nextFrom(L, tb, L.Get(2), &Of(L).lib.places)
	if k == lua.LNil {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(k)
	L.Push(v)
	return 2
}

// basePairs honours __pairs, as Lua 5.2 and later.
func basePairs(L *lua.LState) int {
	v := checkAny(L, 1)
	if h := metamethod(L, v, "__pairs"); h != lua.LNil {
		L.Push(h)
		L.Push(v)
		L.Call(1, 3)
		return 3
	}
	tb := checkTable(L, 1)
	if o, ok := objectOf(tb).(Traverser); ok {
		next := o.Traverse(L)
		L.Push(L.NewFunction(func(L *lua.LState) int {
			k, v := next(L)
			L.Push(k)
			L.Push(v)
			return 2
		}))
	} else {
		L.Push(Of(L).lib.next)
	}
	L.Push(tb)
	L.Push(lua.LNil)
	return 3
}

func baseIPairs(L *lua.LState) int {
	tb := checkTable(L, 1)
	L.Push(Of(L).lib.inext)
	L.Push(tb)
	L.Push(integer(0))
	return 3
}

func ipairsNext(L *lua.LState) int {
	i := int(L.Get(2).(lua.LNumber)) + 1
	v := getInt(L, L.Get(1).(*lua.LTable), i)
	if v == lua.LNil {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(integer(i))
	L.Push(v)
	return 2
}

// getInt is tb[i] with metamethods.
func getInt(L *lua.LState, tb *lua.LTable, i int) lua.LValue {
	if t := raw(tb); i >= 1 && i <= len(t.array) {
		if v := t.array[i-1]; !isNil(v) {
			return v
		}
	}
	if tb.Metatable == lua.LNil {
		return tb.RawGet(lua.LNumber(i))
	}
	if o := objectOf(tb); o != nil {
		if v := o.Index(L, lua.LNumber(i)); !isNil(v) {
			return v
		}
		return inherited(L, tb, o, lua.LNumber(i))
	}
	return L.GetTable(tb, lua.LNumber(i))
}

// setInt is tb[i] = v with metamethods.
func setInt(L *lua.LState, tb *lua.LTable, i int, v lua.LValue) {
	switch t := raw(tb); {
	case tb.Metatable != lua.LNil:
		if o := objectOf(tb); o != nil {
			o.NewIndex(L, lua.LNumber(i), v)
			return
		}
		L.SetTable(tb, lua.LNumber(i), v)
	case v == lua.LNil:
		removeKey(L, tb, lua.LNumber(i))
	case i >= 1 && i <= len(t.array):
		t.array[i-1] = v
	default:
		tb.RawSetInt(i, v)
	}
}

// Len is #tb for plain tables and proxies; __len counts.
func Len(L *lua.LState, tb *lua.LTable) int {
	if tb.Metatable == lua.LNil {
		return raw(tb).border()
	}
	if h := metamethod(L, tb, "__len"); h != lua.LNil {
		n, ok := toNumber(call1(L, h, tb))
		if !ok {
			raisef(L, "object length is not an integer")
		}
		return toInt(n)
	}
	return rawLen(L, tb)
}

// rawLen is the length without __len.
func rawLen(L *lua.LState, tb *lua.LTable) int {
	if o := objectOf(tb); o != nil {
		return objectLen(L, o)
	}
	return raw(tb).border()
}

func objectLen(L *lua.LState, o Object) int {
	if m, ok := o.(Measurer); ok {
		return m.Measure(L)
	}
	return o.Len()
}
