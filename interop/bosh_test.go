package interop

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"quatrain/spec"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

const boshConfig = `# debian: bosh
[global]
modules_enabled = ["tls", "saslauth", "roster", "disco", "ping"]
consider_bosh_secure = true
[host."localhost"]
modules_enabled = ["bosh"]
[plugin.bosh]
options = ["consider_bosh_secure"]
`

// boshClient talks XMPP by requests (XEP-0124, XEP-0206).
type boshClient struct {
	t    *testing.T
	http *http.Client
	rid  int
	sid  string
}

// body sends a body with some content and attributes, and gives what comes back.
func (c *boshClient) body(content, attrs string) *stanza.Element {
	c.t.Helper()
	c.rid++
	if c.sid != "" {
		attrs += fmt.Sprintf(" sid='%s'", c.sid)
	}
	request := fmt.Sprintf("<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' rid='%d' %s>%s</body>", c.rid, attrs, content)
	resp, answer := ask(c.t, c.http, "POST http://localhost/http-bind", request, "Content-Type: text/xml; charset=utf-8")
	if resp.StatusCode != http.StatusOK {
		c.t.Fatalf("%s: %s", resp.Status, answer)
	}
	body, err := xmlstream.ParseElement([]byte(answer))
	if err != nil {
		c.t.Fatalf("%v in %q", err, answer)
	}
	return body
}

// until asks again until there is a stanza of a kind in the answer.
func (c *boshClient) until(body *stanza.Element, name string) *stanza.Element {
	c.t.Helper()
	for {
		if found := body.ChildWithName(name); found != nil {
			return found
		}
		if body.Attr("type") == "terminate" {
			c.t.Fatalf("the session has ended: %s", body)
		}
		body = c.body("", "")
	}
}

func (c *boshClient) login(user, password, resource string) {
	c.t.Helper()
	body := c.body("", "to='localhost' wait='5' hold='1' ver='1.6' xmpp:version='1.0' xml:lang='en'")
	c.sid = body.Attr("sid")
	if !strings.Contains(c.until(body, "features").String(), ">PLAIN<") {
		c.t.Fatalf("no mechanism to authenticate with: %s", body)
	}
	secret := base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password))
	c.until(c.body("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"+secret+"</auth>", ""), "success")
	c.until(c.body("", "to='localhost' xmpp:restart='true'"), "features")
	iq := c.until(c.body("<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>"+resource+"</resource></bind></iq>", ""), "iq")
	if got := iq.FindText("{urn:ietf:params:xml:ns:xmpp-bind}bind/jid#"); got != user+"@localhost/"+resource {
		c.t.Fatalf("bound as %q", got)
	}
}

// Prosody's mod_bosh serves clients by HTTP; their sessions are its own tables, and sessions like others to everybody else.
func TestBOSH(t *testing.T) {
	for name, config := range map[string]string{"on our http": boshConfig, "on Prosody's": strings.Replace(boshConfig, "bosh\n", "bosh http http_errors\n", 1)} {
		t.Run(name, func(t *testing.T) { talkByBOSH(t, config) })
	}
}

func talkByBOSH(t *testing.T, config string) {
	srv := configuredServer(t, config)
	c := &boshClient{t: t, http: web(t, srv), rid: 1000}
	c.login("romeo", "montague", "web")
	c.until(c.body("<presence xmlns='jabber:client'/>", ""), "presence")
	if got := inLua(t, srv, "local s = prosody.full_sessions['romeo@localhost/web']; return s.bosh_version, s.type, s.secure, s == prosody.bare_sessions['romeo@localhost'].sessions.web"); strings.Join(got, " ") != "1.6 c2s true true" {
		t.Errorf("the session is %q", got)
	}
	played := make(chan error, 1)
	go func() {
		player := spec.Player{Dial: spec.Only(srv.Addrs()[0].String()), Timeout: 4 * spec.DefaultTimeout}
		played <- player.Play(t.Context(), parseScript(t, "testdata/bosh.scs"))
	}()
	message := c.until(c.body("", ""), "message")
	if message.ChildText("body", "jabber:client") != "Who is there?" || !strings.HasPrefix(message.From(), "juliet@localhost/") {
		t.Errorf("got %s", message)
	}
	c.body("<message xmlns='jabber:client' type='chat' to='"+message.From()+"'><body>It is I</body></message>", "")
	c.body("<presence xmlns='jabber:client' type='unavailable'/>", "type='terminate'")
	if err := <-played; err != nil {
		t.Error(err)
	}
	awaitLua(t, srv, "return prosody.full_sessions['romeo@localhost/web']", "nil")
}

func TestBOSHRefuses(t *testing.T) {
	srv := configuredServer(t, boshConfig)
	c := &boshClient{t: t, http: web(t, srv), rid: 1000}
	if got := c.body("", "to='elsewhere.example' wait='5' hold='1'").Attr("condition"); got != "improper-addressing" {
		t.Errorf("another host: %q", got)
	}
	c.sid = "nobody"
	if got := c.body("", "").Attr("condition"); got != "item-not-found" {
		t.Errorf("an unknown session: %q", got)
	}
	c.sid = ""
	c.sid = c.body("", "to='localhost' wait='5' hold='1' ver='1.6'").Attr("sid")
	guess := base64.StdEncoding.EncodeToString([]byte("\x00romeo\x00capulet"))
	failure := c.until(c.body("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"+guess+"</auth>", ""), "failure")
	if failure.ChildWithName("not-authorized") == nil {
		t.Errorf("a wrong password: %s", failure)
	}
}
