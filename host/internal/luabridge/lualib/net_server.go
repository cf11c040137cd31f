package lualib

import (
	"context"
	"net"
	"net/netip"
	"strconv"

	lua "github.com/yuin/gopher-lua"
)

// networkState is the state of net.server.
type networkState struct {
	connClass, serverClass, wholeClass, contextClass, socketClass, certClass, watchClass *lua.LTable

	conns    map[*connection]bool
	servers  map[*serverSocket]bool
	watches  map[*fdWatch]bool
	quitting bool

	atShutdown []func()
}

// openNetwork makes the classes, which also other libraries need.
func (l *library) openNetwork() {
	n := &l.net
	n.conns, n.servers, n.watches = map[*connection]bool{}, map[*serverSocket]bool{}, map[*fdWatch]bool{}
	n.watchClass = l.class("watcher", l.watchMethods())
	n.connClass = l.class("connection", l.connMethods())
	n.serverClass = l.class("server", l.serverMethods())
	n.wholeClass = l.class("listener", nil)
	n.contextClass = l.class("tls_context", l.contextMethods())
	n.socketClass = l.class("socket", l.connSocketMethods())
	n.certClass = l.class("certificate", certificateMethods)
	tostring := func(L *lua.LState) int {
		c := self[*connection](L, "connection")
		ip, port := endpoint(c.peer())
		return pushString(L, lua.LVAsString(c.table.RawGetString("id"))+" ("+net.JoinHostPort(ip, strconv.Itoa(port))+")")
	}
	n.connClass.RawSetString("__tostring", l.in.State().NewFunction(tostring))
}

// networkOpeners are the libraries of connections.
func (l *library) networkOpeners() map[string]opener {
	return map[string]opener{
		"core.certmanager":     l.openCertManager,
		"net.adns":             l.openADNS,
		"net.dns":              l.openDNS,
		"net.server":           l.openNetServer,
		"net.unbound":          l.openADNS,
		"net.websocket.frames": l.openWebsocketFrames,
		"socket.unix":          l.openUnixSocket,
		"socket.http":          l.openSocketHTTP,
		"ssl":                  l.openSSL,
		"ssl.https":            l.openSocketHTTP,
		"ssl.x509":             l.openCertificates,
		"util.xmppstream":      l.openXMPPStream,
	}
}

// openNetServer makes net.server: Prosody's face of the network, on goroutines instead of a loop.
func (l *library) openNetServer(L *lua.LState) lua.LValue {
	lib := l.table(map[string]lua.LGFunction{
		"get_backend": func(L *lua.LState) int { return pushString(L, "go") },
		"listen":      l.listen,
		"addserver":   l.addServer,
		"addclient":   l.addClient,
		"wrapclient":  l.wrapClient,
		"wrapserver":  l.wrapServer,
		"link":        linkConnections,
		"watchfd":     l.watchFD,
		"addevent":    l.notHere("net.server", "addevent"),
		"loop":        l.notHere("net.server", "loop"),
		"closeall": func(L *lua.LState) int {
			l.closeAll(L)
			return 0
		},
		"setquitting": func(L *lua.LState) int {
			l.net.quitting = isTrue(L, 1)
			if l.net.quitting {
				l.closeAll(L)
			}
			return 0
		},
		"set_config":     func(*lua.LState) int { return 0 },
		"changesettings": func(*lua.LState) int { return 0 },
	})
	if timer, ok := l.optionalLibrary(L, "util.timer").(*lua.LTable); ok {
		lib.RawSetString("timer", timer)
		lib.RawSetString("add_task", timer.RawGetString("add_task"))
	}
	// For core.portmanager.
	lib.RawSetString("_NOT_SERVING", lua.LString(ErrNotServing.Error()))
	lib.RawSetString("_disconnect", L.NewFunction(l.disconnect))
	event := L.NewTable()
	for name, v := range map[string]lua.LValue{
		"EV_READ": lua.LString("r"), "EV_WRITE": lua.LString("w"), "EV_READWRITE": lua.LString("rw"), "EV_LEAVE": lua.LNumber(-1), "EV_TIMEOUT": lua.LString("t"),
	} {
		event.RawSetString(name, v)
	}
	lib.RawSetString("event", event)
	return lib
}

