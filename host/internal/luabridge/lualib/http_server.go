package lualib

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"
)

const (
	defaultBodyLimit = 10 << 20 // bytes, as in Prosody
	headLimit        = 16 << 10
	headTimeout      = 30 * time.Second
	idleTimeout      = 3 * time.Minute
	stallTimeout     = time.Minute // without a byte of a body, either way
)

// httpServer is net.http.server: requests of connections that others accept become events ("GET host/path"), and what handlers return
// becomes responses. Requests are read and responses framed by net/http.
type httpServer struct {
	l      *library
	lib    *lua.LTable
	events *events
	finish lua.LValue // finish_cb of responses
	log    lua.LValue // field log of requests

	lentMethods map[string]*lua.LFunction // of connections that are net/http's
	rawListener *lua.LTable               // of connections that handlers write to themselves

	hosts       map[string]bool
	defaultHost string
	bodyLimit   atomic.Int64

	server *http.Server
}

func (l *library) httpOpeners() map[string]opener {
	return map[string]opener{"net.http": l.openHTTP, "net.http.codes": l.openHTTPCodes, "net.http.server": l.openHTTPServer, "lxp.lom": l.openLOM}
}

// openHTTPServer makes net.http.server.
func (l *library) openHTTPServer(L *lua.LState) lua.LValue {
	s := &httpServer{l: l, events: newEvents(), hosts: map[string]bool{}}
	s.events.wild = &wildcards{known: map[string]*eventHandlers{}}
	s.bodyLimit.Store(defaultBodyLimit)
	s.openConns(L)
	s.server = &http.Server{
		Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: headTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: headLimit,
		ErrorLog:     slog.NewLogLogger(l.log.Handler(), slog.LevelDebug),
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}, // no HTTP/2: connections are shown to handlers
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, s.newConn(c.(*servedConn)))
		},
	}
	l.atShutdown(func() { s.server.Close() })
	s.lib = l.table(s.functions())
	s.lib.RawSetString("_events", l.eventsTable(s.events))
	listener := l.wholeListener(s)
	listener.RawSetString("default_port", lua.LNumber(5280))
	s.lib.RawSetString("listener", listener)
	s.lib.RawSetString("codes", l.optionalLibrary(L, "net.http.codes"))
	s.finish, s.log = L.NewFunction(s.finishCallback), lua.LNil
	if logger, ok := l.optionalLibrary(L, "util.logger").(*lua.LTable); ok {
		s.log = call1(L, logger.RawGetString("init"), lua.LString("http"))
	}
	s.events.addOne(lua.LString("http-error"), L.NewFunction(plainError), -1)
	return s.lib
}

func (s *httpServer) functions() map[string]lua.LGFunction {
	f := s.responseFunctions()
	for name, fn := range map[string]lua.LGFunction{
		"add_handler":    s.events.addHandler,
		"remove_handler": s.events.removeHandler,
		"fire_event":     s.events.fireEvent,
		"add_host": func(L *lua.LState) int {
			s.hosts[L.CheckString(1)] = true
			return 0
		},
		"remove_host": func(L *lua.LState) int {
			delete(s.hosts, L.CheckString(1))
			return 0
		},
		"set_default_host": func(L *lua.LState) int {
			s.defaultHost = L.OptString(1, "")
			return 0
		},
		"set_option":            s.setOption,
		"get_request_from_conn": requestOfConn,
		"listen_on":             s.listenOn,
		"hijack_response":       s.l.notHere("net.http.server", "hijack_response"),
	} {
		f[name] = fn
	}
	return f
}

// setOption: body_size_limit is the bytes of a body that is handed to handlers as a whole. The other limits are net/http's.
func (s *httpServer) setOption(L *lua.LState) int {
	if L.CheckString(1) == "body_size_limit" {
		limit := int64(defaultBodyLimit)
		if n, ok := L.Get(2).(lua.LNumber); ok && n >= 0 {
			limit = int64(n)
		}
		s.bodyLimit.Store(limit)
	}
	return 0
}

// requestOfConn: the request that is now being answered on a connection, or nil.
func requestOfConn(L *lua.LState) int {
	conn := L.Get(1)
	if conn == lua.LNil {
		L.Push(lua.LNil)
		return 1
	}
	response, ok := L.GetField(conn, openResponse).(*lua.LTable)
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(response.RawGetString("request"))
	return 1
}

// listenOn: port, interface (default "*"), TLS context. It goes to net.server.
func (s *httpServer) listenOn(L *lua.LState) int {
	add := L.GetField(s.l.optionalLibrary(L, "net.server"), "addserver")
	L.Push(add)
	L.Push(lua.LString(L.OptString(2, "*")))
	L.Push(L.Get(1))
	L.Push(s.lib.RawGetString("listener"))
	L.Push(lua.LString("*a"))
	L.Push(L.Get(3))
	L.Call(5, 2)
	return 2
}

// plainError is the text of an error when nobody makes a page of it.
func plainError(L *lua.LState) int {
	code, _ := L.GetField(L.Get(1), "code").(lua.LNumber)
	text := http.StatusText(int(code))
	if m, ok := L.GetField(L.Get(1), "message").(lua.LString); ok {
		text += ": " + string(m)
	}
	return pushString(L, text+"\n")
}

// ServeConn answers the requests of a connection and returns when it is closed. A connection with TLS has ConnectionState, as *tls.Conn does.
func (s *httpServer) ServeConn(c net.Conn) {
	served := &servedConn{Conn: c, closed: make(chan struct{})}
	if err := s.server.Serve(&oneConn{conn: served}); errors.Is(err, http.ErrServerClosed) {
		served.Close()
	}
	<-served.closed
}

// servedConn tells when it is closed.
type servedConn struct {
	net.Conn
	once   sync.Once
	closed chan struct{}
}

func (c *servedConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// oneConn is a listener that accepts one connection.
type oneConn struct{ conn net.Conn }

var errAccepted = errors.New("there is only one connection")

func (l *oneConn) Accept() (net.Conn, error) {
	if c := l.conn; c != nil {
		l.conn = nil
		return c, nil
	}
	return nil, errAccepted
}

func (l *oneConn) Close() error   { return nil }
func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }

var _ wholeServer = (*httpServer)(nil)
