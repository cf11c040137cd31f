package luabridge

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/host/internal/luabridge/lualib"
)

// connObject is a client's connection as modules see it (session.conn): methods as those of net.server, and whatever modules hang on it.
type connObject struct {
	b      *Bridge
	c      Conn
	extra  *lua.LTable
	table  *lua.LTable
	stream lua.LValue // what parses it (session.stream); LNil until asked for
}

// connValue is the one table of a connection.
func (b *Bridge) connValue(c Conn) *lua.LTable {
	if o, ok := c.Face().(*connObject); ok {
		return o.table
	}
	o := &connObject{b: b, c: c, extra: b.in.State().CreateTable(0, fewFields), stream: lua.LNil}
	o.table = b.in.NewProxy(o)
	c.SetFace(o)
	return o.table
}

func (o *connObject) TypeName() string      { return "connection" }
func (o *connObject) Metatable() lua.LValue { return lua.LNil }
func (o *connObject) Len() int              { return 0 }
func (o *connObject) goValue() any          { return o.c }

func (o *connObject) Index(_ *lua.LState, key lua.LValue) lua.LValue {
	if v := o.extra.RawGet(key); v != lua.LNil {
		return v
	}
	name, ok := key.(lua.LString)
	switch {
	case !ok:
		return lua.LNil
	case name == "starttls" && o.c.TLS() != nil:
		return lua.LFalse // modules ask whether it can be done
	}
	return o.b.conns().RawGetString(string(name))
}

func (o *connObject) NewIndex(_ *lua.LState, key, value lua.LValue) { o.extra.RawSet(key, value) }

func (o *connObject) Next(_ *lua.LState, key lua.LValue) (k, v lua.LValue) { return o.extra.Next(key) }

// conns are the methods of connections.
func (b *Bridge) conns() *lua.LTable {
	if b.connMethods == nil {
		b.connMethods = b.table(map[string]lua.LGFunction{
			"ip":         endpoint(remoteEnd, false),
			"port":       endpoint(remoteEnd, true),
			"clientport": endpoint(remoteEnd, true),
			"serverip":   endpoint(localEnd, false),
			"serverport": endpoint(localEnd, true),

			"write":         connMethod(func(L *lua.LState, c Conn) { c.Write([]byte(L.CheckString(2))) }),
			"close":         connMethod(func(_ *lua.LState, c Conn) { c.Shut() }),
			"destroy":       connMethod(func(_ *lua.LState, c Conn) { c.Shut() }),
			"pause":         connMethod(func(_ *lua.LState, c Conn) { c.Pause() }),
			"resume":        connMethod(func(_ *lua.LState, c Conn) { c.Resume() }),
			"pause_writes":  connMethod(func(_ *lua.LState, c Conn) { c.Hold() }),
			"resume_writes": connMethod(func(_ *lua.LState, c Conn) { c.Release() }),
			"setlimit":      connMethod(setLimit),
			"setoption":     connMethod(func(*lua.LState, Conn) {}),

			"ssl":                      connSSL,
			"ssl_info":                 connInfo,
			"ssl_exportkeyingmaterial": connExport,
			"ssl_peercertificate":      b.connCertificate,
			"ssl_peerfinished":         connUnique,
			"ssl_peerverification":     b.connVerification,
			"socket":                   b.connSocket,
			"starttls":                 connMethod(func(L *lua.LState, c Conn) { c.Secure(b.in.Context(L), lualib.ServerTLS(L.Get(2))) }),
		})
	}
	return b.connMethods
}

func checkConn(L *lua.LState) Conn {
	if t, ok := L.Get(1).(*lua.LTable); ok {
		if o, ok := compat.ObjectOf(t); ok {
			if c, ok := o.(*connObject); ok {
				return c.c
			}
		}
	}
	L.ArgError(1, "connection expected, got "+L.Get(1).Type().String())
	return nil
}

// connMethod does something that cannot fail and returns true.
func connMethod(f func(L *lua.LState, c Conn)) lua.LGFunction {
	return func(L *lua.LState) int {
		f(L, checkConn(L))
		L.Push(lua.LTrue)
		return 1
	}
}

// setLimit: bytes per second (0 is no limit), seconds of them that may come at once after a pause (0, which only this server knows).
func setLimit(L *lua.LState, c Conn) {
	c.Limit(float64(L.CheckNumber(2)), time.Duration(float64(L.OptNumber(3, 0))*float64(time.Second)))
}

func remoteEnd(c Conn) net.Addr {
	remote, _ := c.Addrs()
	return remote
}

func localEnd(c Conn) net.Addr {
	_, local := c.Addrs()
	return local
}

