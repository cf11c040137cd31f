package lualib

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

const socketClass = "socket"

// socketObject is a socket of a client (LuaSocket): who uses it waits, others do not.
type socketObject struct {
	l       *library
	network string // tcp, tcp4, tcp6, unix, udp, udp4, udp6
	conn    net.Conn
	reader  *bufio.Reader
	timeout time.Duration // 0 for as long as a request may take
}

// socketFunctions are what of socket makes sockets.
func (l *library) socketFunctions() map[string]lua.LGFunction {
	class := l.class(socketClass, map[string]lua.LGFunction{
		"connect":     socketConnect,
		"setpeername": socketConnect,
		"send":        socketSend,
		"receive":     socketReceive,
		"close":       socketClose,
		"shutdown":    socketShutdown,
		"settimeout":  socketSetTimeout,
		"setoption":   func(L *lua.LState) int { return push(L, lua.LNumber(1)) },
		"getpeername": socketName(net.Conn.RemoteAddr),
		"getsockname": socketName(net.Conn.LocalAddr),
	})
	functions := map[string]lua.LGFunction{"connect": func(L *lua.LState) int {
		s := &socketObject{l: l, network: "tcp"}
		if err := s.connect(L, net.JoinHostPort(L.CheckString(1), portArgument(L, 2))); err != nil {
			return pushFailure(L, socketError(err))
		}
		return push(L, l.object(class, s))
	}}
	for _, network := range []string{"tcp", "tcp4", "tcp6", "udp", "udp4", "udp6", "unix"} {
		functions[network] = func(L *lua.LState) int { return push(L, l.object(class, &socketObject{l: l, network: network})) }
	}
	return functions
}

// openSocketUnix makes socket.unix: it can be called, and stream and tcp are the same.
func (l *library) openSocketUnix(L *lua.LState) lua.LValue {
	unix := L.NewFunction(l.socketFunctions()["unix"])
	t, mt := L.NewTable(), L.NewTable()
	t.RawSetString("stream", unix)
	t.RawSetString("tcp", unix)
	mt.RawSetString("__call", unix)
	t.Metatable = mt
	return t
}

func portArgument(L *lua.LState, n int) string {
	port, err := strconv.ParseUint(lua.LVAsString(L.Get(n)), 10, 16)
	if err != nil {
		L.ArgError(n, "want a port, got "+L.Get(n).String())
	}
	return strconv.FormatUint(port, 10)
}

// socketConnect: host and port, or the path of a socket of this machine.
func socketConnect(L *lua.LState) int {
	s := self[*socketObject](L, socketClass)
	address := L.CheckString(2)
	if s.network != "unix" {
		address = net.JoinHostPort(address, portArgument(L, 3))
	}
	if err := s.connect(L, address); err != nil {
		return pushFailure(L, socketError(err))
	}
	return push(L, lua.LNumber(1))
}

func (s *socketObject) connect(L *lua.LState, address string) error {
	if s.conn != nil {
		return errors.New("already connected")
	}
	var conn net.Conn
	var err error
	compat.Of(L).Unlocked(L, func() {
		conn, err = s.l.dialer(s.limit()).DialContext(context.Background(), s.network, address)
	})
	if err != nil {
		return err
	}
	s.conn, s.reader = conn, bufio.NewReader(conn)
	return nil
}

func (s *socketObject) limit() time.Duration {
	if s.timeout > 0 {
		return s.timeout
	}
	return blockingTimeout
}

// socketError is what went wrong in LuaSocket's words, as far as it has some.
func socketError(err error) string {
	var refused *os.SyscallError
	var n net.Error
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrUnexpectedEOF):
		return "closed"
	case errors.As(err, &n) && n.Timeout():
		return "timeout"
	case errors.As(err, &refused):
		return refused.Err.Error()
	}
	return err.Error()
}

