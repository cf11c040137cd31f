package spec

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"strconv"
)

// Dialer connects a client of a script to the server that it is to talk to. The connection may be of any kind (a net.Pipe too) and may
// already be TLS; otherwise STARTTLS is used where it is offered. It is closed by the player.
type Dialer func(ctx context.Context, c *Client) (net.Conn, error)

// TCP connects to "host:port", or where the client's connect_host and connect_port say.
func TCP(address string) Dialer {
	return func(ctx context.Context, c *Client) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addressFor(c, address))
	}
}

// Only connects to "host:port", whatever the client says.
func Only(address string) Dialer {
	return func(ctx context.Context, _ *Client) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", address)
	}
}

// DirectTLS is TCP with TLS from the first byte (XEP-0368). config may be nil for one that trusts every certificate.
func DirectTLS(address string, config *tls.Config) Dialer {
	return func(ctx context.Context, c *Client) (net.Conn, error) {
		d := tls.Dialer{Config: tlsConfig(config, hostOf(c))}
		d.Config.NextProtos = []string{"xmpp-client"}
		return d.DialContext(ctx, "tcp", addressFor(c, address))
	}
}

func addressFor(c *Client, address string) string {
	if c.Host == "" && c.Port == 0 {
		return address
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		host, port = address, "5222"
	}
	if c.Port != 0 {
		port = strconv.Itoa(c.Port)
	}
	return net.JoinHostPort(cmp.Or(c.Host, host), port)
}

// tlsConfig is a copy for one connection. Scripts are played against servers under test, whose certificates nobody signed.
func tlsConfig(config *tls.Config, domain string) *tls.Config {
	if config == nil {
		return &tls.Config{ServerName: domain, InsecureSkipVerify: true}
	}
	config = config.Clone()
	config.ServerName = cmp.Or(config.ServerName, domain)
	return config
}
