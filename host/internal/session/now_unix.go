//go:build unix && !linux

package session

import "syscall"

// writeNow is write(2) to a socket that does not block.
func writeNow(fd uintptr, data []byte) (n int, err error) {
	n, err = syscall.Write(int(fd), data)
	return max(n, 0), err
}
