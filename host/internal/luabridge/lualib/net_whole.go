package lualib

import (
	"context"
	"net"

	lua "github.com/yuin/gopher-lua"
)

// wholeServer is what a listener table carries (library.object) to be given connections as a whole instead of callbacks. ServeConn runs on a
// goroutine of its own and closes the connection. TLS, if the port has it, is begun but may not have shaken hands.
type wholeServer interface {
	ServeConn(conn net.Conn)
}

// wholeOf is what a listener carries, nil if it is one of callbacks.
func wholeOf(listener *lua.LTable) wholeServer {
	w, _ := valueOf[wholeServer](listener)
	return w
}

// wholeListener makes a listener table that carries w. Its callbacks are for modules that first look at what comes in and then call those
// of the listener they have found (setlistener, onconnect, onincoming).
func (l *library) wholeListener(w wholeServer) *lua.LTable {
	t := l.object(l.net.wholeClass, w)
	nothing := func(*lua.LState) int { return 0 }
	for name, f := range map[string]lua.LGFunction{"onconnect": nothing, "ondisconnect": nothing, "onincoming": l.wholeIncoming} {
		t.RawSetString(name, l.in.State().NewFunction(f))
	}
	return t
}

// wholeIncoming: connection, data. What another listener has read goes before what w will read.
func (l *library) wholeIncoming(L *lua.LState) int {
	c := self[*connection](L, "connection")
	if h := c.handed; h != nil && lua.LVAsString(L.Get(2)) != "" {
		c.handed = nil
		h.ahead <- []byte(L.CheckString(2))
		close(h.ahead)
	}
	return 0
}

// handedConn is a connection that was handed over while its reading goroutine was in a callback; the first bytes follow.
type handedConn struct {
	net.Conn
	c     *connection
	ahead chan []byte // one slice, closed after the callback
	rest  []byte
	begun bool
}

// handOver ends the reading here: w serves the connection from now on.
func (c *connection) handOver(w wholeServer) {
	h := &handedConn{Conn: c.nc, c: c, ahead: make(chan []byte, 1)}
	c.handed, c.given = h, true
	go func() {
		c.drained()
		w.ServeConn(h)
		c.l.forget(c)
	}()
}

func (l *library) forget(c *connection) {
	t := l.in.Enter(context.Background())
	defer t.Leave()
	delete(l.net.conns, c)
}

// Read gives the bytes that others have read first.
func (h *handedConn) Read(b []byte) (int, error) {
	if !h.begun {
		h.begun = true
		h.rest = <-h.ahead
	}
	if len(h.rest) > 0 {
		n := copy(b, h.rest)
		h.rest = h.rest[n:]
		return n, nil
	}
	return h.Conn.Read(b)
}

// lentConnection is the face of a connection that something else serves, as a request's conn: its addresses are known, and setlistener
// takes it over. lend gives the connection and what was read of it in advance. The interpreter's lock is held.
func (l *library) lentConnection(nc net.Conn, lend func() (net.Conn, []byte, error)) *connection {
	c := l.newConnection(nc, nil)
	delete(l.net.conns, c)
	c.connected, c.lend = true, lend
	return c
}

// takeBack makes a lent connection one of ours.
func (c *connection) takeBack() error {
	if c.lend == nil {
		return nil
	}
	nc, ahead, err := c.lend()
	if err != nil {
		return err
	}
	c.lend = nil
	c.mu.Lock()
	c.nc = nc
	c.mu.Unlock()
	c.l.net.conns[c] = true
	c.flush()
	go func() {
		if len(ahead) == 0 || c.incoming(ahead) {
			c.readOn()
		}
	}()
	return nil
}
