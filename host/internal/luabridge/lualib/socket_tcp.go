package lualib

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func socketOf(L *lua.LState) *luaSocket { return self[*luaSocket](L, "socket") }

// commonMethods are those of all sockets.
func commonMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"close": func(L *lua.LState) int {
			socketOf(L).close()
			L.Push(lua.LNumber(1))
			return 1
		},
		"settimeout": func(L *lua.LState) int {
			s := socketOf(L)
			s.timeout = -1
			if n, ok := L.Get(2).(lua.LNumber); ok && n >= 0 {
				s.timeout = duration(float64(n))
			}
			L.Push(lua.LNumber(1))
			return 1
		},
		"getpeername": func(L *lua.LState) int {
			_, remote := socketOf(L).addrs()
			return pushName(L, remote)
		},
		"getsockname": func(L *lua.LState) int {
			local, _ := socketOf(L).addrs()
			return pushName(L, local)
		},
		"getfd": func(L *lua.LState) int {
			s := socketOf(L)
			var under any = bare(s.conn)
			if s.nl != nil {
				under = s.nl
			} else if s.packets != nil {
				under = s.packets
			}
			L.Push(lua.LNumber(fdOf(under)))
			return 1
		},
		"setoption": func(L *lua.LState) int {
			tcp, ok := bare(socketOf(L).conn).(*net.TCPConn)
			if !ok {
				L.Push(lua.LNumber(1)) // to be connected yet
				return 1
			}
			return pushOption(L, setOption(tcp, L.CheckString(2), L.Get(3)))
		},
		"getstats": func(L *lua.LState) int {
			for range 3 {
				L.Push(lua.LNumber(0))
			}
			return 3
		},
	}
}

func pushName(L *lua.LState, a net.Addr) int {
	if a == nil {
		return pushFailure(L, "not connected")
	}
	ip, port := endpoint(a)
	L.Push(lua.LString(ip))
	L.Push(lua.LNumber(port))
	return 2
}

func (l *library) tcpMethods() map[string]lua.LGFunction {
	methods := commonMethods()
	connect := func(L *lua.LState) int {
		s, address := socketOf(L), L.CheckString(2)
		if s.network != "unix" {
			address = net.JoinHostPort(address, portText(L, 3))
		}
		return pushSocketDone(L, s.connect(L, address))
	}
	for name, f := range map[string]lua.LGFunction{
		"connect": connect, "setpeername": connect, "send": socketSend, "receive": socketReceive, "accept": socketAccept,
		"bind": func(L *lua.LState) int {
			s := socketOf(L)
			s.local = L.CheckString(2)
			if s.network != "unix" {
				s.local = bindAddress(s.local, portText(L, 3))
			}
			L.Push(lua.LNumber(1))
			return 1
		},
		"listen": func(L *lua.LState) int { return pushSocketDone(L, socketOf(L).listen()) },
		"shutdown": func(L *lua.LState) int {
			if c, ok := socketOf(L).conn.(interface{ CloseWrite() error }); ok {
				c.CloseWrite()
			}
			L.Push(lua.LNumber(1))
			return 1
		},
		"dirty": func(L *lua.LState) int {
			s := socketOf(L)
			L.Push(lua.LBool(s.r != nil && s.r.Buffered() > 0))
			return 1
		},
		"dohandshake": l.socketHandshake,
		"sni": func(L *lua.LState) int {
			if s, ok := L.Get(2).(lua.LString); ok {
				socketOf(L).name = string(s)
			}
			return 0
		},
	} {
		methods[name] = f
	}
	return methods
}

func pushSocketDone(L *lua.LState, err error) int {
	if err != nil {
		return pushFailure(L, reason(err))
	}
	L.Push(lua.LNumber(1))
	return 1
}

// socketSend: data, first and last place → the place of the last byte sent; or nil, why not, and that place.
func socketSend(L *lua.LState) int {
	s, data := socketOf(L), L.CheckString(2)
	if s.conn == nil {
		return pushFailure(L, reason(errNotConnected))
	}
	first := max(L.OptInt(3, 1), 1)
	last := min(L.OptInt(4, len(data)), len(data))
	var n int
	var err error
	conn := s.conn // another chain may close the socket meanwhile
	conn.SetWriteDeadline(s.deadline())
	s.l.in.Unlocked(L, func() { n, err = io.WriteString(conn, data[min(first-1, last):last]) })
	if err != nil {
		pushFailure(L, reason(err))
		L.Push(lua.LNumber(first - 1 + n))
		return 3
	}
	L.Push(lua.LNumber(last))
	return 1
}

// socketReceive: how much ("*l" a line, "*a" all, or a number of bytes), what to put in front → data; or nil, why not, and what there is.
func socketReceive(L *lua.LState) int {
	s := socketOf(L)
	if s.conn == nil {
		return pushFailure(L, reason(errNotConnected))
	}
	how, prefix := L.Get(2), L.OptString(3, "")
	var data string
	var err error
	s.conn.SetReadDeadline(s.deadline())
	r := s.r
	s.l.in.Unlocked(L, func() { data, err = receiveFrom(r, how, len(prefix)) })
	if err != nil {
		pushFailure(L, reason(err))
		L.Push(lua.LString(prefix + data))
		return 3
	}
	return pushString(L, prefix+data)
}

