package host

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"strings"

	"quatrain/host/internal/facade"
)

// testPorts is where services of plugins listen when Options.Listen replaces the listeners of the configuration.
const testPorts facade.Ports = "127.0.0.1:0"

// servicePorts is where services of plugins listen.
func (srv *Server) servicePorts() facade.Ports {
	switch {
	case !srv.listens():
		return facade.NoPort
	case srv.opts.Listen != nil:
		return testPorts
	}
	return facade.AnyPort
}

// Listen opens a listener for a service of a module.
func (w *luaWorld) Listen(network, address string) (net.Listener, error) {
	return w.srv.servicePorts().Listen(network, address)
}

// Offline is whether modules are to make no connections.
func (w *luaWorld) Offline() bool { return w.srv.opts.Offline }

// Certificate is the server's for the first of the names that it has one for.
func (w *luaWorld) Certificate(names ...string) (*tls.Certificate, error) {
	return w.srv.certs.Certificate(names...)
}

// ServiceAddrs are the addresses that a service of a plugin ("component", "http") listens on, sorted; none if it does not. It waits for
// what runs in Lua.
func (srv *Server) ServiceAddrs(ctx context.Context, service string) []net.Addr {
	addrs := srv.bridge.ServiceAddrs(ctx, service)
	slices.SortFunc(addrs, func(a, b net.Addr) int { return strings.Compare(a.String(), b.String()) })
	return addrs
}
