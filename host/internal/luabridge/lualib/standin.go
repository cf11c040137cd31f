package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// notHere is a function that this server does not have: calling it says so.
func (l *library) notHere(library, function string) lua.LGFunction {
	return func(L *lua.LState) int {
		L.RaiseError("%s.%s is not available in this server", library, function)
		return 0
	}
}

// standIns are libraries that modules load at the top of their file, with the functions that they may call later and in vain.
var standIns = map[string][]string{
	"core.certmanager":      {"create_context", "find_cert", "find_host_cert", "find_cert_in_dir", "index_certs", "reload_ssl_config"},
	"core.componentmanager": {"register_component", "deregister_component"},
	"core.loggingmanager":   {"reload_logging"},
	"core.portmanager":      {"activate", "deactivate", "close", "register_service", "unregister_service", "get_tls_config_at"},
	"core.s2smanager":       {"new_incoming", "new_outgoing", "destroy_session", "mark_connected", "retire_session"},
	"net.adns":              {"lookup", "resolver", "settings", "purge"},
	"net.connect":           {"connect", "new_connector"},
	"net.cqueues":           {},
	"net.dns":               {"lookup", "peek", "query", "resolver", "types"},
	"net.http":              {"request", "destroy_request", "new"},
	"net.http.files":        {"serve"},
	"net.http.server":       {"add_handler", "add_host", "remove_handler", "remove_host", "send_file", "send_head_response", "send_response", "set_default_host", "set_option", "get_request_from_conn", "prepare_header", "fire_event"},
	"net.httpserver":        {"new", "new_from_config"},
	"net.resolvers.basic":   {"new"},
	"net.resolvers.chain":   {"new"},
	"net.resolvers.manual":  {"new"},
	"net.resolvers.service": {"new"},
	"net.server":            {"addclient", "addserver", "addevent", "event", "link", "listen", "loop", "setquitting", "watchfd", "wrapclient", "wrapserver", "add_task", "changesettings"},
	"net.server_select":     {"loop", "wrapclient"},
	"net.unbound":           {"lookup"},
	"net.websocket":         {"connect"},
	"net.websocket.frames":  {"build", "build_close", "parse", "parse_close"},
	"socket.http":           {"request"},
	"socket.unix":           {"stream", "tcp"},
	"ssl":                   {"wrap", "newcontext", "loadcertificate"},
	"ssl.https":             {"request"},
	"ssl.x509":              {"load"},
	"util.sasl.scram":       {"init", "getAuthenticationDatabaseSHA1", "getAuthenticationDatabaseSHA256", "hashers"},
	"util.xmppstream":       {"new"},
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
	l.complete(L, name, t)
	return t
}

// complete adds to a stand-in what can be done all the same.
func (l *library) complete(L *lua.LState, name string, t *lua.LTable) {
	set := func(functions map[string]lua.LGFunction) {
		for n, f := range functions {
			t.RawSetString(n, L.NewFunction(f))
		}
	}
	nothing := func(*lua.LState) int { return 0 }
	empty := func(L *lua.LState) int {
		L.Push(L.NewTable())
		return 1
	}
	switch name {
	case "core.loggingmanager":
		set(map[string]lua.LGFunction{"register_sink_type": nothing})
	case "core.portmanager":
		set(map[string]lua.LGFunction{"get_service": nothing, "get_service_at": nothing, "get_active_services": empty, "get_registered_services": empty})
	case "net.http":
		l.formFunctions(L, t)
	case "net.server":
		set(map[string]lua.LGFunction{"get_backend": func(L *lua.LState) int { return pushString(L, "go") }})
	case "ssl":
		t.RawSetString("_VERSION", lua.LString("0"))
	}
}

// formFunctions are those of util.http, which net.http has too.
func (l *library) formFunctions(L *lua.LState, t *lua.LTable) {
	t.RawSetString("features", L.NewTable())
	http, ok := l.optionalLibrary(L, "util.http").(*lua.LTable)
	if !ok {
		return
	}
	for _, name := range []string{"formdecode", "formencode", "urldecode", "urlencode"} {
		t.RawSetString(name, http.RawGetString(name))
	}
}