// maxReceived is how many bytes one call receives at the most, which is what strings may have.
const maxReceived = maxHTTPBody

var errReceivedTooMuch = errors.New("too much at once")

func receiveFrom(r *bufio.Reader, how lua.LValue, have int) (string, error) {
	if n, ok := how.(lua.LNumber); ok {
		data := make([]byte, max(int(min(n, maxReceived))-have, 0))
		read, err := io.ReadFull(r, data)
		return string(data[:read]), err
	}
	if strings.HasPrefix(strings.TrimPrefix(lua.LVAsString(how), "*"), "a") {
		data, err := io.ReadAll(io.LimitReader(r, maxReceived+1))
		if err == nil && len(data) > maxReceived {
			err = errReceivedTooMuch
		}
		return string(data[:min(len(data), maxReceived)]), err
	}
	return receiveLine(r)
}

// receiveLine is a line without its end.
func receiveLine(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return strings.ReplaceAll(strings.TrimSuffix(string(line), "\n"), "\r", ""), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return string(line), err
		case len(line) > maxReceived:
			return "", errReceivedTooMuch
		}
	}
}

// socketAccept waits for a connection.
func socketAccept(L *lua.LState) int {
	s := socketOf(L)
	if s.nl == nil {
		return pushFailure(L, reason(errNotConnected))
	}
	if d, ok := s.nl.(*net.TCPListener); ok {
		d.SetDeadline(s.deadline())
	}
	nl := s.nl
	var conn net.Conn
	var err error
	s.l.in.Unlocked(L, func() { conn, err = nl.Accept() })
	if err != nil {
		return pushFailure(L, reason(err))
	}
	accepted := s.l.newSocket(s.network)
	accepted.adopt(conn)
	L.Push(s.l.object(s.l.socket.class, accepted))
	return 1
}

var errNoTLS = errors.New("the connection has no TLS context")

// sslWrap: connected socket, context or its configuration → socket whose dohandshake begins TLS.
func (l *library) sslWrap(L *lua.LState) int {
	s, ok := valueOf[*luaSocket](L.Get(1))
	if !ok || s.conn == nil {
		return pushFailure(L, "a connected socket is needed")
	}
	ctx, ok := valueOf[*tlsContext](L.Get(2))
	if !ok {
		var err error
		if ctx, err = l.newContext(L.CheckTable(2), ""); err != nil {
			return pushFailure(L, err.Error())
		}
	}
	wrapped := l.newSocket(s.network)
	wrapped.conn, wrapped.r, wrapped.timeout, wrapped.tls = s.conn, s.r, s.timeout, ctx
	s.conn = nil
	L.Push(l.object(l.socket.class, wrapped))
	return 1
}

func (l *library) socketHandshake(L *lua.LState) int {
	s := socketOf(L)
	if s.tls == nil || s.conn == nil {
		return pushFailure(L, errNoTLS.Error())
	}
	conn, name, until := s.conn, s.name, s.deadline()
	var secured *tls.Conn
	var err error
	l.in.Unlocked(L, func() {
		secured = s.tls.wrap(conn, name, nil)
		secured.SetDeadline(until)
		err = secured.Handshake()
	})
	if err == nil && s.conn != conn { // closed meanwhile
		err = net.ErrClosed
	}
	if err != nil {
		return pushFailure(L, reason(err))
	}
	s.adopt(secured)
	L.Push(lua.LTrue)
	return 1
}

// wrapClient: connected socket, address, port, listener, read size, TLS context, extra → connection.
func (l *library) wrapClient(L *lua.LState) int {
	s, ok := valueOf[*luaSocket](L.Get(1))
	if !ok || s.conn == nil {
		return pushFailure(L, "a connected socket is needed")
	}
	ahead, _ := s.r.Peek(s.r.Buffered())
	nc := s.conn
	if len(ahead) > 0 {
		nc = &prefixed{nc, s.r}
	}
	s.conn = nil
	c := l.newConnection(nc, L.CheckTable(4))
	c.outgoing(L.Get(5), L.Get(6), L.Get(7))
	go c.run()
	L.Push(c.table)
	return 1
}

// wrapServer: listening socket, address, port, listener, {read_size, tls_ctx, tls_direct} → server.
func (l *library) wrapServer(L *lua.LState) int {
	s, ok := valueOf[*luaSocket](L.Get(1))
	if !ok || s.nl == nil {
		return pushFailure(L, "a listening socket is needed")
	}
	server := l.newServerSocket(s.nl, L.CheckTable(4))
	s.nl = nil
	if config, ok := L.Get(5).(*lua.LTable); ok {
		server.configure(config)
	}
	go server.accept()
	L.Push(server.table)
	return 1
}
