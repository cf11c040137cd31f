package lualib

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// isEnd is whether an error of reading is the other end's regular goodbye, or ours.
func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrUnexpectedEOF)
}

// reason is an error of the network in LuaSocket's words.
func reason(err error) string {
	var e syscall.Errno
	var dns *net.DNSError
	switch {
	case isEnd(err):
		return "closed"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "timeout"
	case errors.As(err, &dns):
		if dns.IsTimeout {
			return "timeout"
		}
		return "host or service not provided, or not known"
	case !errors.As(err, &e):
		var t interface{ Timeout() bool }
		if errors.As(err, &t) && t.Timeout() {
			return "timeout"
		}
		return err.Error()
	}
	switch e {
	case syscall.ECONNREFUSED:
		return "connection refused"
	case syscall.ECONNRESET, syscall.EPIPE:
		return "closed"
	case syscall.EADDRINUSE:
		return "address already in use"
	case syscall.EACCES, syscall.EPERM:
		return "permission denied"
	case syscall.ETIMEDOUT:
		return "timeout"
	}
	return e.Error()
}

// randomID is n random bytes as text that is safe everywhere.
func randomID(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}
