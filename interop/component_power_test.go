package interop

import (
	"fmt"
	"testing"

	"quatrain/xmpp/stanza"
)

const powerfulConfig = `# debian: component privilege delegation
[global]
modules_enabled = ["tls", "saslauth", "roster", "disco"]
[host."localhost"]
modules_enabled = ["privilege", "delegation"]
privileged_entities = { "gateway.localhost" = { roster = "both", message = "outgoing" } }
delegations = { "urn:example:sundial" = { jid = "gateway.localhost" } }
[component."gateway.localhost"]
plugin = "component"
component_secret = "mercury"
modules_enabled = ["privilege", "delegation"]
`

// Debian's mod_privilege lets a component act for the server (XEP-0356): it sees and changes rosters, and writes in the name of users.
func TestPrivilegedComponent(t *testing.T) {
	srv := configuredServer(t, powerfulConfig)
	c := connectComponent(t, srv, "gateway.localhost", "mercury")
	access := map[string]string{}
	for _, perm := range c.until("privilege").Tags {
		access[perm.Attr("access")] = perm.Attr("type")
	}
	if access["roster"] != "both" || access["message"] != "outgoing" {
		t.Errorf("granted are %v", access)
	}
	c.send("<iq type='set' id='set' from='gateway.localhost' to='romeo@localhost'><query xmlns='jabber:iq:roster'>" +
		"<item jid='mercutio@gateway.localhost' name='Mercutio' subscription='both'/></query></iq>")
	c.result("set")
	c.send("<iq type='get' id='get' from='gateway.localhost' to='romeo@localhost'><query xmlns='jabber:iq:roster'/></iq>")
	if item := c.result("get").FindElement("{jabber:iq:roster}query/item"); item == nil || item.Attr("jid") != "mercutio@gateway.localhost" {
		t.Errorf("the roster has %v", item)
	}
	go c.answer(func(st *stanza.Element) {
		if st.Name == "message" {
			fmt.Fprint(c.conn, "<message from='gateway.localhost' to='localhost'><privilege xmlns='urn:xmpp:privilege:2'><forwarded xmlns='urn:xmpp:forward:0'>"+
				"<message xmlns='jabber:client' from='romeo@localhost' to='juliet@localhost' type='chat'><body>I am here</body></message></forwarded></privilege></message>")
		}
	})
	play(t, srv, "testdata/component_privilege.scs")
}

// Debian's mod_delegation has a component answer for the server (XEP-0355), and show its features as the server's.
func TestDelegatedNamespace(t *testing.T) {
	srv := configuredServer(t, powerfulConfig)
	play(t, srv, "testdata/component_delegation_away.scs")
	c := connectComponent(t, srv, "gateway.localhost", "mercury")
	for range 2 { // for the server, and for its users
		c.showFeatures()
	}
	if delegated := c.until("delegation").Child("delegated", ""); delegated == nil || delegated.Attr("namespace") != "urn:example:sundial" {
		t.Errorf("delegated is %v", delegated)
	}
	go c.answer(func(st *stanza.Element) {
		if asked := st.FindElement("{urn:xmpp:delegation:2}delegation/{urn:xmpp:forward:0}forwarded/{jabber:client}iq"); asked != nil {
			fmt.Fprintf(c.conn, "<iq type='result' id='%s' from='gateway.localhost' to='localhost'><delegation xmlns='urn:xmpp:delegation:2'><forwarded xmlns='urn:xmpp:forward:0'>"+
				"<iq xmlns='jabber:client' type='result' id='%s' from='localhost' to='%s'><hour xmlns='urn:example:sundial'>noon</hour></iq></forwarded></delegation></iq>",
				st.ID(), asked.ID(), asked.From())
		}
	})
	play(t, srv, "testdata/component_delegation.scs")
}

// until reads until a message with a child of a name comes, and gives the child.
func (c *external) until(child string) *stanza.Element {
	c.t.Helper()
	for {
		if found := c.next().ChildWithName(child); found != nil {
			return found
		}
	}
}

// result reads until the answer to a request.
func (c *external) result(id string) *stanza.Element {
	c.t.Helper()
	for {
		if st := c.next(); st.ID() == id {
			if st.Type() != "result" {
				c.t.Fatalf("got %s", st)
			}
			return st
		}
	}
}

// showFeatures answers the question for features of the delegated namespace.
func (c *external) showFeatures() {
	c.t.Helper()
	st := c.next()
	node := st.ChildAttr("query", "http://jabber.org/protocol/disco#info", "node")
	c.send("<iq type='result' id='%s' from='gateway.localhost' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info' node='%s'>"+
		"<feature var='urn:example:sundial'/></query></iq>", st.ID(), node)
}

// answer lets f look at each stanza until the connection ends.
func (c *external) answer(f func(st *stanza.Element)) {
	for {
		st, err := c.dec.Next()
		if err != nil {
			return
		}
		f(st)
	}
}
