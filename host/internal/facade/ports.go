package facade

import (
	"crypto/tls"
	"errors"
	"net"
	"strings"

	"quatrain/host/internal/luabridge"
	"quatrain/host/internal/luabridge/lualib"
	"quatrain/sdk"
)

// Ports says where services of modules may listen: where they want, nowhere, or, for tests, at one address.
type Ports string

// AnyPort and NoPort are what Ports may be besides an address, as 127.0.0.1:0.
const (
	AnyPort Ports = ""
	NoPort  Ports = "none"
)

// Listen opens a listener.
func (p Ports) Listen(network, address string) (net.Listener, error) {
	switch {
	case p == NoPort:
		return nil, lualib.ErrNotServing
	case p != AnyPort && strings.HasPrefix(network, "tcp"):
		network, address = "tcp", string(p)
	}
	return net.Listen(network, address)
}

// Listen opens a listener of this process.
func (w *World) Listen(network, address string) (net.Listener, error) {
	return Ports(w.fact("ports")).Listen(network, address)
}

var errNoCertificates = errors.New("a module in a process of its own (isolate) gets no certificates of the server: name files in the configuration")

// Certificate always fails: private keys stay in the server.
func (w *World) Certificate(...string) (*tls.Certificate, error) { return nil, errNoCertificates }

var errNoAdoption = errors.New("a module in a process of its own (isolate) cannot serve clients' streams itself")

// Adopt always fails: each stanza to such a client would have to go through another process.
func (w *World) Adopt(luabridge.Adoption) (sdk.Session, error) { return nil, errNoAdoption }
