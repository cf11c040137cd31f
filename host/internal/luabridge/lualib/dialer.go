package lualib

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"
)

// disconnected is a Server that may let modules make no connections.
type disconnected interface {
	// Offline is whether there is to be no network for modules.
	Offline() bool
}

// ErrOffline tells that the server lets modules make no connections.
var ErrOffline = errors.New("this server makes no connections")

// dialer makes the connections of modules, or refuses to.
func (l *library) dialer(timeout time.Duration) *net.Dialer {
	d := &net.Dialer{Timeout: timeout, Resolver: l.resolver()}
	if l.offline() {
		d.ControlContext = func(context.Context, string, string, syscall.RawConn) error { return ErrOffline }
	}
	return d
}

// resolver asks for the addresses of names, or refuses to.
func (l *library) resolver() *net.Resolver {
	if !l.offline() {
		return net.DefaultResolver
	}
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, ErrOffline }}
}

func (l *library) offline() bool {
	s, ok := l.server.(disconnected)
	return ok && s.Offline()
}
