package lualib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

const lxpClass = "lxp.parser"

// lxpParser calls a table's functions (LuaExpat). Text comes in one piece unless the parser is to report it as it arrives.
type lxpParser struct {
	expatReader
	L         *lua.LState // of the call that is under way
	self      lua.LValue
	callbacks *lua.LTable
	merge     bool
	pending   strings.Builder
	base      lua.LValue
}

// openLXP makes lxp: new(callbacks, separator, merge_character_data).
func (l *library) openLXP(*lua.LState) lua.LValue {
	class := l.class(lxpClass, map[string]lua.LGFunction{
		"parse":               lxpParse,
		"close":               lxpClose,
		"stop":                lxpStop,
		"pos":                 lxpPosition,
		"getcallbacks":        func(L *lua.LState) int { return push(L, self[*lxpParser](L, lxpClass).callbacks) },
		"getcurrentbytecount": func(L *lua.LState) int { return push(L, lua.LNumber(self[*lxpParser](L, lxpClass).current)) },
		"getbase":             func(L *lua.LState) int { return push(L, self[*lxpParser](L, lxpClass).base) },
		"setbase": func(L *lua.LState) int {
			self[*lxpParser](L, lxpClass).base = lua.LString(L.CheckString(2))
			return push(L, L.Get(1))
		},
		"setencoding": func(L *lua.LState) int { return push(L, L.Get(1)) }, // UTF-8 is all there is
	})
	lib := l.table(map[string]lua.LGFunction{"new": func(L *lua.LState) int {
		p := &lxpParser{callbacks: L.CheckTable(1), merge: L.Get(3) != lua.LFalse, base: lua.LNil}
		if separator, ok := L.Get(2).(lua.LString); ok {
			p.separator, p.namespaced = string(separator), true
		}
		p.tell = p
		p.self = l.object(class, p)
		return push(L, p.self)
	}})
	lib.RawSetString("_VERSION", lua.LString("LuaExpat 1.5.1"))
	lib.RawSetString("_EXPAT_VERSION", lua.LString("expat_2.5.0"))
	return lib
}

func push(L *lua.LState, v lua.LValue) int {
	L.Push(v)
	return 1
}

// lxpParse takes a piece, or nothing at the end, and gives the parser, or nil, what is wrong, line, column and position.
func lxpParse(L *lua.LState) int {
	p := self[*lxpParser](L, lxpClass)
	if err := p.run(L, L.OptString(2, ""), L.Get(2) == lua.LNil); err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2 + p.pushPosition(L)
	}
	return push(L, p.self)
}

func (p *lxpParser) run(L *lua.LState, piece string, last bool) error {
	if last && p.ended && p.mistakes == nil {
		return nil
	}
	p.L = L
	err := p.feed(piece, last)
	if err == nil {
		p.flush()
	}
	return err
}

// lxpClose ends the document; one that is not complete is an error.
func lxpClose(L *lua.LState) int {
	p := self[*lxpParser](L, lxpClass)
	if err := p.run(L, "", true); err != nil {
		L.RaiseError("error closing parser: %s", err.Error())
	}
	return push(L, p.self)
}

func lxpStop(L *lua.LState) int {
	self[*lxpParser](L, lxpClass).stopped = true
	return push(L, L.Get(1))
}

func lxpPosition(L *lua.LState) int { return self[*lxpParser](L, lxpClass).pushPosition(L) }

func (p *lxpParser) pushPosition(L *lua.LState) int {
	L.Push(lua.LNumber(p.line + 1))
	L.Push(lua.LNumber(p.column + 1))
	L.Push(lua.LNumber(p.before + 1))
	return 3
}

// call calls a function of the table, if there is one.
func (p *lxpParser) call(name string, args ...lua.LValue) {
	f, ok := p.L.GetField(p.callbacks, name).(*lua.LFunction)
	if !ok {
		return
	}
	call1(p.L, f, append([]lua.LValue{p.self}, args...)...)
}

// flush reports the text that has been gathered.
func (p *lxpParser) flush() {
	if p.pending.Len() > 0 {
		text := p.pending.String()
		p.pending.Reset()
		p.call("CharacterData", lua.LString(text))
	}
}

func (p *lxpParser) start(name string, attributes []expatAttribute) {
	p.flush()
	p.call("StartElement", lua.LString(name), attributeTable(p.L, attributes))
}

// attributeTable has the names in order, and the values by name.
func attributeTable(L *lua.LState, attributes []expatAttribute) *lua.LTable {
	t := L.CreateTable(len(attributes), len(attributes))
	for _, a := range attributes {
		t.Append(lua.LString(a.name))
		t.RawSetString(a.name, lua.LString(a.value))
	}
	return t
}

func (p *lxpParser) end(name string) {
	p.flush()
	p.call("EndElement", lua.LString(name))
}

func (p *lxpParser) text(s string) {
	p.pending.WriteString(s)
	if !p.merge {
		p.flush()
	}
}

func (p *lxpParser) comment(s string) {
	p.flush()
	p.call("Comment", lua.LString(s))
}

func (p *lxpParser) instruction(target, data string) {
	p.flush()
	p.call("ProcessingInstruction", lua.LString(target), lua.LString(data))
}

func (p *lxpParser) namespace(prefix, uri string, begins bool) {
	p.flush()
	if begins {
		p.call("StartNamespaceDecl", textOrNil(prefix), textOrNil(uri))
	} else {
		p.call("EndNamespaceDecl", textOrNil(prefix))
	}
}

func textOrNil(s string) lua.LValue {
	if s == "" {
		return lua.LNil
	}
	return lua.LString(s)
}

func (p *lxpParser) declaration(version, encoding string) {
	p.call("XmlDecl", lua.LString(version), textOrNil(encoding))
}

func (p *lxpParser) doctype(text string) {
	p.flush()
	if fields := strings.Fields(text); len(fields) > 1 && fields[0] == "DOCTYPE" {
		p.call("StartDoctypeDecl", lua.LString(fields[1]), lua.LNil, lua.LNil, lua.LBool(strings.Contains(text, "[")))
		p.call("EndDoctypeDecl")
	}
}
