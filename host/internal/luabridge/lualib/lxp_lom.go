package lualib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openLOM makes lxp.lom: parse(text, or a function or table that gives it in pieces) makes a table of each element, with tag, attr and its
// children, tables and strings, in order.
func (l *library) openLOM(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{
		"parse":         lomParse,
		"find_elem":     lomFind,
		"list_children": lomChildren,
	})
}

// lomBuilder builds such tables.
type lomBuilder struct {
	L     *lua.LState
	stack []*lua.LTable
	root  *lua.LTable
	chars strings.Builder
}

func lomParse(L *lua.LState) int {
	b := &lomBuilder{L: L}
	r := &expatReader{tell: b}
	if separator, ok := L.Get(2).(lua.LString); ok {
		r.separator, r.namespaced = string(separator), true
	}
	err := lomFeed(L, r)
	if err == nil {
		err = r.feed("", true)
	}
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		L.Push(lua.LNumber(r.line + 1))
		L.Push(lua.LNumber(r.column + 1))
		L.Push(lua.LNumber(r.before + 1))
		return 5
	}
	return push(L, b.root)
}

// lomFeed takes the text from whatever it is given as.
func lomFeed(L *lua.LState, r *expatReader) error {
	switch source := L.Get(1).(type) {
	case lua.LString:
		return r.feed(string(source), false)
	case *lua.LFunction:
		for {
			piece, ok := call1(L, source).(lua.LString)
			if !ok {
				return nil
			}
			if err := r.feed(string(piece), false); err != nil {
				return err
			}
		}
	case *lua.LTable:
		for i := 1; i <= source.Len(); i++ {
			if err := r.feed(lua.LVAsString(source.RawGetInt(i)), false); err != nil {
				return err
			}
		}
		return nil
	}
	L.ArgError(1, "want a string, a function or a table, got "+L.Get(1).Type().String())
	return nil
}

func (b *lomBuilder) start(name string, attributes []expatAttribute) {
	b.flush()
	t := b.L.CreateTable(0, 2)
	t.RawSetString("tag", lua.LString(name))
	t.RawSetString("attr", attributeTable(b.L, attributes))
	if len(b.stack) > 0 {
		b.stack[len(b.stack)-1].Append(t)
	} else {
		b.root = t
	}
	b.stack = append(b.stack, t)
}

func (b *lomBuilder) end(string) {
	b.flush()
	b.stack = b.stack[:len(b.stack)-1]
}

func (b *lomBuilder) text(s string) { b.chars.WriteString(s) }

func (b *lomBuilder) flush() {
	if b.chars.Len() > 0 {
		b.stack[len(b.stack)-1].Append(lua.LString(b.chars.String()))
		b.chars.Reset()
	}
}

func (b *lomBuilder) comment(string)                 {}
func (b *lomBuilder) instruction(string, string)     {}
func (b *lomBuilder) namespace(string, string, bool) {}
func (b *lomBuilder) declaration(string, string)     {}
func (b *lomBuilder) doctype(string)                 {}

// lomFind: table, tag → the first such element in it or below, itself included.
func lomFind(L *lua.LState) int {
	found := findElement(L.CheckTable(1), L.CheckString(2))
	if found == nil {
		return push(L, lua.LNil)
	}
	return push(L, found)
}

func findElement(t *lua.LTable, tag string) *lua.LTable {
	if t.RawGetString("tag") == lua.LString(tag) {
		return t
	}
	for i := 1; i <= t.Len(); i++ {
		if child, ok := t.RawGetInt(i).(*lua.LTable); ok {
			if found := findElement(child, tag); found != nil {
				return found
			}
		}
	}
	return nil
}

// lomChildren: table, tag or nil → an iterator over the elements directly in it.
func lomChildren(L *lua.LState) int {
	t, tag, i := L.CheckTable(1), L.Get(2), 0
	return push(L, L.NewFunction(func(L *lua.LState) int {
		for i < t.Len() {
			i++
			child, ok := t.RawGetInt(i).(*lua.LTable)
			if ok && (tag == lua.LNil || child.RawGetString("tag") == tag) {
				return push(L, child)
			}
		}
		return 0
	}))
}
