package compat

import (
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func stringGSub(L *lua.LState) int {
	s, pat := checkString(L, 1), checkString(L, 2)
	repl := L.Get(3)
	switch repl.Type() {
	case lua.LTNumber:
		repl = lua.LString(checkString(L, 3))
	case lua.LTString, lua.LTFunction, lua.LTTable:
	default:
		typeError(L, 3, "string/function/table")
	}
	limit := math.MaxInt
	if !isNoneOrNil(L, 4) {
		limit = checkInt(L, 4)
	}
	var m matcher
	m.init(L, s, pat)
	out, n := m.substitute(repl, limit)
	L.Push(lua.LString(out))
	L.Push(integer(n))
	return 2
}

// substitute replaces up to limit matches. Nothing is copied until the first one.
func (m *matcher) substitute(repl lua.LValue, limit int) (string, int) {
	p := 0
	anchored := strings.HasPrefix(m.pat, "^")
	if anchored {
		p = 1
	}
	var out []byte
	s, kept, n := 0, 0, 0 // src[:kept] is in out
	for n < limit {
		m.level = 0
		e := m.match(s, p)
		if e >= 0 {
			n++
			out = append(out, m.src[kept:s]...)
			out = m.replace(out, repl, s, e)
			kept = e
			checkSize(m.L, len(out))
		}
		switch {
		case e > s:
			s = e
		case s < len(m.src):
			s++
		default:
			anchored = true
		}
		if anchored {
			break
		}
	}
	if n == 0 {
		return m.src, 0
	}
	return string(append(out, m.src[kept:]...)), n
}

// replace appends what the match src[s:e] is replaced with.
func (m *matcher) replace(out []byte, repl lua.LValue, s, e int) []byte {
	var v lua.LValue
	switch repl := repl.(type) {
	case lua.LString:
		return m.expand(out, string(repl), s, e)
	case *lua.LFunction:
		m.L.Push(repl)
		m.L.Call(m.pushCaptures(s, e), 1)
		v = m.L.Get(-1)
		m.L.Pop(1)
	case *lua.LTable:
		v = m.L.GetTable(repl, m.first(s, e))
	}
	switch v := v.(type) {
	case lua.LString:
		return append(out, v...)
	case lua.LNumber:
		return append(out, formatNumber(float64(v))...)
	}
	if lua.LVAsBool(v) {
		raisef(m.L, "invalid replacement value (a %s)", v.Type())
	}
	return append(out, m.src[s:e]...)
}

// expand appends a replacement string with its %0 to %9.
func (m *matcher) expand(out []byte, repl string, s, e int) []byte {
	for {
		i := strings.IndexByte(repl, '%')
		if i < 0 || i+1 == len(repl) {
			return append(out, strings.TrimSuffix(repl, "%")...)
		}
		out = append(out, repl[:i]...)
		c := repl[i+1]
		repl = repl[i+2:]
		switch {
		case c == '0':
			out = append(out, m.src[s:e]...)
		case c == '1' && m.level == 0:
			out = append(out, m.src[s:e]...)
		case '1' <= c && c <= '9':
			i := int(c - '1')
			if i >= m.level {
				raisef(m.L, "invalid capture index %%%d in replacement string", i+1)
			}
			out = append(out, ToString(m.L, m.value(i))...)
		default:
			out = append(out, c)
		}
	}
}
