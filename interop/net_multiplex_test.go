package interop

import (
	"context"
	"crypto/sha1"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"testing"

	"quatrain/spec"
	"quatrain/xmpp/xmlstream"
)

const multiplexConfig = `# debian: net_multiplex component proxy65
[global]
modules_enabled = ["tls", "saslauth", "roster", "disco", "net_multiplex"]
ports = [443]
ssl_ports = [444]
[host."localhost"]
[component."gateway.localhost"]
plugin = "component"
component_secret = "mercury"
[component."proxy.localhost"]
plugin = "proxy65"
[plugin.net_multiplex]
options = ["ssl_ports"]
`

// Clients come through the shared port, too, by their first bytes or what they offered in TLS. Their sessions are made in Lua, and are like others.
func TestClientsOnMultiplexedPort(t *testing.T) {
	srv := configuredServer(t, multiplexConfig)
	shared := spec.DirectTLS(srv.ServiceAddrs(t.Context(), "multiplex_ssl")[0].String(), &tls.Config{InsecureSkipVerify: true})
	plain := spec.Only(serviceAddr(t, srv, "multiplex"))
	own := spec.Only(srv.Addrs()[0].String())
	player := spec.Player{Timeout: 4 * spec.DefaultTimeout, Dial: func(ctx context.Context, c *spec.Client) (net.Conn, error) {
		switch c.Name {
		case "Juliet":
			return own(ctx, c)
		case "Phone":
			return plain(ctx, c)
		}
		return shared(ctx, c)
	}}
	if err := player.Play(t.Context(), parseScript(t, "testdata/shared_port.scs")); err != nil {
		t.Error(err)
	}
}

// Prosody's mod_net_multiplex tells by the first bytes what a connection is for.
func TestMultiplexedPort(t *testing.T) {
	srv := configuredServer(t, multiplexConfig)
	addr := srv.ServiceAddrs(t.Context(), "multiplex")[0]
	t.Run("component", func(t *testing.T) {
		c := dialComponent(t, addr.String(), "gateway.localhost")
		header, err := c.dec.Stream()
		if err != nil {
			t.Fatal(err)
		}
		c.send("<handshake>%x</handshake>", sha1.Sum([]byte(header.ID+"mercury")))
		if st := c.next(); st.Name != "handshake" {
			t.Errorf("got %s", st)
		}
		c.conn.Close()
	})
	t.Run("SOCKS", func(t *testing.T) {
		socks(t, addr, fmt.Sprintf("%x", sha1.Sum([]byte("x"))))
	})
	t.Run("component within TLS", func(t *testing.T) {
		config := &tls.Config{InsecureSkipVerify: true, ServerName: "localhost"}
		conn, err := tls.Dial("tcp", srv.ServiceAddrs(t.Context(), "multiplex_ssl")[0].String(), config)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		io.WriteString(conn, "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='gateway.localhost'>")
		header, err := xmlstream.NewDecoder(conn, xmlstream.Limits{}).Stream()
		if err != nil || header.From != "gateway.localhost" {
			t.Errorf("got %v, %v", header, err)
		}
	})
}
