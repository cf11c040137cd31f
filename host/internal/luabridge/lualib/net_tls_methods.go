package lualib

import (
	"crypto/tls"
	"crypto/x509"
	"net"

	lua "github.com/yuin/gopher-lua"
)

// tlsMethods are the methods of connections about their TLS.
var tlsMethods = map[string]func(c *connection, L *lua.LState) int{
	"ssl":                       connSSL,
	"ssl_info":                  connInfo,
	"ssl_peercertificate":       connPeerCertificate,
	"ssl_peerchain":             connPeerChain,
	"ssl_peerverification":      connPeerVerification,
	"ssl_peerfinished":          connFinished,
	"ssl_exportkeyingmaterial":  connExport,
	"alpn":                      connALPN,
	"sni":                       connSNI,
	"ssl_clientcert_thumbprint": connThumbprint,
}

func connSSL(c *connection, L *lua.LState) int {
	L.Push(lua.LBool(c.tlsState() != nil))
	return 1
}

// connInfo gives {protocol, cipher, …}, or one of these fields; nil without TLS.
func connInfo(c *connection, L *lua.LState) int {
	state := c.tlsState()
	if state == nil {
		return pushFailure(L, "not-tls")
	}
	info := TLSInfo(L, state)
	if field, ok := L.Get(2).(lua.LString); ok {
		L.Push(info.RawGet(field))
		return 1
	}
	L.Push(info)
	return 1
}

func peerCertificates(c *connection) []*x509.Certificate {
	state := c.tlsState()
	if state == nil {
		return nil
	}
	return state.PeerCertificates
}

// connPeerCertificate gives the peer's certificate, or that at a place of its chain (from 1).
func connPeerCertificate(c *connection, L *lua.LState) int {
	chain, n := peerCertificates(c), 1
	if i, ok := L.Get(2).(lua.LNumber); ok {
		n = int(i)
	}
	if n < 1 || n > len(chain) {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(c.l.certificateValue(chain[n-1]))
	return 1
}

func connPeerChain(c *connection, L *lua.LState) int {
	list := L.NewTable()
	for _, cert := range peerCertificates(c) {
		list.Append(c.l.certificateValue(cert))
	}
	L.Push(list)
	return 1
}

// connPeerVerification gives true, or false and what is wrong with the chain: a list of messages for each certificate, the peer's first.
func connPeerVerification(c *connection, L *lua.LState) int {
	state := c.tlsState()
	if state == nil || len(state.PeerCertificates) == 0 {
		L.Push(lua.LFalse)
		messages := L.NewTable()
		messages.Append(L.NewTable())
		L.Push(messages)
		return 2
	}
	err := c.verifyPeer(state)
	L.Push(lua.LBool(err == nil))
	if err == nil {
		return 1
	}
	first, all := L.NewTable(), L.NewTable()
	first.Append(lua.LString(err.Error()))
	all.Append(first)
	L.Push(all)
	return 2
}

// verifyPeer is whether the chain ends at a root that is trusted; the name is not looked at.
func (c *connection) verifyPeer(state *tls.ConnectionState) error {
	var roots *x509.CertPool
	if c.tls != nil {
		roots = c.tls.config.RootCAs
	}
	return VerifyChain(state.PeerCertificates, roots)
}

// connFinished gives what tls-unique binds to; nil with TLS 1.3, which has none.
func connFinished(c *connection, L *lua.LState) int {
	if state := c.tlsState(); state != nil && len(state.TLSUnique) > 0 {
		return pushString(L, string(state.TLSUnique))
	}
	L.Push(lua.LNil)
	return 1
}

// connExport: label, number of bytes, context.
func connExport(c *connection, L *lua.LState) int {
	state := c.tlsState()
	if state == nil {
		return pushFailure(L, "not-tls")
	}
	var context []byte
	if s, ok := L.Get(4).(lua.LString); ok {
		context = []byte(s)
	}
	material, err := state.ExportKeyingMaterial(L.CheckString(2), context, L.CheckInt(3))
	if err != nil {
		return pushFailure(L, err.Error())
	}
	return pushString(L, string(material))
}

func connALPN(c *connection, L *lua.LState) int {
	if state := c.tlsState(); state != nil && state.NegotiatedProtocol != "" {
		return pushString(L, state.NegotiatedProtocol)
	}
	L.Push(lua.LNil)
	return 1
}

func connSNI(c *connection, L *lua.LState) int {
	if state := c.tlsState(); state != nil && state.ServerName != "" {
		return pushString(L, state.ServerName)
	}
	L.Push(lua.LNil)
	return 1
}

func connThumbprint(c *connection, L *lua.LState) int {
	chain := peerCertificates(c)
	if len(chain) == 0 {
		L.Push(lua.LNil)
		return 1
	}
	return pushString(L, digest(chain[0], "sha1"))
}

// connSocket gives the socket below a connection: it has the methods of LuaSec's connections only if there is TLS.
func connSocket(c *connection, L *lua.LState) int {
	L.Push(c.socketValue())
	return 1
}

func (c *connection) socketValue() *lua.LTable {
	t := c.l.object(c.l.net.socketClass, c)
	if c.tlsState() == nil {
		return t
	}
	for name, f := range map[string]func(c *connection, L *lua.LState) int{
		"info": connInfo, "getpeercertificate": connPeerCertificate, "getpeerchain": connPeerChain, "getpeerverification": connPeerVerification,
		"getpeerfinished": connFinished, "exportkeyingmaterial": connExport, "getalpn": connALPN, "getsniname": connSNI, "getfinished": connFinished,
	} {
		t.RawSetString(name, c.l.in.State().NewFunction(func(L *lua.LState) int { return f(c, L) }))
	}
	return t
}

func (l *library) connSocketMethods() map[string]lua.LGFunction {
	name := func(addr func(c *connection) net.Addr) lua.LGFunction {
		return func(L *lua.LState) int {
			ip, port := endpoint(addr(self[*connection](L, "socket")))
			L.Push(lua.LString(ip))
			L.Push(lua.LNumber(port))
			return 2
		}
	}
	return map[string]lua.LGFunction{
		"getpeername": name((*connection).peer),
		"getsockname": name((*connection).here),
		"getfd":       func(L *lua.LState) int { return connFD(self[*connection](L, "socket"), L) },
		"setoption":   func(L *lua.LState) int { return connOption(self[*connection](L, "socket"), L) },
		"close":       func(L *lua.LState) int { return connClose(self[*connection](L, "socket"), L) },
		"settimeout":  func(*lua.LState) int { return 0 },
		"dirty": func(L *lua.LState) int {
			L.Push(lua.LFalse)
			return 1
		},
	}
}
