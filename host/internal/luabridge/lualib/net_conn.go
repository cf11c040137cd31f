package lualib

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// Limits of connections, as Prosody's network_settings have them.
const (
	readTimeout      = 14 * time.Minute
	sendTimeout      = 180 * time.Second
	connectTimeout   = 20 * time.Second
	handshakeTimeout = 60 * time.Second
	readSize         = 8192
	// maxUnsent is how many bytes may wait for a peer that does not read. Prosody has no such limit.
	maxUnsent = 32 << 20
)

// connection is a connection as net.server gives it to Lua: a table with methods, and a listener, the table of callbacks. One goroutine
// reads and calls back, each time on a chain of its own; another one writes while there is something to write.
type connection struct {
	l      *library
	table  *lua.LTable
	server *serverSocket // that accepted it; nil for others

	// Touched only under the interpreter's lock.
	listener  *lua.LTable
	tls       *tlsContext                      // for starttls without an argument; may be nil
	connected bool                             // onconnect has been called
	telling   bool                             // ondisconnect is being called
	told      bool                             // ondisconnect has been called, or is
	ended     bool                             // nothing is called back any more
	closing   bool                             // closed by Lua, with something left to write
	lend      func() (net.Conn, []byte, error) // of a connection that something else serves; nil for others
	handed    *handedConn                      // that waits for what was read already; nil for others
	given     bool                             // something else reads

	mu          sync.Mutex // guards the rest; nothing is called under it but methods of nc that do not wait
	changed     *sync.Cond // of mu
	nc          net.Conn   // nil until an outgoing connection is there
	remote      net.Addr
	local       net.Addr
	out         []byte
	tickets     []sdk.Ticket // the writes to stores that out acknowledges
	writing     bool         // the writing goroutine is at work
	holdWrites  bool
	paused      bool
	dead        bool
	handshake   *tlsContext // to be done by the reading goroutine before it reads on
	ahead       []byte      // what was read of TLS before it had begun
	readSize    int
	timeout     time.Duration // for reading
	bytesPerSec float64
	sink        *connection // gets all that comes in (net.server.link)
	serverName  string      // of the peer, for TLS
}

// newConnection makes the Lua face of a connection that nothing reads yet. nc may be nil: it is then being opened.
func (l *library) newConnection(nc net.Conn, listener *lua.LTable) *connection {
	c := &connection{l: l, listener: listener, nc: nc, readSize: readSize, timeout: readTimeout}
	c.changed = sync.NewCond(&c.mu)
	if nc != nil {
		c.remote, c.local = nc.RemoteAddr(), nc.LocalAddr()
	}
	c.table = l.object(l.net.connClass, c)
	c.table.RawSetString("id", lua.LString("conn"+randomID(8)))
	c.table.RawSetString("created", lua.LNumber(now()))
	l.net.conns[c] = true
	return c
}

// run is the reading goroutine: handshake, onconnect, then what comes in.
func (c *connection) run() {
	if !c.secure() || !c.call("connect") {
		return
	}
	c.readOn()
}

func (c *connection) readOn() {
	var buf []byte
	for c.secure() && c.ready() {
		if size := c.chunk(); len(buf) != size {
			buf = make([]byte, size)
		}
		n, err := c.nc.Read(buf)
		if n > 0 && !c.incoming(buf[:n]) || err != nil && !c.readFailed(err) {
			return
		}
	}
}

func (c *connection) chunk() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.readSize
}

// ready waits until it is time to read; false if the connection has ended.
func (c *connection) ready() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.paused && !c.dead && c.handshake == nil {
		c.changed.Wait()
	}
	if c.dead {
		return false
	}
	c.nc.SetReadDeadline(deadline(c.timeout))
	if c.handshake != nil {
		c.nc.SetReadDeadline(time.Unix(1, 0))
	}
	return true
}

// deadline in d from now; none for 0.
func deadline(d time.Duration) time.Time {
	if d <= 0 {
		return time.Time{}
	}
	return time.Now().Add(d)
}

// incoming hands on what was read. What comes while TLS is to begin belongs to TLS, what comes during a pause waits for its end.
func (c *connection) incoming(data []byte) bool {
	if !c.awaitResume() {
		return false
	}
	if sink := c.linked(); sink != nil {
		sink.append(data, nil)
		return sink.drained() && c.throttle(len(data))
	}
	return c.deliver(data) && c.throttle(len(data))
}

func (c *connection) linked() *connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sink
}

func (c *connection) awaitResume() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.paused && !c.dead && c.handshake == nil {
		c.changed.Wait()
	}
	return !c.dead
}

func (c *connection) deliver(data []byte) bool {
	t := c.l.in.Enter(context.Background())
	defer t.Leave()
	if c.ended {
		return false
	}
	c.mu.Lock()
	early := c.handshake != nil
	if early {
		c.ahead = append(c.ahead, data...)
	}
	c.mu.Unlock()
	if !early {
		c.on(t.L, "incoming", lua.LString(data))
	}
	return c.ours()
}

