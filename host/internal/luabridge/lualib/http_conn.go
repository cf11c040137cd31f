package lualib

import (
	"crypto/tls"
	"errors"
	"net"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// connKey finds the httpConn in a request's context.
type connKey struct{}

// openResponse is the field of a connection with the response that is not finished yet.
const openResponse = "_http_open_response"

// httpConn is a connection of an HTTP client. Handlers see it as a connection of net.server that is lent to net/http: when one writes to it,
// or gives it another listener, it is taken from there for good.
type httpConn struct {
	s      *httpServer
	served *servedConn
	secure bool

	// Under the interpreter's lock.
	face *connection // made with the first request
	now  *exchange   // being answered; nil between requests
	raw  bool        // taken from net/http
}

func (s *httpServer) newConn(c *servedConn) *httpConn {
	return &httpConn{s: s, served: c, secure: isSecure(c.Conn)}
}

func isSecure(c net.Conn) bool {
	if h, ok := c.(*handedConn); ok {
		c = h.Conn
	}
	_, secure := c.(interface{ ConnectionState() tls.ConnectionState })
	return secure
}

// show is the connection's table.
func (c *httpConn) show() *lua.LTable {
	if c.face == nil {
		c.face = c.s.l.lentConnection(c.served.Conn, c.lend)
		for name, f := range c.s.lentMethods {
			c.face.table.RawSetString(name, f)
		}
		c.face.table.RawSetString(httpConnField, &lua.LUserData{Value: c, Metatable: lua.LNil})
	}
	return c.face.table
}

// httpConnField is the field of a connection's table with its httpConn.
const httpConnField = "_http_conn"

func httpConnOf(L *lua.LState) *httpConn {
	if t, ok := L.Get(1).(*lua.LTable); ok {
		if u, ok := t.RawGetString(httpConnField).(*lua.LUserData); ok {
			return u.Value.(*httpConn)
		}
	}
	L.ArgError(1, "connection of an HTTP request expected")
	return nil
}

var errBusy = errors.New("the connection is between two requests, or the response has begun")

// lend takes the connection from net/http: what was read ahead comes with it. The exchange ends, as far as net/http is concerned.
func (c *httpConn) lend() (net.Conn, []byte, error) {
	x := c.now
	if x == nil || x.answered || c.raw {
		return nil, nil, errBusy
	}
	_, rw, err := x.ctl.Hijack()
	if err != nil {
		return nil, nil, err
	}
	ahead, _ := rw.Peek(rw.Reader.Buffered())
	c.raw = true
	for name := range c.s.lentMethods {
		c.face.table.RawSetString(name, lua.LNil)
	}
	c.served.once.Do(func() { close(c.served.closed) })
	x.out.add(nil, operation{kind: taken})
	return c.served.Conn, ahead, nil
}

// take is lend for handlers that write themselves: the connection then has a listener that only waits for its end.
func (c *httpConn) take() error {
	if c.raw {
		return nil
	}
	c.show()
	if err := c.face.takeBack(); err != nil {
		return err
	}
	c.face.listener = c.s.rawListener
	return nil
}

// isContinue is whether data tells the client to go on with its request (RFC 9110 §15.2.1). net/http does that by itself as soon as it reads.
func isContinue(data string) bool {
	return strings.HasPrefix(data, "HTTP/1.1 100 ") && strings.Index(data, "\r\n\r\n") == len(data)-4
}

// openConns makes lentMethods, which stand on a connection's table as long as it is lent.
func (s *httpServer) openConns(L *lua.LState) {
	write := func(L *lua.LState) int {
		c, data := httpConnOf(L), L.CheckString(2)
		if c.now == nil {
			return pushFailure(L, "closed")
		}
		if isContinue(data) {
			L.Push(lua.LNumber(len(data)))
			return 1
		}
		if err := c.take(); err != nil {
			return pushFailure(L, err.Error())
		}
		c.now.answered = true
		c.face.write(L, data)
		L.Push(lua.LNumber(len(data)))
		return 1
	}
	close := func(L *lua.LState) int {
		if x := httpConnOf(L).now; x != nil {
			x.out.add(s.l.in.Chain(L), operation{kind: endAndClose})
		}
		L.Push(lua.LTrue)
		return 1
	}
	s.lentMethods = map[string]*lua.LFunction{"write": L.NewFunction(write), "send": L.NewFunction(write), "close": L.NewFunction(close)}
	s.rawListener = s.l.table(map[string]lua.LGFunction{
		"ondisconnect": func(L *lua.LState) int {
			if x := httpConnOf(L).now; x != nil {
				x.abandon(L)
			}
			return 0
		},
		"onincoming":    func(*lua.LState) int { return 0 },
		"onreadtimeout": func(L *lua.LState) int { L.Push(lua.LTrue); return 1 },
	})
}
