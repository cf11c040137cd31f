package compat

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// frameAt is the function at a level of the call stack (0: the running one), going on to the thread that called this one.
func frameAt(L *lua.LState, level int) (*lua.LState, *lua.Debug, bool) {
	for L != nil && level >= 0 {
		if dbg, ok := L.GetStack(level); ok {
			return L, dbg, true
		}
		t := threadOf(L)
		level += t.callerLevel - levelsOf(L)
		L = t.caller
	}
	return nil, nil, false
}

// where is "file:line: " of the function at a level, or "" if that is a Go function.
func where(L *lua.LState, level int) string {
	l, dbg, ok := frameAt(L, level)
	if !ok {
		return ""
	}
	fn, err := l.GetInfo("Slf", dbg, nil)
	if err != nil || fn.(*lua.LFunction).IsG {
		return ""
	}
	return fmt.Sprintf("%s:%d: ", dbg.Source, dbg.CurrentLine)
}

// raisef raises an error with the position of the function that called the running Go function.
func raisef(L *lua.LState, format string, args ...any) {
	L.Error(lua.LString(where(L, 1)+fmt.Sprintf(format, args...)), 0)
}

// traceback describes the call stack from a level on, as debug.traceback does.
func traceback(L *lua.LState, message string, level int) string {
	var b strings.Builder
	if message != "" {
		b.WriteString(message + "\n")
	}
	b.WriteString("stack traceback:")
	const head, tail = 12, 10
	first, end := level, stackDepth(L)
	for ; level < end; level++ {
		if end-first > head+tail && level == first+head {
			b.WriteString("\n\t...")
			level = end - tail
		}
		if l, dbg, ok := frameAt(L, level); ok {
			b.WriteString("\n\t" + stackLine(l, dbg))
		}
	}
	return b.String()
}

// stackDepth is the number of levels that frameAt finds.
func stackDepth(L *lua.LState) (depth int) {
	for L != nil {
		depth += levelsOf(L)
		t := threadOf(L)
		if L = t.caller; L != nil {
			depth -= t.callerLevel
		}
	}
	return depth
}

func stackLine(L *lua.LState, dbg *lua.Debug) string {
	v, err := L.GetInfo("nSlf", dbg, nil)
	if err != nil {
		return "?"
	}
	fn := v.(*lua.LFunction)
	place := "[C]:"
	if !fn.IsG {
		place = fmt.Sprintf("%s:%d:", dbg.Source, dbg.CurrentLine)
	}
	switch {
	case isMainChunk(fn):
		return place + " in main chunk"
	case plainName(dbg.Name):
		return fmt.Sprintf("%s in function '%s'", place, dbg.Name)
	case fn.IsG:
		return place + " ?"
	}
	return fmt.Sprintf("%s in function <%s:%d>", place, dbg.Source, dbg.LineDefined)
}

func isMainChunk(fn *lua.LFunction) bool { return !fn.IsG && fn.Proto.LineDefined == 0 }

// plainName tells whether gopher-lua knew a name and did not make one up.
func plainName(name string) bool {
	return name != "" && name != "?" && name[0] != '(' && name[0] != '<' && name != "main chunk" && name != "corountine"
}
