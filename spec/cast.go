package spec

import (
	"strconv"
	"strings"

	"quatrain/xmpp/jid"
)

const knownSettings = "jid, password, resource, connect_host, connect_port"

// member reads "[Client] Name".
func (p *parser) member(s string) (*Client, error) {
	class, name, ok := strings.Cut(s[1:], "]")
	name = strings.TrimSpace(name)
	switch {
	case !ok:
		return nil, p.fail("want [Client] and a name, got %q", s)
	case strings.TrimSpace(class) != "Client":
		return nil, p.fail("no character of the class %q: want [Client]", strings.TrimSpace(class))
	case name == "":
		return nil, p.fail("a client without a name")
	case p.names[name] != nil:
		return nil, p.fail("a second client called %q", name)
	}
	c := &Client{Name: name, Line: p.next}
	p.names[name] = c
	p.script.Clients = append(p.script.Clients, c)
	return c, nil
}

// setting reads "key: value".
func (p *parser) setting(c *Client, s string) error {
	key, value, ok := strings.Cut(s, ":")
	if !ok {
		return p.fail("want a setting such as \"jid: user@localhost\", got %q", s)
	}
	value = strings.TrimSpace(value)
	switch strings.TrimSpace(key) {
	case "jid":
		return p.setJID(c, value)
	case "password":
		c.Password = value
	case "resource":
		c.Resource = value
	case "connect_host", "host":
		c.Host = value
	case "connect_port", "port":
		return p.setPort(c, value)
	default:
		return p.fail("unknown setting %q: want one of %s", strings.TrimSpace(key), knownSettings)
	}
	return nil
}

// setJID takes a bare JID, a full one for the resource with it, or a host alone.
func (p *parser) setJID(c *Client, value string) error {
	j, err := jid.Parse(value)
	if err != nil {
		return p.fail("jid: %v", err)
	}
	c.JID = j.Bare().String()
	if j.Resource() != "" {
		c.Resource = j.Resource()
	}
	return nil
}

func (p *parser) setPort(c *Client, value string) error {
	port, err := strconv.Atoi(value)
	if err != nil || port < 1 || port > 65535 {
		return p.fail("connect_port: want a number from 1 to 65535, got %q", value)
	}
	c.Port = port
	return nil
}

func (p *parser) castComplete() error {
	for _, c := range p.script.Clients {
		if c.JID == "" {
			return p.failAt(c.Line, "%s has no jid", c.Name)
		}
	}
	if len(p.script.Clients) == 0 {
		return p.fail("a script needs at least one [Client]")
	}
	return nil
}
