package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// openSSL makes of LuaSec what modules use: contexts, certificates, and TLS on a socket that waits.
func (l *library) openSSL(*lua.LState) lua.LValue {
	lib := l.table(map[string]lua.LGFunction{"newcontext": l.sslNewContext, "loadcertificate": l.loadCertificate, "wrap": l.sslWrap})
	lib.RawSetString("_VERSION", lua.LString("1.2.0"))
	lib.RawSetString("config", l.sslConfig())
	lib.RawSetString("x509", l.openCertificates(nil))
	lib.RawSetString("context", l.table(l.contextMethods()))
	return lib
}

// openCertificates makes ssl.x509.
func (l *library) openCertificates(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{"load": l.loadCertificate})
}

// sslConfig is what LuaSec tells of the OpenSSL that it was built with.
func (l *library) sslConfig() *lua.LTable {
	L := l.in.State()
	set := func(names ...string) *lua.LTable {
		t := L.NewTable()
		for _, name := range names {
			t.RawSetString(name, lua.LTrue)
		}
		return t
	}
	config := L.NewTable()
	config.RawSetString("algorithms", set("ec"))
	config.RawSetString("capabilities", set("curves_list", "ecdh_auto"))
	config.RawSetString("options", set("cipher_server_preference", "no_ticket", "no_compression", "single_dh_use", "single_ecdh_use", "no_renegotiation"))
	config.RawSetString("protocols", set("tlsv1", "tlsv1_1", "tlsv1_2", "tlsv1_3"))
	config.RawSetString("curves", set("X25519", "P-256", "P-384", "P-521"))
	return config
}

// sslNewContext: configuration → context, or nil and why not.
func (l *library) sslNewContext(L *lua.LState) int {
	ctx, err := l.newContext(L.CheckTable(1), "")
	if err != nil {
		return pushFailure(L, err.Error())
	}
	L.Push(l.object(l.net.contextClass, ctx))
	return 1
}
