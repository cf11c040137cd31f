package lualib

import (
	"net"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// connMethods are the methods of connections (net.server's interface objects).
func (l *library) connMethods() map[string]lua.LGFunction {
	method := func(f func(c *connection, L *lua.LState) int) lua.LGFunction {
		return func(L *lua.LState) int { return f(self[*connection](L, "connection"), L) }
	}
	address := func(f func(c *connection) net.Addr, port bool) lua.LGFunction {
		return method(func(c *connection, L *lua.LState) int { return pushEndpoint(L, f(c), port) })
	}
	methods := map[string]lua.LGFunction{
		"ip":         address((*connection).peer, false),
		"port":       address((*connection).peer, true),
		"serverip":   address((*connection).here, false),
		"serverport": address((*connection).serverEnd, true),
		"clientport": address((*connection).clientEnd, true),
	}
	for name, f := range map[string]func(c *connection, L *lua.LState) int{
		"write": connWrite, "send": connWrite, "close": connClose, "destroy": connDestroy, "server": connServer,
		"pause": connPause(true), "resume": connPause(false), "pause_reads": connPause(true), "resume_reads": connPause(false),
		"pause_writes": connHold(true), "resume_writes": connHold(false), "pausefor": connPauseFor, "setlimit": connLimit,
		"setlistener": connSetListener, "set_mode": connMode, "setoption": connOption, "setreadtimeout": connReadTimeout,
		"starttls": connStartTLS, "set_sslctx": connSetContext, "socket": connSocket, "getfd": connFD,
		"log": connLog, "debug": connNothing, "noise": connNothing, "setwritetimeout": connNothing, "set_send": connNothing, "setflags": connNothing,
	} {
		methods[name] = method(f)
	}
	for name, f := range tlsMethods {
		methods[name] = method(f)
	}
	return methods
}

func (c *connection) addrs() (local, remote net.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.local, c.remote
}

func (c *connection) peer() net.Addr {
	_, remote := c.addrs()
	return remote
}

func (c *connection) here() net.Addr {
	local, _ := c.addrs()
	return local
}

// serverEnd and clientEnd are the ends of the connection by who opened it.
func (c *connection) serverEnd() net.Addr {
	if c.server != nil {
		return c.here()
	}
	return c.peer()
}

func (c *connection) clientEnd() net.Addr {
	if c.server != nil {
		return c.peer()
	}
	return c.here()
}

func pushEndpoint(L *lua.LState, a net.Addr, port bool) int {
	ip, number := endpoint(a)
	if port {
		L.Push(lua.LNumber(number))
	} else {
		L.Push(lua.LString(ip))
	}
	return 1
}

// endpoint is the IP address and port; a Unix socket has its path for an address.
func endpoint(a net.Addr) (ip string, port int) {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.AddrPort().Addr().Unmap().String(), a.Port
	case *net.UDPAddr:
		return a.AddrPort().Addr().Unmap().String(), a.Port
	case nil:
		return "", 0
	}
	return a.String(), 0
}

func connNothing(*connection, *lua.LState) int { return 0 }

func connWrite(c *connection, L *lua.LState) int {
	data := L.CheckString(2)
	if c.ended || c.closing {
		return 0
	}
	c.write(L, data)
	L.Push(lua.LNumber(len(data)))
	return 1
}

func connClose(c *connection, L *lua.LState) int {
	c.close(L)
	L.Push(lua.LTrue)
	return 1
}

func connDestroy(c *connection, _ *lua.LState) int {
	c.destroy()
	return 0
}

func connServer(c *connection, L *lua.LState) int {
	if c.server != nil {
		L.Push(c.server.table)
	} else {
		L.Push(c.table)
	}
	return 1
}

func connPause(paused bool) func(*connection, *lua.LState) int {
	return func(c *connection, L *lua.LState) int {
		c.pause(paused)
		L.Push(lua.LTrue)
		return 1
	}
}

func (c *connection) pause(paused bool) {
	c.mu.Lock()
	c.paused = paused
	c.mu.Unlock()
	c.changed.Broadcast()
}

func connPauseFor(c *connection, L *lua.LState) int {
	seconds, ok := L.Get(2).(lua.LNumber)
	if ok {
		c.pause(true)
		time.AfterFunc(duration(float64(seconds)), func() { c.pause(false) })
	}
	return 0
}

func connHold(hold bool) func(*connection, *lua.LState) int {
	return func(c *connection, L *lua.LState) int {
		c.mu.Lock()
		c.holdWrites = hold
		c.mu.Unlock()
		c.flush()
		return 0
	}
}

func connLimit(c *connection, L *lua.LState) int {
	c.mu.Lock()
	c.bytesPerSec = float64(L.CheckNumber(2))
	c.mu.Unlock()
	return 0
}

// connMode: how much to read at once, in bytes. The patterns of LuaSocket ("*a", "*l") mean the usual size.
func connMode(c *connection, L *lua.LState) int {
	size := readSize
	if n, ok := L.Get(2).(lua.LNumber); ok && n >= 1 {
		size = int(min(n, 1<<20))
	}
	c.mu.Lock()
	c.readSize = size
	c.mu.Unlock()
	return 0
}

// connReadTimeout: seconds, false for never, nothing for the default.
func connReadTimeout(c *connection, L *lua.LState) int {
	timeout := readTimeout
	switch v := L.Get(2).(type) {
	case lua.LNumber:
		timeout = duration(float64(v))
	case lua.LBool:
		timeout = 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timeout = timeout
	if c.nc != nil && c.handshake == nil && !c.paused {
		c.nc.SetReadDeadline(deadline(timeout))
	}
	return 0
}

func connStartTLS(c *connection, L *lua.LState) int {
	ctx, _ := valueOf[*tlsContext](L.Get(2))
	if ctx == nil && c.tls == nil {
		return pushFailure(L, "no TLS context")
	}
	c.startTLS(ctx)
	L.Push(lua.LTrue)
	return 1
}

func connSetContext(c *connection, L *lua.LState) int {
	c.tls, _ = valueOf[*tlsContext](L.Get(2))
	return 0
}

func connFD(c *connection, L *lua.LState) int {
	L.Push(lua.LNumber(fdOf(c.raw())))
	return 1
}

// raw is the connection below TLS.
func (c *connection) raw() net.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bare(c.nc)
}

func bare(nc net.Conn) net.Conn {
	for {
		switch under := nc.(type) {
		case interface{ NetConn() net.Conn }:
			nc = under.NetConn()
		case *prefixed:
			nc = under.Conn
		default:
			return nc
		}
	}
}

func connLog(c *connection, L *lua.LState) int {
	c.l.log.Debug(lua.LVAsString(L.Get(3)), "connection", lua.LVAsString(c.table.RawGetString("id")))
	return 0
}

// connSetListener: listener, data. The old one is told ondetach, the new one onattach. A connection that was lent to something else, as
// net.http.server's are, comes back to be read here.
func connSetListener(c *connection, L *lua.LState) int {
	listener := L.CheckTable(2)
	if err := c.takeBack(); err != nil {
		return pushFailure(L, err.Error())
	}
	c.on(L, "detach")
	c.listener = listener
	if w := wholeOf(listener); w != nil {
		c.handOver(w)
	}
	c.on(L, "attach", L.Get(3))
	return 0
}
