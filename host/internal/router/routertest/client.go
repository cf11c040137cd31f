package routertest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quatrain/host/internal/router"
	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// Client is a session and what was written to its connection.
type Client struct {
	*session.Session
	srv  *Server
	t    testing.TB
	conn *conn
}

// Login makes an account, if it is new, and a session of it that is bound to the full JID.
func (srv *Server) Login(full string) *Client {
	srv.t.Helper()
	c := srv.Connect(full)
	j := jid.MustParse(full)
	srv.Accounts[j.Bare().String()] = true
	c.Authenticated(j.Local(), "")
	if err := srv.Router.Bind(sdk.NewChain(srv.t.Context()), c.Session, j.Resource(), router.BindOptions{}); err != nil {
		srv.t.Fatalf("binding %q: %v", full, err)
	}
	return c
}

// Online is Login and initial presence; what the client got for it is thrown away.
func (srv *Server) Online(full string) *Client {
	srv.t.Helper()
	c := srv.Login(full)
	c.Send("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>")
	c.Send("<presence/>")
	c.Received()
	return c
}

// Connect is a session that has not authenticated, to the host of a JID.
func (srv *Server) Connect(address string) *Client {
	conn := &conn{}
	s := session.New(session.Config{Host: jid.MustParse(address).Domain(), IP: "127.0.0.1", Conn: conn, Log: slog.New(slog.DiscardHandler)})
	srv.t.Cleanup(s.Destroy)
	return &Client{s, srv, srv.t, conn}
}

// Send hands in one element as from the network.
func (c *Client) Send(xml string) *stanza.StreamError {
	c.t.Helper()
	st, err := xmlstream.ParseElement([]byte(xml))
	if err != nil {
		c.t.Fatalf("%s: %v", xml, err)
	}
	chain := sdk.NewChain(c.t.Context())
	defer session.Cork(chain)()
	return c.srv.Router.Handle(chain, c.Session, st)
}

// Disconnect ends the session as when the connection is lost, for a reason that may be "".
func (c *Client) Disconnect(reason string) {
	var err error
	if reason != "" {
		err = errors.New(reason)
	}
	c.srv.Router.Unbind(sdk.NewChain(c.t.Context()), c.Session, err)
	c.Destroy()
}

var (
	pushID = regexp.MustCompile(`<iq id='[^']*' type='set'>`)
	stamp  = regexp.MustCompile(`stamp='[^']*'`)
)

// Received is what has been written since the last time, one string an element, with ids of pushes and time stamps left out.
func (c *Client) Received() []string {
	c.t.Helper()
	if err := c.Drain(context.Background()); err != nil && !errors.Is(err, session.ErrEnded) {
		c.t.Fatal(err)
	}
	data := c.conn.take()
	all, err := xmlstream.ParseElement([]byte("<all>" + data + "</all>"))
	if err != nil {
		return []string{data} // a stream that ended
	}
	var list []string
	for _, el := range all.Tags {
		text := pushID.ReplaceAllString(el.String(), "<iq type='set'>")
		list = append(list, stamp.ReplaceAllString(text, "stamp=''"))
	}
	return list
}

// Expect compares what was received; the order does not matter.
func (c *Client) Expect(what string, want ...string) {
	c.t.Helper()
	got := c.Received()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		c.t.Errorf("%s: %s got\n\t%s\nwant\n\t%s", what, c.JID(), strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// conn keeps what is written.
type conn struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (c *conn) take() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.out.Reset()
	return c.out.String()
}

func (c *conn) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.Write(b)
}

func (c *conn) Read([]byte) (int, error)         { return 0, net.ErrClosed }
func (c *conn) Close() error                     { return nil }
func (c *conn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *conn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }
