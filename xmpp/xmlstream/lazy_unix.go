//go:build unix

package xmlstream

import (
	"io"
	"net"
	"syscall"
)

// Socket is a connection of the system that is read inside of the poller's callback, so that the buffer is taken when there is something to
// read. Deadlines hold. Only one goroutine may read.
type Socket struct {
	net.Conn
	raw   syscall.RawConn
	try   func(fd uintptr) bool // attempt, made once
	upper io.Reader             // reads from the socket, and is read instead of it; may be nil

	// Of ReadLazy.
	buffers Buffers // nil outside
	fd      uintptr
	n       int
	err     error
}

func newSocket(conn net.Conn) *Socket {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil
	}
	s := &Socket{Conn: conn, raw: raw}
	s.try = s.attempt
	return s
}

// Raw is how the system's own calls are made on the connection; nil if there is no socket.
func (s *Socket) Raw() syscall.RawConn {
	if s == nil {
		return nil
	}
	return s.raw
}

func (s *Socket) ReadLazy(b Buffers) (data []byte, err error) {
	s.buffers = b
	err = s.raw.Read(s.try)
	s.buffers = nil
	if err == nil {
		err = s.err
	}
	if err != nil || s.n == 0 {
		return nil, err
	}
	return b.Take()[:s.n], nil
}

// attempt is false if there is nothing to read yet.
func (s *Socket) attempt(fd uintptr) bool {
	s.fd, s.n = fd, 0
	buf := s.buffers.Take()
	if s.upper != nil {
		s.n, s.err = s.upper.Read(buf)
	} else {
		s.n, s.err = s.Read(buf)
	}
	if s.err == errNoInput {
		s.buffers.Drop()
		return false
	}
	return true
}

// Read waits for input, except within ReadLazy: there it fails with errNoInput if nothing has come.
func (s *Socket) Read(b []byte) (int, error) {
	if s.buffers == nil {
		return s.Conn.Read(b)
	}
	for {
		n, err := syscall.Read(int(s.fd), b)
		switch {
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			return 0, errNoInput
		case err != nil:
			return 0, &net.OpError{Op: "read", Net: "tcp", Source: s.LocalAddr(), Addr: s.RemoteAddr(), Err: err}
		case n == 0 && len(b) > 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

// Wait returns when there may be something to read, without reading it. It needs little stack.
func (s *Socket) Wait() error {
	asked := false
	return s.raw.Read(func(fd uintptr) bool {
		if asked {
			return true
		}
		asked = true
		var one [1]byte
		_, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK)
		return err != syscall.EAGAIN && err != syscall.EINTR
	})
}

// noInput is temporary, so that TLS takes it for a read that can be repeated.
type noInput struct{}

var errNoInput error = noInput{}

func (noInput) Error() string   { return "no input yet" }
func (noInput) Timeout() bool   { return true }
func (noInput) Temporary() bool { return true }
