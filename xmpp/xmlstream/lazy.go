package xmlstream

import (
	"io"
	"net"
)

// LazyReader is a reader that can wait for input without holding a buffer.
type LazyReader interface {
	// ReadLazy waits until there is input, takes a buffer, and reads into it once. Where it finds that there was none after all it drops the
	// buffer and waits on. data lies in the buffer; err is as for io.Reader.
	ReadLazy(b Buffers) (data []byte, err error)
}

// Buffers is where a LazyReader gets its buffer.
type Buffers interface {
	Take() []byte
	Drop()
}

// Lazy is conn, as a *Socket if it is one of the system, and of a kind that can be waited for.
func Lazy(conn net.Conn) net.Conn {
	if s := newSocket(conn); s != nil {
		return s
	}
	return conn
}

// Over is who reads from the socket what others read from him, such as TLS. ReadLazy reads through him from now on.
func (s *Socket) Over(upper io.Reader) { s.upper = upper }

var _ LazyReader = (*Socket)(nil)
