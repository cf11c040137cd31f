package lualib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// saslRegistry is what registerMechanism fills: the mechanisms, and which of them each backend of a profile makes possible.
type saslRegistry struct {
	l          *library
	class      *lua.LTable
	mechanisms map[string]lua.LValue
	backends   map[string][]string
	bindings   map[string][]string // channel bindings that a mechanism needs one of
}

// openSASL makes util.sasl, by which modules give an account provider of their own a SASL handler. PLAIN, ANONYMOUS, EXTERNAL and SCRAM
// are built in.
func (l *library) openSASL(L *lua.LState) lua.LValue {
	r := &saslRegistry{l: l, mechanisms: map[string]lua.LValue{}, backends: map[string][]string{}, bindings: map[string][]string{}}
	r.class = l.class("sasl", map[string]lua.LGFunction{
		"mechanisms":     r.list,
		"select":         saslSelect,
		"process":        r.process,
		"clean_clone":    func(L *lua.LState) int { return r.pushNew(L, L.CheckTable(1).RawGetString("realm"), saslProfile(L)) },
		"add_cb_handler": saslAddBinding,
	})
	r.add("PLAIN", L.NewFunction(l.saslPlain), "plain", "plain_test")
	r.add("ANONYMOUS", L.NewFunction(saslAnonymous), "anonymous")
	r.add("EXTERNAL", L.NewFunction(saslExternal), "external")
	for name, m := range scramMechanisms {
		r.add(name, L.NewFunction(m.process), "plain", m.backend)
		if m.plus {
			r.bindings[name] = bindings
		}
	}
	return l.table(map[string]lua.LGFunction{
		"registerMechanism": r.register,
		"new":               func(L *lua.LState) int { return r.pushNew(L, L.Get(1), L.CheckTable(2)) },
	})
}

func (r *saslRegistry) add(name string, f lua.LValue, backends ...string) {
	r.mechanisms[name] = f
	for _, b := range backends {
		if !slices.Contains(r.backends[b], name) {
			r.backends[b] = append(r.backends[b], name)
		}
	}
}

// register: name, list of backends, function(self, message), list of channel bindings.
func (r *saslRegistry) register(L *lua.LState) int {
	name, backends, f := L.CheckString(1), L.CheckTable(2), L.CheckFunction(3)
	var names []string
	for _, b := range list(L, backends) {
		names = append(names, lua.LVAsString(b))
	}
	r.add(name, f, names...)
	if bindings, ok := L.Get(4).(*lua.LTable); ok {
		for _, b := range list(L, bindings) {
			r.bindings[name] = append(r.bindings[name], lua.LVAsString(b))
		}
	}
	return 0
}

// pushNew makes a handler; the mechanisms are kept with the profile.
func (r *saslRegistry) pushNew(L *lua.LState, realm lua.LValue, profile *lua.LTable) int {
	mechs, ok := profile.RawGetString("mechanisms").(*lua.LTable)
	if !ok {
		mechs = L.NewTable()
		for backend := range fields(L, profile) {
			for _, name := range r.backends[lua.LVAsString(backend)] {
				mechs.RawSetString(name, lua.LTrue)
			}
		}
		profile.RawSetString("mechanisms", mechs)
	}
	t := L.NewTable()
	t.RawSetString("realm", realm)
	t.RawSetString("profile", profile)
	t.RawSetString("mechs", mechs)
	t.Metatable = r.class
	L.Push(t)
	return 1
}

func saslProfile(L *lua.LState) *lua.LTable {
	p, ok := L.CheckTable(1).RawGetString("profile").(*lua.LTable)
	if !ok {
		L.ArgError(1, "SASL handler expected")
	}
	return p
}

// list is the set of the mechanisms that can be used now.
func (r *saslRegistry) list(L *lua.LState) int {
	set := L.NewTable()
	mechs, _ := L.CheckTable(1).RawGetString("mechs").(*lua.LTable)
	for name := range fields(L, mechs) {
		if r.bindable(saslProfile(L), lua.LVAsString(name)) {
			set.RawSet(name, lua.LTrue)
		}
	}
	L.Push(set)
	return 1
}

func (r *saslRegistry) bindable(profile *lua.LTable, mechanism string) bool {
	needed := r.bindings[mechanism]
	if len(needed) == 0 {
		return true
	}
	cb, ok := profile.RawGetString("cb").(*lua.LTable)
	return ok && slices.ContainsFunc(needed, func(name string) bool { return cb.RawGetString(name) != lua.LNil })
}

func saslAddBinding(L *lua.LState) int {
	profile := saslProfile(L)
	cb, ok := profile.RawGetString("cb").(*lua.LTable)
	if !ok {
		cb = L.NewTable()
		profile.RawSetString("cb", cb)
	}
	cb.RawSet(L.CheckAny(2), L.Get(3))
	L.SetTop(1)
	return 1
}

// saslSelect chooses a mechanism once.
func saslSelect(L *lua.LState) int {
	t := L.CheckTable(1)
	mechs, _ := t.RawGetString("mechs").(*lua.LTable)
	if t.RawGetString("selected") != lua.LNil || mechs == nil || !lua.LVAsBool(mechs.RawGet(L.CheckAny(2))) {
		return 0
	}
	t.RawSetString("selected", L.Get(2))
	L.Push(lua.LTrue)
	return 1
}

// process gives "success", "challenge" and data, or "failure" and condition and text.
func (r *saslRegistry) process(L *lua.LState) int {
	f := r.mechanisms[lua.LVAsString(L.CheckTable(1).RawGetString("selected"))]
	if f == nil {
		L.RaiseError("no SASL mechanism is selected")
	}
	L.SetTop(2)
	L.Insert(f, 1)
	L.Call(2, lua.MultRet)
	return L.GetTop()
}