// closeAll closes what is open, with callbacks.
func (l *library) closeAll(L *lua.LState) {
	for s := range l.net.servers {
		s.close()
	}
	for c := range l.net.conns {
		c.close(L)
	}
}

// disconnect: listener. Its module goes: it hears of the end of its connections, which then write what is left and close.
func (l *library) disconnect(L *lua.LState) int {
	listener := L.CheckTable(1)
	for c := range l.net.conns {
		if c.listener == listener {
			c.tell(L, lua.LString("service removed"))
			c.listener = nil
			c.close(L)
		}
	}
	return 0
}

// linkConnections: from, to. What comes from one is written to the other, as fast as that takes it.
func linkConnections(L *lua.LState) int {
	from := self[*connection](L, "connection")
	to, ok := valueOf[*connection](L.Get(2))
	if !ok {
		L.ArgError(2, "connection expected, got "+L.Get(2).Type().String())
	}
	from.mu.Lock()
	from.sink = to
	from.mu.Unlock()
	return 0
}

// addClient: IP address, port, listener, read size, TLS context, type ("tcp", "tcp4", "tcp6", "unix"), {servername}. It returns the
// connection at once; onconnect or ondisconnect tells what became of it.
func (l *library) addClient(L *lua.LState) int {
	address, port, listener := L.CheckString(1), L.OptInt(2, 0), L.CheckTable(3)
	kind := L.OptString(6, "")
	if _, err := netip.ParseAddr(address); kind == "" && err != nil {
		return pushFailure(L, "invalid-ip")
	}
	network, target := kind, net.JoinHostPort(address, strconv.Itoa(port))
	switch kind {
	case "":
		network = "tcp"
	case "unix":
		target = address
	case "tcp", "tcp4", "tcp6":
	default:
		return pushFailure(L, "invalid socket type")
	}
	c := l.newConnection(nil, listener)
	if a, err := netip.ParseAddrPort(target); err == nil {
		c.remote = net.TCPAddrFromAddrPort(a)
	}
	c.outgoing(L.Get(4), L.Get(5), L.Get(7))
	go c.dial(network, target)
	L.Push(c.table)
	L.Push(c.socketValue())
	return 2
}

// outgoing takes what addclient and wrapclient were told of a connection.
func (c *connection) outgoing(size, ctx, extra lua.LValue) {
	if n, ok := size.(lua.LNumber); ok && n >= 1 {
		c.readSize = int(n)
	}
	if t, ok := extra.(*lua.LTable); ok {
		c.table.RawSetString("extra", t)
		c.serverName = lua.LVAsString(t.RawGetString("servername"))
		c.table.RawSetString("servername", t.RawGetString("servername"))
	}
	if t, ok := valueOf[*tlsContext](ctx); ok {
		c.startTLS(t)
	}
}

// dial is the reading goroutine of an outgoing connection.
func (c *connection) dial(network, target string) {
	nc, err := c.l.dialer(connectTimeout).Dial(network, target)
	t := c.l.in.Enter(context.Background())
	switch {
	case err != nil:
		why := reason(err)
		if why == "timeout" {
			why = "connection timeout"
		}
		c.fail(t.L, why)
	case c.ended:
		nc.Close()
	default:
		c.mu.Lock()
		c.nc, c.local, c.remote = nc, nc.LocalAddr(), nc.RemoteAddr()
		c.mu.Unlock()
	}
	ended := c.ended
	t.Leave()
	if !ended {
		c.run()
	}
}

// shutdown closes everything without callbacks, because the server ends.
func (l *library) shutdown() {
	t := l.in.Enter(context.Background())
	defer t.Leave()
	for s := range l.net.servers {
		s.close()
	}
	for c := range l.net.conns {
		c.destroy()
	}
	for w := range l.net.watches {
		w.end()
	}
	for _, f := range l.net.atShutdown {
		f()
	}
}

// atShutdown calls f when the server ends.
func (l *library) atShutdown(f func()) { l.net.atShutdown = append(l.net.atShutdown, f) }
