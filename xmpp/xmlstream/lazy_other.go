//go:build !unix

package xmlstream

import (
	"io"
	"net"
	"syscall"
)

// Socket does not exist here: this system offers no way to wait without a read.
type Socket struct {
	net.Conn
	upper io.Reader
}

func newSocket(net.Conn) *Socket { return nil }

// Raw is nil.
func (s *Socket) Raw() syscall.RawConn { return nil }

// ReadLazy takes the buffer before it waits.
func (s *Socket) ReadLazy(b Buffers) (data []byte, err error) {
	buf := b.Take()
	n, err := s.Read(buf)
	return buf[:n], err
}

// Wait does not wait.
func (s *Socket) Wait() error { return nil }
