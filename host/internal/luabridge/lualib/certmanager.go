package lualib

import (
	"path/filepath"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openCertManager makes core.certmanager. Certificates of hosts are found by the server, at the moment of the handshake: a context has one
// of its own only if the configuration names files.
func (l *library) openCertManager(*lua.LState) lua.LValue {
	none := func(L *lua.LState) int {
		L.Push(L.NewTable())
		return 1
	}
	return l.table(map[string]lua.LGFunction{
		"create_context":     l.createContext,
		"find_host_cert":     l.findHostCert,
		"find_cert":          l.findHostCert,
		"find_cert_in_dir":   l.findHostCert,
		"find_cert_in_index": l.findHostCert,
		"index_certs":        none,
		"reload_ssl_config":  func(*lua.LState) int { return 0 },
	})
}

// findHostCert gives nothing to add to a configuration: the server knows.
func (l *library) findHostCert(L *lua.LState) int {
	L.Push(L.NewTable())
	return 1
}

// createContext: whose certificate ("example.org", or "https port 443"), "server" or "client", configurations, of which earlier ones win.
// It gives the context, nil, and what the context was made of; or nil and why not.
func (l *library) createContext(L *lua.LState) int {
	host, mode := L.CheckString(1), L.CheckString(2)
	cfg := L.NewTable()
	for name, list := range map[string][]string{"verify": {"peer", "client_once"}, "verifyext": {"lsec_continue", "lsec_ignore_purpose"}} {
		t := L.NewTable()
		for _, word := range list {
			t.Append(lua.LString(word))
		}
		cfg.RawSetString(name, t)
	}
	cfg.RawSetString("protocol", lua.LString("tlsv1_2+"))
	l.applyConfig(L, cfg, l.globalOption(L, "ssl"))
	for i := L.GetTop(); i >= 3; i-- {
		l.applyConfig(L, cfg, L.Get(i))
	}
	cfg.RawSetString("mode", lua.LString(mode))
	if strings.Contains(host, " port ") {
		host = ""
	}
	ctx, err := l.newContext(cfg, host)
	if err != nil {
		return pushFailure(L, err.Error())
	}
	L.Push(l.object(l.net.contextClass, ctx))
	L.Push(lua.LNil)
	L.Push(cfg)
	return 3
}

func (l *library) globalOption(L *lua.LState, name string) lua.LValue {
	config, ok := l.optionalLibrary(L, "core.configmanager").(*lua.LTable)
	if !ok {
		return lua.LNil
	}
	return call1(L, config.RawGetString("get"), lua.LString("*"), lua.LString(name))
}

// applyConfig copies the fields of one configuration over another. Tables for certain ports and addresses are none of its fields.
func (l *library) applyConfig(L *lua.LState, cfg *lua.LTable, over lua.LValue) {
	t, ok := over.(*lua.LTable)
	if !ok {
		return
	}
	for k, v := range fields(L, t) {
		name, ok := k.(lua.LString)
		if !ok {
			continue
		}
		switch name {
		case "certificate", "key", "cafile", "capath", "dhparam":
			v = l.configPath(L, v)
		}
		cfg.RawSet(name, v)
	}
}

// configPath is a path of the configuration, which is relative to the file's directory.
func (l *library) configPath(L *lua.LState, v lua.LValue) lua.LValue {
	path, ok := v.(lua.LString)
	if !ok || filepath.IsAbs(string(path)) {
		return v
	}
	prosody, ok := l.in.Globals().RawGetString("prosody").(*lua.LTable)
	if !ok {
		return v
	}
	paths, _ := prosody.RawGetString("paths").(*lua.LTable)
	if paths == nil {
		return v
	}
	return lua.LString(filepath.Join(lua.LVAsString(paths.RawGetString("config")), string(path)))
}