// endpoint gives the address or the port of an end; nothing for what is no TCP connection.
func endpoint(end func(c Conn) net.Addr, port bool) lua.LGFunction {
	return func(L *lua.LState) int {
		a, ok := end(checkConn(L)).(*net.TCPAddr)
		switch {
		case !ok:
			L.Push(lua.LNil)
		case port:
			L.Push(lua.LNumber(a.Port))
		default:
			L.Push(lua.LString(a.AddrPort().Addr().Unmap().WithZone("").String()))
		}
		return 1
	}
}

func connSSL(L *lua.LState) int {
	L.Push(lua.LBool(checkConn(L).TLS() != nil))
	return 1
}

// connInfo gives {protocol, cipher, …}, or one of them; nil without TLS.
func connInfo(L *lua.LState) int {
	state := checkConn(L).TLS()
	if state == nil {
		L.Push(lua.LNil)
		return 1
	}
	info := lualib.TLSInfo(L, state)
	if field, ok := L.Get(2).(lua.LString); ok {
		L.Push(info.RawGet(field))
		return 1
	}
	L.Push(info)
	return 1
}

// connExport: label, length, context → keying material (RFC 5705), or nil and why not.
func connExport(L *lua.LState) int {
	state := checkConn(L).TLS()
	if state == nil {
		L.Push(lua.LNil)
		L.Push(lua.LString("not-tls"))
		return 2
	}
	material, err := state.ExportKeyingMaterial(L.CheckString(2), []byte(L.OptString(4, "")), L.CheckInt(3))
	if err != nil {
		return pushFailure(L, err)
	}
	L.Push(lua.LString(material))
	return 1
}

// connUnique gives the channel binding tls-unique (RFC 5929), which TLS 1.3 does not have.
func connUnique(L *lua.LState) int {
	state := checkConn(L).TLS()
	if state == nil || len(state.TLSUnique) == 0 {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LString(state.TLSUnique))
	return 1
}

// connCertificate gives the client's certificate, nil if it has shown none.
func (b *Bridge) connCertificate(L *lua.LState) int {
	state := checkConn(L).TLS()
	if state == nil || len(state.PeerCertificates) == 0 {
		L.Push(lua.LNil)
		return 1
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: state.PeerCertificates[0].Raw})
	L.Push(L.GetField(b.require(L, "ssl.x509"), "load"))
	L.Push(lua.LString(text))
	L.Call(1, 1)
	return 1
}

// connVerification: true, or false and what is wrong with the client's certificate: a list of messages for each one of its chain.
func (b *Bridge) connVerification(L *lua.LState) int {
	err := b.verifyClient(checkConn(L).TLS())
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

var errNoCertificate = errors.New("the client has shown no certificate")

// verifyClient is nil if one of the operator's authorities vouches for a client (c2s_ssl.cafile, else those of the system).
func (b *Bridge) verifyClient(state *tls.ConnectionState) error {
	if state == nil || len(state.PeerCertificates) == 0 {
		return errNoCertificate
	}
	var roots *x509.CertPool // the system's
	options, _ := b.srv.Option("*", "c2s_ssl").(map[string]any)
	if file, ok := options["cafile"].(string); ok {
		text, err := os.ReadFile(resolvePath(b.srv.Path("config"), file))
		if err != nil {
			return fmt.Errorf("reading c2s_ssl.cafile: %w", err)
		}
		roots = x509.NewCertPool()
		roots.AppendCertsFromPEM(text)
	}
	return lualib.VerifyChain(state.PeerCertificates, roots)
}

// connSocket is what modules ask for TLS beneath a connection: info, getpeercertificate, getpeerverification, getpeerfinished.
func (b *Bridge) connSocket(L *lua.LState) int {
	c := L.Get(1)
	state := checkConn(L).TLS()
	socket := L.NewTable()
	if state != nil {
		for name, method := range map[string]string{"info": "ssl_info", "getpeercertificate": "ssl_peercertificate", "getpeerfinished": "ssl_peerfinished",
			"getpeerverification":  "ssl_peerverification",
			"exportkeyingmaterial": "ssl_exportkeyingmaterial"} {
			socket.RawSetString(name, b.forConn(c, method))
		}
	}
	L.Push(socket)
	return 1
}

// forConn is a method of a connection as a method of its socket.
func (b *Bridge) forConn(c lua.LValue, method string) lua.LValue {
	fn := b.conns().RawGetString(method).(*lua.LFunction)
	return b.in.State().NewFunction(func(L *lua.LState) int {
		L.Replace(1, c)
		return fn.GFunction(L)
	})
}
