package lualib

import (
	"crypto/tls"
	"errors"
	"net"
)

// Server is what the libraries need of the server that they run in. It is safe for concurrent use.
type Server interface {
	// Listen opens a listener for a service of a module. ErrNotServing tells that this server is only looked at.
	Listen(network, address string) (net.Listener, error)
	// Certificate is the server's for the first of the names that it has one for.
	Certificate(names ...string) (*tls.Certificate, error)
}

// ErrNotServing tells that the server opens no listeners.
var ErrNotServing = errors.New("this server listens to nothing")

// alone is the Server of libraries that run without one.
type alone struct{}

func (alone) Listen(network, address string) (net.Listener, error) {
	return net.Listen(network, address)
}

func (alone) Certificate(...string) (*tls.Certificate, error) {
	return nil, errors.New("no certificates without a server")
}
