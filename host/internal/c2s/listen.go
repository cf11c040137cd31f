package c2s

import (
	"errors"
	"fmt"
	"net"
	"time"
)

// Listen opens a TCP port: "127.0.0.1:0" lets the system choose.
func (srv *Server) Listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listening for clients: %w", err)
	}
	return l, nil
}

// acceptPause is how long accepting rests when the system has no resources.
const acceptPause = 50 * time.Millisecond

// Serve serves the connections of a listener until that is closed or the server shut down, which is no error. With direct they begin with
// TLS.
func (srv *Server) Serve(l net.Listener, direct bool) error {
	srv.mu.Lock()
	closing := srv.closing
	srv.listeners[l] = true
	srv.mu.Unlock()
	if closing {
		l.Close()
	}
	srv.sweeping.Do(func() { go srv.sweep() })
	defer func() {
		srv.mu.Lock()
		delete(srv.listeners, l)
		srv.mu.Unlock()
	}()
	for {
		conn, err := l.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return nil
		case err != nil:
			srv.unaccepted.warn(srv.cfg.Log, "accepting a connection failed", "address", l.Addr().String(), "err", err)
			srv.makeRoom()
			time.Sleep(acceptPause)
			continue
		}
		if st := srv.open(conn, ConnOptions{Direct: direct}); st != nil {
			srv.strange(st)
			go st.run()
		}
	}
}

// ConnOptions says what a connection is.
type ConnOptions struct {
	Direct bool // it begins with TLS
	Secure bool // it counts as encrypted, as a pipe within the process does
}

// ServeConn serves one connection, of any kind, until it ends.
func (srv *Server) ServeConn(conn net.Conn, o ConnOptions) {
	if st := srv.open(conn, o); st != nil {
		st.ended = make(chan struct{})
		st.run()
		<-st.ended
	}
}

// addressOf is the IP address of a peer, "" if the connection has none.
func addressOf(conn net.Conn) string {
	if a, ok := conn.RemoteAddr().(*net.TCPAddr); ok {
		return a.AddrPort().Addr().Unmap().WithZone("").String()
	}
	return ""
}

// open registers a connection, or refuses it.
func (srv *Server) open(conn net.Conn, o ConnOptions) *stream {
	st := srv.newStream(conn, o)
	if reason := srv.admit(st); reason != nil {
		srv.refused.warn(srv.cfg.Log, "connection refused", "address", st.address, "condition", reason.Condition, "text", reason.Text)
		srv.refuse(conn, o, reason)
		return nil
	}
	return st
}

// forget is the end of a stream.
func (srv *Server) forget(st *stream) {
	srv.familiar(st)
	srv.mu.Lock()
	delete(srv.streams, st)
	if srv.addresses[st.address]--; srv.addresses[st.address] <= 0 {
		delete(srv.addresses, st.address)
	}
	srv.mu.Unlock()
	if st.ended != nil {
		close(st.ended)
	}
	srv.done.Done()
}
