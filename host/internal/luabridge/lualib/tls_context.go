package lualib

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// tlsContext is what ssl.newcontext and core.certmanager.create_context make. It does not change.
type tlsContext struct {
	l      *library
	client bool
	config *tls.Config
	alpn   lua.LValue // list of protocols, or a function that gives one; nil for none
}

// newContext makes a context of LuaSec's configuration table. host is whose certificate is shown if the configuration names none; "" for
// none.
func (l *library) newContext(cfg *lua.LTable, host string) (*tlsContext, error) {
	text := func(name string) string { return lua.LVAsString(cfg.RawGetString(name)) }
	ctx := &tlsContext{l: l, client: text("mode") == "client", config: &tls.Config{}, alpn: cfg.RawGetString("alpn")}
	if err := setVersions(ctx.config, text("protocol")); err != nil {
		return nil, err
	}
	if err := ctx.setCertificate(text("certificate"), text("key"), host); err != nil {
		return nil, err
	}
	return ctx, ctx.setVerification(cfg)
}

func setVersions(c *tls.Config, protocol string) error {
	versions := map[string]uint16{"tlsv1": tls.VersionTLS10, "tlsv1_1": tls.VersionTLS11, "tlsv1_2": tls.VersionTLS12, "tlsv1_3": tls.VersionTLS13}
	name, andLater := strings.CutSuffix(protocol, "+")
	switch v, ok := versions[name]; {
	case protocol == "" || name == "any" || name == "sslv23":
		c.MinVersion = tls.VersionTLS12
	case !ok:
		return fmt.Errorf("invalid protocol (%s)", protocol)
	case andLater:
		c.MinVersion = v
	default:
		c.MinVersion, c.MaxVersion = v, v
	}
	return nil
}

func (ctx *tlsContext) setCertificate(certFile, keyFile, host string) error {
	if certFile != "" {
		if keyFile == "" {
			keyFile = certFile
		}
		pair, err := tls.LoadX509KeyPair(certFile, keyFile)
		if err != nil {
			return fmt.Errorf("error loading certificate (%w)", err)
		}
		ctx.config.Certificates = []tls.Certificate{pair}
		return nil
	}
	if ctx.client {
		if host != "" {
			ctx.config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				if c, err := ctx.l.server.Certificate(host); err == nil {
					return c, nil
				}
				return &tls.Certificate{}, nil
			}
		}
		return nil
	}
	ctx.config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		return ctx.l.server.Certificate(slices.DeleteFunc([]string{hello.ServerName, host}, func(s string) bool { return s == "" })...)
	}
	return nil
}

// setVerification reads verify, verifyext and cafile. The usual configuration asks for the peer's certificate and leaves the judgement to
// modules (lsec_continue): the outcome is then what the connection's ssl_peerverification tells.
func (ctx *tlsContext) setVerification(cfg *lua.LTable) error {
	verify, continued := flags(cfg.RawGetString("verify")), flags(cfg.RawGetString("verifyext"))["lsec_continue"]
	if file := lua.LVAsString(cfg.RawGetString("cafile")); file != "" {
		pem, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("error loading CA locations (%w)", err)
		}
		ctx.config.RootCAs = x509.NewCertPool()
		if !ctx.config.RootCAs.AppendCertsFromPEM(pem) {
			return errors.New("error loading CA locations (no certificate in it)")
		}
		ctx.config.ClientCAs = ctx.config.RootCAs
	}
	strict := verify["peer"] && !continued
	switch {
	case ctx.client:
		ctx.config.InsecureSkipVerify = !strict
	case verify["peer"] && strict && verify["fail_if_no_peer_cert"]:
		ctx.config.ClientAuth = tls.RequireAndVerifyClientCert
	case verify["peer"] && strict:
		ctx.config.ClientAuth = tls.VerifyClientCertIfGiven
	case verify["peer"]:
		ctx.config.ClientAuth = tls.RequestClientCert
	}
	return nil
}

// flags is a list of words, or one, as a set.
func flags(v lua.LValue) map[string]bool {
	set := map[string]bool{}
	switch v := v.(type) {
	case lua.LString:
		set[string(v)] = true
	case *lua.LTable:
		v.ForEach(func(k, x lua.LValue) {
			if name, ok := k.(lua.LString); ok && lua.LVAsBool(x) {
				set[string(name)] = true
			}
			set[lua.LVAsString(x)] = true
		})
	}
	return set
}

// ServerTLS is the configuration of a context for servers, nil if v is none.
func ServerTLS(v lua.LValue) *tls.Config {
	ctx, ok := valueOf[*tlsContext](v)
	if !ok || ctx.client {
		return nil
	}
	return ctx.config.Clone()
}

// wrap begins TLS on a connection. name is that of the server we connect to; from is what accepted the connection, or nil.
func (ctx *tlsContext) wrap(nc net.Conn, name string, from *serverSocket) *tls.Conn {
	config := ctx.config.Clone()
	if ctx.client {
		config.ServerName = name
		if name == "" && !config.InsecureSkipVerify {
			config.ServerName, _ = endpoint(nc.RemoteAddr())
		}
		config.NextProtos = ctx.protocols()
		return tls.Client(nc, config)
	}
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		t := ctx.l.in.Enter(context.Background())
		defer t.Leave()
		chosen := ctx.forName(from, hello.ServerName)
		c := chosen.config.Clone()
		c.NextProtos = common(ctx.protocolsIn(t.L), hello.SupportedProtos)
		return c, nil
	}
	return tls.Server(nc, config)
}

// common keeps those of ours that the client knows: it is not to be refused because it knows none.
func common(ours, theirs []string) []string {
	return slices.DeleteFunc(ours, func(p string) bool { return !slices.Contains(theirs, p) })
}

// forName is the context that the listener has for a name (sni_hosts), or this one.
func (ctx *tlsContext) forName(from *serverSocket, name string) *tlsContext {
	if from == nil {
		return ctx
	}
	hosts, ok := from.table.RawGetString("hosts").(*lua.LTable)
	if !ok {
		return ctx
	}
	if special, ok := valueOf[*tlsContext](hosts.RawGetString(name)); ok {
		return special
	}
	return ctx
}

func (ctx *tlsContext) protocols() []string {
	if ctx.alpn == lua.LNil {
		return nil
	}
	t := ctx.l.in.Enter(context.Background())
	defer t.Leave()
	return ctx.protocolsIn(t.L)
}

// protocolsIn are the protocols to offer (ALPN).
func (ctx *tlsContext) protocolsIn(L *lua.LState) (names []string) {
	list := ctx.alpn
	if f, ok := list.(*lua.LFunction); ok {
		results, err := ctx.l.in.PCall(L, f, 1)
		if err != nil {
			ctx.l.logError("the list of protocols failed", err)
			return nil
		}
		list = results[0]
	}
	switch list := list.(type) {
	case lua.LString:
		return []string{string(list)}
	case *lua.LTable:
		for i := 1; i <= list.Len(); i++ {
			names = append(names, lua.LVAsString(list.RawGetInt(i)))
		}
	}
	return names
}

func (l *library) contextMethods() map[string]lua.LGFunction {
	accept := func(L *lua.LState) int {
		L.Push(lua.LTrue)
		return 1
	}
	return map[string]lua.LGFunction{"set_sni_host": accept, "setcipher": accept, "setverifyext": accept, "locations": accept}
}
