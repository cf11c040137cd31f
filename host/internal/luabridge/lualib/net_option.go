package lualib

import (
	"net"
	"syscall"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// connOption: name, value. Options of sockets as LuaSocket names them.
func connOption(c *connection, L *lua.LState) int {
	tcp, ok := c.raw().(*net.TCPConn)
	if !ok {
		L.Push(lua.LFalse)
		return 1
	}
	return pushOption(L, setOption(tcp, L.CheckString(2), L.Get(3)))
}

func pushOption(L *lua.LState, err error) int {
	if err != nil {
		return pushFailure(L, reason(err))
	}
	L.Push(lua.LNumber(1))
	return 1
}

func setOption(tcp *net.TCPConn, name string, value lua.LValue) error {
	seconds := func() time.Duration { return duration(float64(lua.LVAsNumber(value))) }
	switch name {
	case "keepalive":
		return tcp.SetKeepAlive(lua.LVAsBool(value))
	case "tcp-keepidle", "tcp-keepalive":
		return tcp.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: seconds()})
	case "tcp-keepintvl":
		return tcp.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Interval: seconds()})
	case "tcp-keepcnt":
		return tcp.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Count: int(lua.LVAsNumber(value))})
	case "tcp-nodelay":
		return tcp.SetNoDelay(lua.LVAsBool(value))
	case "linger":
		t, _ := value.(*lua.LTable)
		if t == nil || !lua.LVAsBool(t.RawGetString("on")) {
			return tcp.SetLinger(-1)
		}
		return tcp.SetLinger(int(lua.LVAsNumber(t.RawGetString("timeout"))))
	case "recv-buffer-size":
		return tcp.SetReadBuffer(int(lua.LVAsNumber(value)))
	case "send-buffer-size":
		return tcp.SetWriteBuffer(int(lua.LVAsNumber(value)))
	case "reuseaddr", "reuseport", "ipv6-v6only":
		return nil
	}
	return syscall.ENOPROTOOPT
}

// fdOf is the file descriptor's number, -1 if there is none.
func fdOf(v any) int {
	s, ok := v.(syscall.Conn)
	if !ok {
		return -1
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return -1
	}
	fd := -1
	raw.Control(func(n uintptr) { fd = int(n) })
	return fd
}
