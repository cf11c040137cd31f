package sdktest

import (
	"context"
	"errors"
	"sync"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// Client is a client of the server, and the session (sdk.Session) that the plugin sees of it.
type Client struct {
	server  *Server
	address jid.JID

	mu      sync.Mutex // guards the rest
	inbox   []*stanza.Element
	arrived chan struct{} // holds something if the inbox may have grown
	closed  bool
	fields  map[string]any
	face    any
}

// Client connects a client, by its full JID, or gives the one that is connected.
func (s *Server) Client(fullJID string) *Client {
	s.t.Helper()
	address, err := jid.Parse(fullJID)
	if err != nil || !address.IsFull() {
		s.t.Fatalf("%q is not the full JID of a client (%v)", fullJID, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.clients[address.String()]
	if c == nil {
		c = &Client{server: s, address: address, arrived: make(chan struct{}, 1), fields: map[string]any{}}
		s.clients[address.String()] = c
	}
	return c
}

// Says sends a stanza, as XML, to whom it is addressed, and returns when it has been handled. As on a server it is stamped with the sender, fires the events
// of its kind and destination (message/host, iq-get/bare/NS:NAME, …), and is answered with an error if a handler fails or nobody handles it.
func (c *Client) Says(xml string) {
	c.server.t.Helper()
	st, err := xmlstream.ParseElement([]byte(xml))
	if err != nil {
		c.server.t.Fatalf("%v: %s", err, xml)
	}
	st.SetAttr("from", c.JID())
	to, err := jid.Parse(st.To())
	if err != nil {
		c.server.t.Fatalf("%v: %s", err, xml)
	}
	if c.server.answer(c.server.context(), st) {
		return
	}
	result, err := c.server.handle(c, st, to)
	if err == nil && result != nil {
		return
	}
	if reply := refusal(st, err); reply != nil {
		_ = c.Send(context.Background(), reply) // to a client that is not there any more
	}
}

// refusal is what the sender of a stanza is answered that was not handled; nil if it is not to be answered.
func refusal(st *stanza.Element, err error) *stanza.Element {
	e := stanza.NewError(stanza.ServiceUnavailable, "")
	if err != nil && !errors.As(err, &e) {
		e = stanza.NewError(stanza.InternalServerError, "")
	}
	if st.Kind() == stanza.KindPresence && err == nil || st.Kind() == stanza.KindIQ && !st.IsRequest() {
		return nil
	}
	return stanza.ErrorReply(st, e)
}

// Receive is the next stanza that the client is sent. If none comes, the test ends.
func (c *Client) Receive() *stanza.Element {
	c.server.t.Helper()
	end := time.After(Patience)
	for {
		if st := c.next(); st != nil {
			return st
		}
		select {
		case <-c.arrived:
		case <-end:
			c.server.t.Fatalf("%s has received nothing", c.address)
		}
	}
}

// Received are all stanzas that the client has been sent since it looked last. What a stanza has caused is there when Says returns.
func (c *Client) Received() []*stanza.Element {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.inbox
	c.inbox = nil
	return all
}

func (c *Client) next() *stanza.Element {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.inbox) == 0 {
		return nil
	}
	st := c.inbox[0]
	c.inbox = c.inbox[1:]
	return st
}

// Closed is whether the plugin has closed the stream.
func (c *Client) Closed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// Send is the session's: it sends a stanza to the client.
func (c *Client) Send(_ context.Context, st *stanza.Element) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errors.New("the session has ended")
	}
	c.inbox = append(c.inbox, st.Clone())
	select {
	case c.arrived <- struct{}{}:
	default:
	}
	return nil
}

// Close is the session's.
func (c *Client) Close(context.Context, *stanza.StreamError) {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	delete(c.server.clients, c.JID())
}

func (c *Client) ID() string       { return "c2s-" + c.address.String() }
func (c *Client) Username() string { return c.address.Local() }
func (c *Client) Host() string     { return c.address.Domain() }
func (c *Client) Resource() string { return c.address.Resource() }
func (c *Client) JID() string      { return c.address.String() }

func (c *Client) Type() string {
	if c.Closed() {
		return "c2s_destroyed"
	}
	return sdk.TypeC2S
}

// Field knows what SetField was given.
func (c *Client) Field(name string) (value any, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	value, ok = c.fields[name]
	return value, ok
}

func (c *Client) SetField(name string, value any) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fields[name] = value
	return true
}

// AddFilter does nothing: there is no stream.
func (c *Client) AddFilter(string, float64, sdk.Filter) (remove func()) { return func() {} }

func (c *Client) Face() any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.face
}

func (c *Client) SetFace(v any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.face = v
}

var _ sdk.Session = (*Client)(nil)
