package lualib

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

// poll waits until a descriptor can be read or written, at most as long as limit.
func poll(fd int, read, write bool, limit time.Duration) (readable, writable bool, err error) {
	p := []unix.PollFd{{Fd: int32(fd)}}
	if read {
		p[0].Events |= unix.POLLIN
	}
	if write {
		p[0].Events |= unix.POLLOUT
	}
	_, err = unix.Poll(p, int(limit.Milliseconds()))
	if errors.Is(err, unix.EINTR) {
		return false, false, nil
	}
	if err == nil && p[0].Revents&unix.POLLNVAL != 0 {
		err = unix.EBADF
	}
	over := p[0].Revents&(unix.POLLHUP|unix.POLLERR) != 0
	return read && (over || p[0].Revents&unix.POLLIN != 0), write && (over || p[0].Revents&unix.POLLOUT != 0), err
}