// throttle waits as long as the limit of bytes per second demands.
func (c *connection) throttle(n int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bytesPerSec <= 0 || c.dead {
		return !c.dead
	}
	over := false
	timer := time.AfterFunc(duration(float64(n)/c.bytesPerSec), func() {
		c.mu.Lock()
		over = true
		c.mu.Unlock()
		c.changed.Broadcast()
	})
	defer timer.Stop()
	for !over && !c.dead {
		c.changed.Wait()
	}
	return !c.dead
}

// readFailed tells whether to read on.
func (c *connection) readFailed(err error) bool {
	silent := errors.Is(err, os.ErrDeadlineExceeded)
	if silent && c.woken() {
		return true
	}
	t := c.l.in.Enter(context.Background())
	defer t.Leave()
	switch {
	case c.ended:
	case silent && lua.LVAsBool(c.on(t.L, "readtimeout")):
	case silent:
		c.fail(t.L, "read timeout")
	case isEnd(err):
		c.close(t.L)
	default:
		c.fail(t.L, reason(err))
	}
	return silent && !c.ended
}

// woken is whether the reader was interrupted for something else than the peer's silence.
func (c *connection) woken() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.handshake != nil || c.paused
}

// call enters Lua for a callback; false if the connection has ended.
func (c *connection) call(what string, args ...lua.LValue) bool {
	t := c.l.in.Enter(context.Background())
	defer t.Leave()
	if !c.ended {
		if what == "connect" {
			c.connected = true
			c.flush()
		}
		c.on(t.L, what, args...)
	}
	return c.ours()
}

// ours is whether to read on here: the connection has not ended and was not handed over.
func (c *connection) ours() bool {
	if c.handed != nil {
		close(c.handed.ahead)
		c.handed = nil
	}
	return !c.ended && !c.given
}

// on calls a callback of the listener, or a function that Lua has put on the connection itself.
func (c *connection) on(L *lua.LState, what string, args ...lua.LValue) lua.LValue {
	fn := lua.LNil
	if what == "incoming" || what == "drain" {
		fn = c.table.RawGetString("on" + what)
	}
	if fn == lua.LNil && c.listener != nil {
		fn = c.callback(L, "on"+what)
	}
	if fn == lua.LNil || c.ended || c.told && what != "disconnect" {
		return lua.LNil
	}
	results, err := c.l.in.PCall(L, fn, 1, append([]lua.LValue{c.table}, args...)...)
	if err != nil {
		c.l.logError("callback on"+what+" of a connection failed", err)
		return lua.LNil
	}
	return results[0]
}

// callback is a field of the listener. What a metatable raises when it is asked is logged: nobody who could catch it has called.
func (c *connection) callback(L *lua.LState, name string) lua.LValue {
	v := c.listener.RawGetString(name)
	if v != lua.LNil || c.listener.Metatable == lua.LNil {
		return v
	}
	ask := c.l.in.State().NewFunction(func(L *lua.LState) int { return push(L, L.GetField(c.listener, name)) })
	results, err := c.l.in.PCall(L, ask, 1)
	if err != nil {
		c.l.logError("asking a listener for "+name+" failed", err)
		return lua.LNil
	}
	return results[0]
}

// fail ends the connection because of an error.
func (c *connection) fail(L *lua.LState, why string) {
	if c.ended {
		return
	}
	c.closing = true
	c.tell(L, lua.LString(why))
	c.destroy()
}

// tell calls ondisconnect, once: a callback that closes the connection, or another whose callback closes this one, is not called again.
func (c *connection) tell(L *lua.LState, why ...lua.LValue) {
	if c.told {
		return
	}
	c.telling, c.told = true, true
	c.on(L, "disconnect", why...)
	c.telling = false
}

// close ends the connection as soon as everything is written.
func (c *connection) close(L *lua.LState) {
	c.mu.Lock()
	unsent := c.connected && c.nc != nil && !c.dead && (c.writing || len(c.out) > 0)
	c.mu.Unlock()
	switch {
	case c.ended || c.telling || c.closing && unsent:
	case unsent:
		c.closing = true
		c.flush()
	default:
		c.finish(L)
	}
}

func (c *connection) finish(L *lua.LState) {
	if !c.ended {
		c.closing = true
		c.tell(L)
		c.destroy()
	}
}

// destroy ends the connection without telling anybody.
func (c *connection) destroy() {
	if c.ended {
		return
	}
	c.ended = true
	delete(c.l.net.conns, c)
	c.mu.Lock()
	c.dead, c.out = true, nil
	nc := c.nc
	c.mu.Unlock()
	c.changed.Broadcast()
	if t, ok := nc.(*tls.Conn); ok {
		t.NetConn().SetWriteDeadline(time.Now().Add(time.Second)) // for close_notify
	}
	if nc != nil {
		go nc.Close()
	}
}
