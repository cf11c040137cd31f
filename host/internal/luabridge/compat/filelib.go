package compat

import (
	"errors"
	"io/fs"
	"syscall"
)

// errorText words a system error as C's strerror does: "name: No such file or directory".
func errorText(name string, err error) string {
	text, _ := systemError(err)
	if name == "" {
		return text
	}
	return name + ": " + text
}

// systemError is the text and the number of a system error.
func systemError(err error) (string, int) {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			errno = syscall.ENOENT
		case errors.Is(err, fs.ErrClosed):
			errno = syscall.EBADF
		default:
			return err.Error(), int(syscall.EIO)
		}
	}
	text := errno.Error()
	return string(upper(text[0])) + text[1:], int(errno)
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		c -= 'a' - 'A'
	}
	return c
}
