package lualib

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openLOM makes lxp.lom, the object model of LuaExpat 1.3: parse(text, or a function that gives it in pieces) is a table with tag, attr and the
// children, elements and texts, as a list. Names keep their prefixes; attr has the names as a list as well.
func (l *library) openLOM(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{"parse": func(L *lua.LState) int {
		root, line, err := parseLOM(L, lomText(L))
		if err != nil {
			pushFailure(L, err.Error())
			L.Push(lua.LNumber(line))
			return 3
		}
		L.Push(root)
		return 1
	}})
}

func lomText(L *lua.LState) string {
	if text, ok := L.Get(1).(lua.LString); ok {
		return string(text)
	}
	var b strings.Builder
	for next := L.CheckFunction(1); ; {
		piece, ok := call1(L, next).(lua.LString)
		if !ok || piece == "" {
			return b.String()
		}
		b.WriteString(string(piece))
	}
}

func parseLOM(L *lua.LState, text string) (root *lua.LTable, line int, err error) {
	d := xml.NewDecoder(strings.NewReader(text))
	var open []*lua.LTable
	for {
		token, err := d.RawToken()
		if err != nil {
			line, _ := d.InputPos()
			return lomEnd(root, open, line, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := lomElement(L, token)
			if len(open) > 0 {
				open[len(open)-1].Append(e)
			} else if root != nil {
				line, _ := d.InputPos()
				return nil, line, errors.New("junk after document element")
			} else {
				root = e
			}
			open = append(open, e)
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1].RawGetString("tag") != lua.LString(rawName(token.Name)) {
				line, _ := d.InputPos()
				return nil, line, errors.New("mismatched tag")
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				appendText(open[len(open)-1], lua.LString(token))
			}
		}
	}
}

// appendText adds to the text at the end of a list, or begins one.
func appendText(t *lua.LTable, text lua.LString) {
	last := t.Len()
	if before, ok := t.RawGetInt(last).(lua.LString); ok {
		t.RawSetInt(last, before+text)
		return
	}
	t.Append(text)
}

func lomEnd(root *lua.LTable, open []*lua.LTable, line int, err error) (*lua.LTable, int, error) {
	switch {
	case !errors.Is(err, io.EOF):
		return nil, line, errors.New("not well-formed (invalid token)")
	case root == nil || len(open) > 0:
		return nil, line, errors.New("no element found")
	}
	return root, line, nil
}

func lomElement(L *lua.LState, start xml.StartElement) *lua.LTable {
	e, attr := L.NewTable(), L.NewTable()
	for _, a := range start.Attr {
		attr.Append(lua.LString(rawName(a.Name)))
		attr.RawSetString(rawName(a.Name), lua.LString(a.Value))
	}
	e.RawSetString("tag", lua.LString(rawName(start.Name)))
	e.RawSetString("attr", attr)
	return e
}

// rawName is a name with its prefix.
func rawName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}
