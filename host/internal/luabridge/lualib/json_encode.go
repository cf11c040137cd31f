package lualib

import (
	"math"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

type jsonEncoder struct {
	L       *lua.LState
	l       *library
	ordered bool
	out     []byte
	depth   int
}

func (e *jsonEncoder) value(v lua.LValue) {
	switch v := v.(type) {
	case lua.LBool:
		if v {
			e.out = append(e.out, "true"...)
		} else {
			e.out = append(e.out, "false"...)
		}
	case lua.LNumber:
		e.number(v)
	case lua.LString:
		e.string(string(v))
	case *lua.LTable:
		e.tableOrList(v)
	default:
		e.out = append(e.out, "null"...)
	}
}

// number: JSON has no word for what is not a number, or infinite.
func (e *jsonEncoder) number(n lua.LNumber) {
	if f := float64(n); math.IsNaN(f) || math.IsInf(f, 0) {
		e.out = append(e.out, "null"...)
		return
	}
	e.out = append(e.out, compat.ToString(e.L, n)...)
}

func (e *jsonEncoder) string(s string) {
	e.out = append(e.out, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		e.out = append(e.out, s[start:i]...)
		e.out = appendJSONEscape(e.out, s[i])
		start = i + 1
	}
	e.out = append(e.out, s[start:]...)
	e.out = append(e.out, '"')
}

func appendJSONEscape(out []byte, c byte) []byte {
	const short, letters = "\"\\\b\f\n\r\t", `"\bfnrt`
	if i := strings.IndexByte(short, c); i >= 0 {
		return append(out, '\\', letters[i])
	}
	const digits = "0123456789ABCDEF"
	return append(out, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
}

func (e *jsonEncoder) tableOrList(t *lua.LTable) {
	if t == e.l.json.null {
		e.out = append(e.out, "null"...)
		return
	}
	if e.depth++; e.depth > maxJSONDepth {
		e.L.RaiseError("table nested too deep for JSON")
	}
	if metatable(t) == e.l.json.array {
		e.array(t)
	} else {
		e.table(t)
	}
	e.depth--
}

func (e *jsonEncoder) array(t *lua.LTable) {
	e.out = append(e.out, '[')
	for i, v := range list(e.L, t) {
		if i > 1 {
			e.out = append(e.out, ',')
		}
		e.value(v)
	}
	e.out = append(e.out, ']')
}

// member is an entry of a table that is not in its list.
type member struct{ key, value lua.LValue }

func (e *jsonEncoder) table(t *lua.LTable) {
	items := 0
	for i := range list(e.L, t) {
		items = i
	}
	members, others := e.members(t, items)
	if items > 0 && len(members) == 0 && len(others) == 0 {
		e.array(t)
		return
	}
	e.out = append(e.out, '{')
	for _, m := range members {
		e.string(string(m.key.(lua.LString)))
		e.out = append(e.out, ':')
		e.value(m.value)
		e.out = append(e.out, ',')
	}
	e.others(others)
	if items > 0 {
		e.out = append(e.out, `"__array":`...)
		e.array(t)
		e.out = append(e.out, ',')
	}
	if last := len(e.out) - 1; e.out[last] == ',' {
		e.out = e.out[:last]
	}
	e.out = append(e.out, '}')
}

// members are the entries beyond a list of that length: those with names, and others. What JSON cannot hold is left out.
func (e *jsonEncoder) members(t *lua.LTable, items int) (named, others []member) {
	for k, v := range fields(e.L, t) {
		if !jsonType(v) {
			continue
		}
		if s, ok := k.(lua.LString); ok && s != "__array" && s != "__hash" {
			named = append(named, member{k, v})
			continue
		}
		if n, ok := k.(lua.LNumber); ok && n >= 1 && n <= lua.LNumber(items) && n == lua.LNumber(math.Trunc(float64(n))) {
			continue
		}
		if jsonType(k) {
			others = append(others, member{k, v})
		}
	}
	if e.ordered {
		slices.SortFunc(named, func(a, b member) int {
			return strings.Compare(string(a.key.(lua.LString)), string(b.key.(lua.LString)))
		})
	}
	return named, others
}

func jsonType(v lua.LValue) bool {
	switch v.(type) {
	case lua.LNumber, lua.LString, lua.LBool, *lua.LTable:
		return true
	}
	return false
}

func (e *jsonEncoder) others(others []member) {
	if len(others) == 0 {
		return
	}
	e.out = append(e.out, `"__hash":[`...)
	for i, m := range others {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		e.value(m.key)
		e.out = append(e.out, ',')
		e.value(m.value)
	}
	e.out = append(e.out, `],`...)
}
