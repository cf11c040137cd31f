//go:build unix

package xmlstream

import (
	"io"
	"net"
	"syscall"
)

// lazyConn reads from a socket inside of the poller's callback, so that the buffer is taken when there is something to read.
type lazyConn struct {
	net.Conn
	raw syscall.RawConn
}

// Lazy is conn, as a LazyReader if it is a socket of the system. Deadlines of conn hold.
func Lazy(conn net.Conn) net.Conn {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return conn
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return conn
	}
	return &lazyConn{conn, raw}
}

func (c *lazyConn) ReadLazy(take func() []byte, drop func()) (n int, err error) {
	var readErr error
	err = c.raw.Read(func(fd uintptr) bool {
		buf := take()
		for {
			n, readErr = syscall.Read(int(fd), buf)
			if readErr != syscall.EINTR {
				break
			}
		}
		if readErr == syscall.EAGAIN {
			drop()
			return false
		}
		return true
	})
	switch {
	case err != nil:
		return 0, err
	case readErr != nil:
		return 0, &net.OpError{Op: "read", Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: readErr}
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

var _ LazyReader = (*lazyConn)(nil)