// use does something with the connection while others go on.
func (s *socketObject) use(L *lua.LState, f func() error) (err error) {
	if s.conn == nil {
		return syscall.ENOTCONN
	}
	compat.Of(L).Unlocked(L, func() {
		if err = s.conn.SetDeadline(time.Now().Add(s.limit())); err == nil {
			err = f()
		}
	})
	return err
}

// socketSend: text, first and last index → the last index that was sent, or nil, what failed, and the last index.
func socketSend(L *lua.LState) int {
	s, text := self[*socketObject](L, socketClass), L.CheckString(2)
	first, last := L.OptInt(3, 1), L.OptInt(4, len(text))
	if first < 1 || last > len(text) {
		L.ArgError(3, "out of range")
	}
	sent := 0
	err := s.use(L, func() (err error) {
		sent, err = s.conn.Write([]byte(text[min(first-1, last):last]))
		return err
	})
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(socketError(err)))
		L.Push(lua.LNumber(first - 1 + sent))
		return 3
	}
	return push(L, lua.LNumber(last))
}

// socketReceive: "*l" for a line (the default), "*a" for all up to the end, or a number of bytes; text to be put before it → the text, or nil,
// what failed, and what has come.
func socketReceive(L *lua.LState) int {
	s, prefix := self[*socketObject](L, socketClass), L.OptString(3, "")
	var text string
	err := s.use(L, func() (err error) {
		text, err = s.read(L.Get(2))
		return err
	})
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(socketError(err)))
		L.Push(lua.LString(prefix + text))
		return 3
	}
	return pushString(L, prefix+text)
}

func (s *socketObject) read(what lua.LValue) (string, error) {
	if size, ok := what.(lua.LNumber); ok {
		out := make([]byte, min(max(int(size), 0), maxAnswer))
		if strings.HasPrefix(s.network, "udp") {
			n, err := s.reader.Read(out)
			return string(out[:n]), err
		}
		n, err := io.ReadFull(s.reader, out)
		return string(out[:n]), err
	}
	if strings.HasPrefix(strings.TrimPrefix(lua.LVAsString(what), "*"), "a") {
		all, err := io.ReadAll(io.LimitReader(s.reader, maxAnswer))
		return string(all), err
	}
	if strings.HasPrefix(s.network, "udp") {
		out := make([]byte, 8192)
		n, err := s.reader.Read(out)
		return string(out[:n]), err
	}
	line, err := s.reader.ReadString('\n')
	return strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "\r", ""), err
}

func socketClose(L *lua.LState) int {
	if s := self[*socketObject](L, socketClass); s.conn != nil {
		s.conn.Close()
	}
	return push(L, lua.LNumber(1))
}

// socketShutdown ends the sending side, or all.
func socketShutdown(L *lua.LState) int {
	s := self[*socketObject](L, socketClass)
	if half, ok := s.conn.(interface{ CloseWrite() error }); ok && L.OptString(2, "both") == "send" {
		half.CloseWrite()
	} else if s.conn != nil {
		s.conn.Close()
	}
	return push(L, lua.LNumber(1))
}

// socketSetTimeout: seconds, nil or a negative number for as long as a request may take.
func socketSetTimeout(L *lua.LState) int {
	s := self[*socketObject](L, socketClass)
	s.timeout = 0
	if seconds, ok := L.Get(2).(lua.LNumber); ok && seconds >= 0 {
		s.timeout = max(duration(float64(seconds)), time.Millisecond)
	}
	return push(L, lua.LNumber(1))
}

// socketName is the address, port and family of one end.
func socketName(end func(net.Conn) net.Addr) lua.LGFunction {
	return func(L *lua.LState) int {
		s := self[*socketObject](L, socketClass)
		if s.conn == nil {
			return pushFailure(L, syscall.ENOTCONN.Error())
		}
		host, port, err := net.SplitHostPort(end(s.conn).String())
		if err != nil {
			return pushString(L, end(s.conn).String())
		}
		L.Push(lua.LString(host))
		L.Push(lua.LString(port))
		family := "inet"
		if strings.Contains(host, ":") {
			family = "inet6"
		}
		L.Push(lua.LString(family))
		return 3
	}
}
