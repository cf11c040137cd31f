package luastanza

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/xmpp/stanza"
)

// changers are the methods that change a stanza in place.
func (lib *Lib) changers() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"maptags":         lib.mapTags,
		"remove_children": lib.removeChildren,
		"add_error":       lib.addError,
		"indent":          lib.indent,
	}
}

// mapTags replaces each child element by what a function returns for it; nil removes it.
func (lib *Lib) mapTags(L *lua.LState) int {
	e, f := lib.check(L, 1), L.CheckFunction(2)
	e.MapTags(func(c *stanza.Element) *stanza.Element {
		L.Push(f)
		L.Push(lib.Value(c))
		L.Call(1, 1)
		v := L.Get(-1)
		L.Pop(1)
		mapped, _ := lib.Element(v)
		return mapped
	})
	L.SetTop(1)
	return 1
}

func (lib *Lib) removeChildren(L *lua.LState) int {
	lib.check(L, 1).RemoveChildren(optional(L, 2), optional(L, 3))
	L.SetTop(1)
	return 1
}

// addError adds an <error/>: type, condition, text, by; or an error object.
func (lib *Lib) addError(L *lua.LState) int {
	e := lib.check(L, 1)
	e.Put(lib.errorFrom(L, 2).Element())
	L.SetTop(1)
	return 1
}

// indent is a copy with white space that shows the tree: level, indentation.
func (lib *Lib) indent(L *lua.LState) int {
	e := lib.check(L, 1)
	L.Push(lib.Value(indented(e, L.OptInt(2, 1), L.OptString(3, "\t"))))
	return 1
}

func indented(e *stanza.Element, level int, unit string) *stanza.Element {
	out := e.ShallowClone()
	if len(e.Tags) == 0 {
		out.AddText(e.Text())
		return out
	}
	for _, c := range e.Tags {
		out.AddText("\n" + strings.Repeat(unit, level)).AddChild(indented(c, level+1, unit))
	}
	return out.AddText("\n" + strings.Repeat(unit, level-1))
}
