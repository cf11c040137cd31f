package lualib

import (
	"reflect"

	lua "github.com/yuin/gopher-lua"
)

// notHere is a function that this server does not have: calling it says so. It stays a function of its own, so that IsStandIn knows what it
// makes.
//
//go:noinline
func (l *library) notHere(library, function string) lua.LGFunction {
	return func(L *lua.LState) int {
		L.RaiseError("%s.%s is not available in this server", library, function)
		return 0
	}
}

// standInCode is where the functions are that notHere makes.
var standInCode = reflect.ValueOf((*library)(nil).notHere("", "")).Pointer()

// IsStandIn is whether a function does nothing but say that it is not there.
func IsStandIn(v lua.LValue) bool {
	f, ok := v.(*lua.LFunction)
	return ok && f.IsG && reflect.ValueOf(f.GFunction).Pointer() == standInCode
}

// standIns are libraries that modules load at the top of their file, with the functions that they may call later and in vain.
var standIns = map[string][]string{
	"core.componentmanager": {"register_component", "deregister_component"},
	"net.cqueues":           {},
	"net.httpserver":        {"new", "new_from_config"},
	"net.server_select":     {"loop", "wrapclient"},
	"net.websocket":         {"connect"},
}

// openStandIns adds the stand-ins for what is not there otherwise.
func (l *library) openStandIns(open map[string]opener) {
	for name, functions := range standIns {
		if open[name] == nil {
			open[name] = func(L *lua.LState) lua.LValue { return l.standIn(L, name, functions) }
		}
	}
}

func (l *library) standIn(L *lua.LState, name string, functions []string) *lua.LTable {
	t := L.NewTable()
	for _, f := range functions {
		t.RawSetString(f, L.NewFunction(l.notHere(name, f)))
	}
	return t
}
