package lualib

import (
	"context"
	"errors"
	"net"
	"strconv"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// serverSocket is a listener: a table with methods, sockname and sockport.
type serverSocket struct {
	l        *library
	table    *lua.LTable
	nl       net.Listener
	listener *lua.LTable // callbacks for its connections; touched under the interpreter's lock, as the rest
	tls      *tlsContext
	direct   bool // TLS begins at once
	readSize int
	closed   bool
}

// listen: address ("*" is all of IPv4), port, listener, {read_size, tls_ctx, tls_direct, sni_hosts}.
func (l *library) listen(L *lua.LState) int {
	address, port, listener := L.CheckString(1), L.CheckInt(2), L.CheckTable(3)
	network, host := "tcp", address
	switch address {
	case "*", "0.0.0.0":
		network, host = "tcp4", "0.0.0.0"
	case "::":
		network = "tcp6"
	}
	nl, err := l.server.Listen(network, net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return pushFailure(L, reason(err))
	}
	s := l.newServerSocket(nl, listener)
	if config, ok := L.Get(4).(*lua.LTable); ok {
		s.configure(config)
	}
	go s.accept()
	L.Push(s.table)
	return 1
}

// addServer is listen with read size and TLS context as arguments.
func (l *library) addServer(L *lua.LState) int {
	config := L.NewTable()
	config.RawSetString("read_size", L.Get(4))
	config.RawSetString("tls_ctx", L.Get(5))
	config.RawSetString("tls_direct", lua.LBool(L.Get(5) != lua.LNil))
	L.SetTop(3)
	L.Push(config)
	return l.listen(L)
}

func (l *library) newServerSocket(nl net.Listener, listener *lua.LTable) *serverSocket {
	s := &serverSocket{l: l, nl: nl, listener: listener, readSize: readSize}
	s.table = l.object(l.net.serverClass, s)
	ip, port := endpoint(nl.Addr())
	s.table.RawSetString("sockname", lua.LString(ip))
	s.table.RawSetString("sockport", lua.LNumber(port))
	l.net.servers[s] = true
	return s
}

func (s *serverSocket) configure(config *lua.LTable) {
	if n, ok := config.RawGetString("read_size").(lua.LNumber); ok && n >= 1 {
		s.readSize = int(n)
	}
	s.tls, _ = valueOf[*tlsContext](config.RawGetString("tls_ctx"))
	s.direct = lua.LVAsBool(config.RawGetString("tls_direct"))
	s.table.RawSetString("hosts", config.RawGetString("sni_hosts"))
}

// acceptRetry is how long to wait when no connection can be accepted, for want of file descriptors mostly.
const acceptRetry = time.Second

func (s *serverSocket) accept() {
	for {
		nc, err := s.nl.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			s.l.log.Error("accepting a connection failed", "address", s.nl.Addr().String(), "err", err)
			time.Sleep(acceptRetry)
		default:
			s.arrive(nc)
		}
	}
}

// arrive makes a connection of what was accepted.
func (s *serverSocket) arrive(nc net.Conn) {
	t := s.l.in.Enter(context.Background())
	defer t.Leave()
	if s.closed {
		nc.Close()
		return
	}
	if w := wholeOf(s.listener); w != nil {
		if s.direct && s.tls != nil {
			nc = s.tls.wrap(nc, "", s)
		}
		go w.ServeConn(nc)
		return
	}
	c := s.l.newConnection(nc, s.listener)
	c.server, c.tls, c.readSize = s, s.tls, s.readSize
	if s.direct {
		c.startTLS(s.tls)
	}
	go c.run()
}

// close ends listening. Connections stay.
func (s *serverSocket) close() {
	s.closed = true
	delete(s.l.net.servers, s)
	s.nl.Close()
}

func (l *library) serverMethods() map[string]lua.LGFunction {
	method := func(f func(s *serverSocket, L *lua.LState) int) lua.LGFunction {
		return func(L *lua.LState) int { return f(self[*serverSocket](L, "listener"), L) }
	}
	nothing := func(*serverSocket, *lua.LState) int { return 0 }
	return map[string]lua.LGFunction{
		"ip":         method(func(s *serverSocket, L *lua.LState) int { return pushEndpoint(L, s.nl.Addr(), false) }),
		"port":       method(func(s *serverSocket, L *lua.LState) int { return pushEndpoint(L, s.nl.Addr(), true) }),
		"serverport": method(func(s *serverSocket, L *lua.LState) int { return pushEndpoint(L, s.nl.Addr(), true) }),
		"close": method(func(s *serverSocket, _ *lua.LState) int {
			s.close()
			return 0
		}),
		"set_sslctx": method(func(s *serverSocket, L *lua.LState) int {
			s.tls, _ = valueOf[*tlsContext](L.Get(2))
			return 0
		}),
		"setlistener": method(func(s *serverSocket, L *lua.LState) int {
			s.listener = L.CheckTable(2)
			return 0
		}),
		"getfd": method(func(s *serverSocket, L *lua.LState) int {
			L.Push(lua.LNumber(fdOf(s.nl)))
			return 1
		}),
		"pause":  method(nothing),
		"resume": method(nothing),
		"debug":  method(nothing),
		"server": func(L *lua.LState) int {
			L.SetTop(1)
			return 1
		},
	}
}
