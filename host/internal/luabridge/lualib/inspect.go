package lualib

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// inspector writes a value for people, like the library inspect: lists first, then the other fields in order, one a line.
type inspector struct {
	L     *lua.LState
	out   strings.Builder
	open  map[*lua.LTable]bool
	depth int
}

const maxInspect = 1 << 20

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// openInspect makes inspect, which is called as a function.
func (l *library) openInspect(L *lua.LState) lua.LValue {
	write := func(n int) lua.LGFunction {
		return func(L *lua.LState) int {
			i := inspector{L: L, open: map[*lua.LTable]bool{}}
			i.value(L.Get(n))
			return pushString(L, i.out.String())
		}
	}
	lib := l.table(map[string]lua.LGFunction{"inspect": write(1)})
	lib.Metatable = l.table(map[string]lua.LGFunction{"__call": write(2)})
	return lib
}

func (i *inspector) value(v lua.LValue) {
	switch v := v.(type) {
	case lua.LString:
		fmt.Fprintf(&i.out, "%q", string(v))
	case *lua.LTable:
		i.table(v)
	case lua.LNumber, lua.LBool, *lua.LNilType:
		i.out.WriteString(compat.ToString(i.L, v))
	default:
		i.out.WriteString("<" + v.Type().String() + ">")
	}
}

func (i *inspector) table(t *lua.LTable) {
	if i.open[t] || i.depth > 50 || i.out.Len() > maxInspect {
		i.out.WriteString("<table>")
		return
	}
	i.open[t] = true
	i.depth++
	items := 0
	i.out.WriteString("{")
	for n, v := range list(i.L, t) {
		if n > 1 {
			i.out.WriteString(",")
		}
		i.out.WriteString(" ")
		i.value(v)
		items = n
	}
	i.fields(t, items)
	i.depth--
	delete(i.open, t)
}

func (i *inspector) fields(t *lua.LTable, items int) {
	var lines []string
	for k, v := range fields(i.L, t) {
		if n, ok := k.(lua.LNumber); ok && n >= 1 && n <= lua.LNumber(items) {
			continue
		}
		part := inspector{L: i.L, open: i.open, depth: i.depth}
		part.key(k)
		part.value(v)
		lines = append(lines, part.out.String())
	}
	slices.Sort(lines)
	for n, line := range lines {
		if n > 0 || items > 0 {
			i.out.WriteString(",")
		}
		i.out.WriteString("\n" + strings.Repeat("  ", i.depth) + line)
	}
	switch {
	case len(lines) > 0:
		i.out.WriteString("\n" + strings.Repeat("  ", i.depth-1))
	case items > 0:
		i.out.WriteString(" ")
	}
	i.out.WriteString("}")
}

func (i *inspector) key(k lua.LValue) {
	if s, ok := k.(lua.LString); ok && identifier.MatchString(string(s)) {
		i.out.WriteString(string(s) + " = ")
		return
	}
	i.out.WriteString("[")
	i.value(k)
	i.out.WriteString("] = ")
}
