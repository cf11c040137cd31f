package compat

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func stringFind(L *lua.LState) int { return find(L, true) }

func stringMatch(L *lua.LState) int { return find(L, false) }

func find(L *lua.LState, wantRange bool) int {
	s, pat := checkString(L, 1), checkString(L, 2)
	init := 0
	if !isNoneOrNil(L, 3) {
		init = startIndex(checkInt(L, 3), len(s))
	}
	if wantRange && (lua.LVAsBool(L.Get(4)) || !strings.ContainsAny(pat, "^$*+?.([%-")) {
		i := strings.Index(s[init:], pat)
		if i < 0 {
			L.Push(lua.LNil)
			return 1
		}
		L.Push(integer(init + i + 1))
		L.Push(integer(init + i + len(pat)))
		return 2
	}
	var m matcher
	m.init(L, s, pat)
	start, end := m.search(init)
	if end < 0 {
		L.Push(lua.LNil)
		return 1
	}
	if wantRange {
		L.Push(integer(start + 1))
		L.Push(integer(end))
		return 2 + m.pushCaptures(-1, -1)
	}
	return m.pushCaptures(start, end)
}

// startIndex turns Lua's init into an index within a string of n bytes.
func startIndex(init, n int) int {
	switch {
	case init < 0:
		return max(init+n, 0)
	case init > 0:
		return min(init-1, n)
	}
	return 0
}

// search looks for the first match from init on; end is -1 if there is none.
func (m *matcher) search(init int) (start, end int) {
	p := 0
	anchored := strings.HasPrefix(m.pat, "^")
	if anchored {
		p = 1
	}
	for s := init; s <= len(m.src); s++ {
		m.level = 0
		if e := m.match(s, p); e >= 0 {
			return s, e
		}
		if anchored {
			break
		}
	}
	return 0, -1
}

// pushCaptures pushes all captures; if there are none and start is not negative, the whole match.
func (m *matcher) pushCaptures(start, end int) int {
	if m.level == 0 {
		if start < 0 {
			return 0
		}
		m.L.Push(lua.LString(m.src[start:end]))
		return 1
	}
	for i := range m.level {
		m.L.Push(m.value(i))
	}
	return m.level
}

// value is capture i.
func (m *matcher) value(i int) lua.LValue {
	c := m.capture[i]
	switch c.length {
	case position:
		return integer(c.start + 1)
	case unclosed:
		raisef(m.L, "unfinished capture")
	}
	return lua.LString(m.src[c.start : c.start+c.length])
}

// first is the first capture, or the whole match.
func (m *matcher) first(start, end int) lua.LValue {
	if m.level == 0 {
		return lua.LString(m.src[start:end])
	}
	return m.value(0)
}

func stringGMatch(L *lua.LState) int {
	s, pat := checkString(L, 1), checkString(L, 2)
	at := 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		var m matcher
		m.init(L, s, pat)
		for ; at <= len(s); at++ {
			m.level = 0
			if e := m.match(at, 0); e >= 0 {
				start := at
				at = e
				if e == start {
					at++
				}
				return m.pushCaptures(start, e)
			}
		}
		L.Push(lua.LNil)
		return 1
	}))
	return 1
}
