package lualib

import (
	"bufio"
	"errors"
	"net"
	"strconv"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// socketState is the state of the library socket.
type socketState struct{ class, udpClass *lua.LTable }

// luaSocket is a socket of LuaSocket: calls wait, up to its timeout, and let others run Lua meanwhile.
type luaSocket struct {
	l       *library
	network string // "tcp", "tcp4", "tcp6", "udp" … or "unix"
	local   string // to bind to; "" for any
	conn    net.Conn
	packets net.PacketConn // of an udp socket without a peer
	nl      net.Listener
	r       *bufio.Reader
	timeout time.Duration // negative: none
	name    string        // of the peer, for TLS
	tls     *tlsContext   // of ssl.wrap before the handshake
}

// openSocket makes LuaSocket: tcp, udp, bind, connect, dns, gettime, sleep.
func (l *library) openSocket(L *lua.LState) lua.LValue {
	l.socket.class = l.class("tcp{client}", l.tcpMethods())
	l.socket.udpClass = l.class("udp{unconnected}", l.udpMethods())
	functions := map[string]lua.LGFunction{
		"gettime": func(L *lua.LState) int {
			L.Push(lua.LNumber(now()))
			return 1
		},
		"sleep":    l.socketSleep,
		"connect":  l.socketConnect("tcp"),
		"connect4": l.socketConnect("tcp4"),
		"connect6": l.socketConnect("tcp6"),
		"bind":     l.socketBind,
		"select":   l.notHere("socket", "select"),
	}
	for _, network := range []string{"tcp", "tcp4", "tcp6"} {
		functions[network] = l.socketMaker(network, func() *lua.LTable { return l.socket.class })
	}
	for _, network := range []string{"udp", "udp4", "udp6"} {
		functions[network] = l.socketMaker(network, func() *lua.LTable { return l.socket.udpClass })
	}
	lib := l.table(functions)
	lib.RawSetString("dns", l.table(l.socketDNS()))
	lib.RawSetString("_VERSION", lua.LString("LuaSocket 3.0.0"))
	lib.RawSetString("_SOCKETINVALID", lua.LNumber(-1))
	return lib
}

// openUnixSocket makes socket.unix, which is a function and a table.
func (l *library) openUnixSocket(L *lua.LState) lua.LValue {
	l.optionalLibrary(L, "socket")
	make := l.socketMaker("unix", func() *lua.LTable { return l.socket.class })
	lib := l.table(map[string]lua.LGFunction{"stream": make, "tcp": make})
	mt := L.NewTable()
	mt.RawSetString("__call", L.NewFunction(make))
	lib.Metatable = mt
	return lib
}

func (l *library) socketMaker(network string, class func() *lua.LTable) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(l.object(class(), l.newSocket(network)))
		return 1
	}
}

func (l *library) newSocket(network string) *luaSocket {
	return &luaSocket{l: l, network: network, timeout: -1}
}

func (l *library) socketSleep(L *lua.LState) int {
	d := duration(float64(L.CheckNumber(1)))
	chain := l.in.Chain(L)
	l.in.Unlocked(L, func() {
		select {
		case <-time.After(d):
		case <-chain.Done():
		}
	})
	return 0
}

// socketConnect: host, port → socket; or nil and why not.
func (l *library) socketConnect(network string) lua.LGFunction {
	return func(L *lua.LState) int {
		s := l.newSocket(network)
		if err := s.connect(L, net.JoinHostPort(L.CheckString(1), portText(L, 2))); err != nil {
			return pushFailure(L, reason(err))
		}
		L.Push(l.object(l.socket.class, s))
		return 1
	}
}

func portText(L *lua.LState, n int) string {
	if port, ok := L.Get(n).(lua.LNumber); ok {
		return strconv.Itoa(int(port))
	}
	return L.OptString(n, "0")
}

// socketBind: address, port → listening socket.
func (l *library) socketBind(L *lua.LState) int {
	s := l.newSocket("tcp")
	s.local = bindAddress(L.CheckString(1), portText(L, 2))
	if err := s.listen(); err != nil {
		return pushFailure(L, reason(err))
	}
	L.Push(l.object(l.socket.class, s))
	return 1
}

func bindAddress(host, port string) string {
	if host == "*" {
		host = ""
	}
	return net.JoinHostPort(host, port)
}

func (s *luaSocket) listen() (err error) {
	s.nl, err = s.l.server.Listen(s.network, s.local)
	return err
}

// connect waits for the connection.
func (s *luaSocket) connect(L *lua.LState, address string) error {
	timeout := connectTimeout
	if s.timeout >= 0 {
		timeout = max(s.timeout, time.Millisecond)
	}
	d := s.l.dialer(timeout)
	var conn net.Conn
	var err error
	s.l.in.Unlocked(L, func() { conn, err = d.Dial(s.network, address) })
	if err != nil {
		return err
	}
	s.adopt(conn)
	return nil
}

func (s *luaSocket) adopt(conn net.Conn) { s.conn, s.r = conn, bufio.NewReader(conn) }

var errNotConnected = errors.New("closed")

func (s *luaSocket) deadline() time.Time {
	if s.timeout < 0 {
		return time.Time{}
	}
	return time.Now().Add(max(s.timeout, time.Millisecond))
}

func (s *luaSocket) close() {
	switch {
	case s.conn != nil:
		s.conn.Close()
	case s.nl != nil:
		s.nl.Close()
	case s.packets != nil:
		s.packets.Close()
	}
	s.conn, s.nl, s.packets = nil, nil, nil
}

// addrs are the ends, nil where there is none.
func (s *luaSocket) addrs() (local, remote net.Addr) {
	switch {
	case s.conn != nil:
		return s.conn.LocalAddr(), s.conn.RemoteAddr()
	case s.nl != nil:
		return s.nl.Addr(), nil
	case s.packets != nil:
		return s.packets.LocalAddr(), nil
	}
	return nil, nil
}
