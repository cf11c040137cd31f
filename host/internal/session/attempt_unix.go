//go:build unix

package session

import "syscall"

// attempt is a write that does not wait.
type attempt struct {
	try  func(fd uintptr) bool // write, made once
	data []byte
	n    int
	err  error
}

// on writes to a connection what the system takes at once, perhaps nothing.
func (a *attempt) on(raw syscall.RawConn, data []byte) (n int, err error) {
	a.data, a.n, a.err = data, 0, nil
	err = raw.Write(a.try)
	a.data = nil
	if err == nil {
		err = a.err
	}
	return a.n, err
}

// write is always true: it is not to be called again when there is room.
func (a *attempt) write(fd uintptr) bool {
	n, err := writeNow(fd, a.data)
	for err == syscall.EINTR {
		n, err = writeNow(fd, a.data)
	}
	if err == syscall.EAGAIN {
		n, err = 0, nil
	}
	a.n, a.err = n, err
	return true
}
