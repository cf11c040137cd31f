package session

import (
	"syscall"
	"unsafe"
)

// writeNow is write(2) to a socket that does not block. Go's scheduler is not told, as it is for calls in which a thread may stay: its monitor, which
// looks after such threads, would wake every 20 µs during a round, and at times give away what the thread needs to go on.
func writeNow(fd uintptr, data []byte) (n int, err error) {
	if len(data) == 0 {
		return 0, nil
	}
	written, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)))
	if errno != 0 {
		return 0, errno
	}
	return int(written), nil
}
