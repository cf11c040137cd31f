package sdktest

import (
	"context"
	"sync"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// Client is a client's session.
type Client struct {
	stage                *Stage
	user, host, resource string
	in                   chan *stanza.Element

	mu     sync.Mutex // guards the rest
	typ    string
	fields map[string]any
	face   any
}

// Client makes a bound session of a full JID.
func (s *Stage) Client(full string) *Client {
	s.t.Helper()
	j, err := jid.Parse(full)
	if err != nil || !j.IsFull() {
		s.t.Fatalf("client %q: want a full JID (%v)", full, err)
	}
	c := &Client{
		stage: s, user: j.Local(), host: j.Domain(), resource: j.Resource(), in: make(chan *stanza.Element, 10000), typ: sdk.TypeC2S, fields: map[string]any{},
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients[full] = c
	return c
}

// Say sends a stanza from the client, whose JID is stamped on it.
func (c *Client) Say(st *stanza.Element) {
	c.stage.t.Helper()
	st.SetAttr("from", c.JID())
	if err := c.stage.route(c.stage.Context(), c, st, true); err != nil {
		c.stage.t.Errorf("%s says %s: %v", c.JID(), st, err)
	}
}

// Next is the next stanza that the client receives.
func (c *Client) Next() *stanza.Element {
	c.stage.t.Helper()
	return next(c.stage.t, c.in, c.JID()+" received nothing")
}

func (c *Client) receive(st *stanza.Element) error {
	c.in <- st.Clone()
	return nil
}

// Leave ends the session.
func (c *Client) Leave() {
	c.stage.mu.Lock()
	delete(c.stage.clients, c.JID())
	c.stage.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.typ = "c2s_destroyed"
}

func (c *Client) ID() string       { return "c2s-" + c.resource }
func (c *Client) Username() string { return c.user }
func (c *Client) Host() string     { return c.host }
func (c *Client) Resource() string { return c.resource }
func (c *Client) JID() string      { return c.user + "@" + c.host + "/" + c.resource }

func (c *Client) Type() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.typ
}

// Send is what the plugin does to answer (sdk.Session).
func (c *Client) Send(_ context.Context, st *stanza.Element) error { return c.receive(st) }

func (c *Client) Close(context.Context, *stanza.StreamError) { c.Leave() }

func (c *Client) Field(name string) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.fields[name]
	return v, ok
}

func (c *Client) SetField(name string, value any) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fields[name] = value
	return true
}

// AddFilter does nothing: there is no stream.
func (*Client) AddFilter(string, float64, sdk.Filter) (remove func()) { return func() {} }

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
