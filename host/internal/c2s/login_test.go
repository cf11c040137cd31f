package c2s

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xdg-go/scram"
	melliumsasl "mellium.im/sasl"
	"mellium.im/xmpp"
	"mellium.im/xmpp/jid"

	"quatrain/host/internal/sasl"
	"quatrain/xmpp/stanza"
)

// An independent client logs in with each mechanism over TLS.
func TestIndependentClient(t *testing.T) {
	r := newRig(t, Options{}, nil)
	for _, mech := range []melliumsasl.Mechanism{melliumsasl.Plain, melliumsasl.ScramSha1, melliumsasl.ScramSha256} {
		t.Run(mech.Name, func(t *testing.T) {
			conn, err := net.Dial("tcp", r.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			me := jid.MustParse("juliet@capulet.example") // this client cannot ask for a resource
			s, err := xmpp.NewClientSession(ctx, me, conn,
				xmpp.StartTLS(&tls.Config{ServerName: host, InsecureSkipVerify: true}),
				xmpp.SASL("", password, mech), xmpp.BindResource())
			if err != nil {
				t.Fatal(err)
			}
			got := s.LocalAddr()
			if !got.Bare().Equal(me) || got.Resourcepart() == "" || r.router.Session(got.String()) == nil {
				t.Errorf("bound %q", got)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFeatures(t *testing.T) {
	r := newRig(t, Options{}, nil)
	w := r.dial()
	w.send(header)
	got := w.expect("</stream:features>")
	if !strings.Contains(got, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>") || strings.Contains(got, "mechanism") {
		t.Errorf("before TLS: %q", got)
	}
	w = r.dial()
	w.upgrade()
	w.send(header)
	got = w.expect("</stream:features>")
	for _, want := range []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256<", "SCRAM-SHA-1<", "PLAIN", "tls-exporter"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s after TLS: %q", want, got)
		}
	}
	if strings.Contains(got, "starttls") {
		t.Errorf("STARTTLS within TLS: %q", got)
	}
}

func TestStreamTag(t *testing.T) {
	r := newRig(t, Options{}, nil)
	ids := map[string]bool{}
	for range 2 {
		w := r.dial()
		w.send("<?xml version='1.0'?>", strings.Replace(header, "version", "from='juliet@capulet.example' version", 1))
		got := w.expect("</stream:features>")
		m := regexp.MustCompile(`^<\?xml version='1.0'\?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' ` +
			`id='([a-z0-9]{20,})' from='capulet.example' to='juliet@capulet.example' version='1.0' xml:lang='en'>`).FindStringSubmatch(got)
		if m == nil {
			t.Fatalf("got %q", got)
		}
		ids[m[1]] = true
	}
	if len(ids) != 2 {
		t.Errorf("ids are %v, want two", ids)
	}
}

// All of a login may be sent at once.
func TestPipelinedLogin(t *testing.T) {
	r := newRig(t, Options{}, nil)
	w := r.dial()
	w.upgrade()
	w.send(header, login, header, binding, "<iq type='get' id='p' to='capulet.example'><x xmlns='y'/></iq></stream:stream>")
	got := w.rest()
	for _, want := range []string{"<success ", "<jid>juliet@capulet.example/balcony</jid>", "id='p'"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if strings.Count(got, "<stream:stream ") != 2 || !strings.HasSuffix(got, "</stream:stream>") {
		t.Errorf("got %q", got)
	}
}

// Bytes behind the request for TLS were not sent under its protection.
func TestInjectionBeforeTLS(t *testing.T) {
	r := newRig(t, Options{}, nil)
	w := r.dial()
	w.send(header)
	w.expect("</stream:features>")
	w.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", header, login)
	got := w.rest()
	if strings.Contains(got, "proceed") || !strings.Contains(got, "<policy-violation ") {
		t.Errorf("got %q", got)
	}
}

func TestStartTLSTwice(t *testing.T) {
	r := newRig(t, Options{}, nil)
	w := r.dial()
	w.upgrade()
	w.send(header)
	w.expect("</stream:features>")
	w.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	if got := w.rest(); got != "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>" {
		t.Errorf("got %q", got)
	}
}

func TestEncryptionIsRequired(t *testing.T) {
	for _, c := range []struct {
		name      string
		options   map[string]any
		mechanism string
		want      string
	}{
		{"by default", nil, "SCRAM-SHA-1", "<encryption-required/>"},
		{"plain never in the clear", map[string]any{"c2s_require_encryption": false}, "PLAIN", "<encryption-required/>"},
		{"scram in the clear", map[string]any{"c2s_require_encryption": false}, "SCRAM-SHA-1", "<challenge "},
		{"plain in the clear", map[string]any{"require_encryption": false, "allow_unencrypted_plain_auth": true}, "PLAIN", "<challenge "},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newRig(t, Options{}, c.options).dial()
			w.send(header)
			w.expect("</stream:features>")
			w.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='", c.mechanism, "'/></stream:stream>")
			if got := w.rest(); !strings.Contains(got, c.want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func auth(mechanism, message string) string {
	return "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='" + mechanism + "'>" + message + "</auth>"
}

// What fails, and its condition of RFC 6120 §6.5. The stream goes on after each.
func TestAuthenticationFailures(t *testing.T) {
	r := newRig(t, Options{}, map[string]any{"disable_sasl_mechanisms": []any{"SCRAM-SHA-1"}})
	for _, c := range []struct{ name, say, condition string }{
		{"wrong password", auth("PLAIN", base64Of("\x00juliet\x00x")), "not-authorized"},
		{"unknown user", auth("PLAIN", base64Of("\x00tybalt\x00x")), "not-authorized"},
		{"unknown mechanism", auth("X-NONE", "="), "invalid-mechanism"},
		{"disabled mechanism", auth("SCRAM-SHA-1", "="), "invalid-mechanism"},
		{"unbound connection", auth("SCRAM-SHA-256-PLUS", "="), "invalid-mechanism"},
		{"no base64", auth("PLAIN", "%%%"), "incorrect-encoding"},
		{"base64 in lines", auth("PLAIN", "AGp1bGll\ndAB3aGVyZWZvcmU="), "incorrect-encoding"},
		{"malformed", auth("PLAIN", base64Of("juliet")), "malformed-request"},
		{"for another", auth("PLAIN", base64Of("romeo@capulet.example\x00juliet\x00"+password)), "invalid-authzid"},
		{"response to nothing", "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "malformed-request"},
		{"abort", auth("SCRAM-SHA-256", base64Of("n,,n=juliet,r=x")) + "<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "aborted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := r.pipe()
			w.t = t
			w.send(header)
			w.expect("</stream:features>")
			go w.conn.Write([]byte(c.say))
			if got := w.expect("</failure>"); !strings.Contains(got, "<"+c.condition+"/>") {
				t.Errorf("want %s, got %q", c.condition, got)
			}
			w.send(login)
			w.expect("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
		})
	}
}

func TestLoginAttempts(t *testing.T) {
	r := newRig(t, Options{}, nil)
	w := r.pipe()
	w.send(header)
	w.expect("</stream:features>")
	wrong := auth("PLAIN", base64Of("\x00juliet\x00x"))
	for range 2 {
		w.send(wrong)
		w.expect("</failure>")
	}
	w.send(wrong)
	if got := w.expect("</stream:stream>"); !strings.Contains(got, "<not-authorized/>") || !strings.Contains(got, "<policy-violation ") {
		t.Errorf("got %q", got)
	}
}

// A client with channel binding of its own, over a real TLS connection.
func TestChannelBinding(t *testing.T) {
	r := newRig(t, Options{}, nil)
	for _, c := range []struct {
		name    string
		version uint16
		mech    string
		data    func(tls.ConnectionState) scram.ChannelBinding
		want    string
	}{
		{"right", tls.VersionTLS13, "SCRAM-SHA-256-PLUS", exporter, "success"},
		{"another connection's", tls.VersionTLS13, "SCRAM-SHA-256-PLUS", foreign, "not-authorized"},
		{"not on TLS 1.2", tls.VersionTLS12, "SCRAM-SHA-256-PLUS", exporter, "invalid-mechanism"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := r.dial()
			w.t = t
			w.send(header)
			w.expect("</stream:features>")
			w.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
			w.expect("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
			conn := tls.Client(w.conn, &tls.Config{InsecureSkipVerify: true, MaxVersion: c.version})
			if err := conn.Handshake(); err != nil {
				t.Fatal(err)
			}
			w.conn, w.r = conn, bufio.NewReader(conn)
			client, err := scram.SHA256.NewClient("juliet", password, "")
			if err != nil {
				t.Fatal(err)
			}
			got := w.scram(client.NewConversationWithChannelBinding(c.data(conn.ConnectionState())), c.mech)
			if !strings.Contains(got, "<"+c.want) {
				t.Errorf("want %s, got %q", c.want, got)
			}
		})
	}
}

func exporter(s tls.ConnectionState) scram.ChannelBinding {
	b, _ := scram.NewTLSExporterBinding(&s)
	if b.Data == nil {
		b = foreign(s)
	}
	return b
}

func foreign(tls.ConnectionState) scram.ChannelBinding {
	return scram.ChannelBinding{Type: scram.ChannelBindingTLSExporter, Data: []byte("data of another connection")}
}

// scram runs the exchange and returns the element that ends it.
func (w *wire) scram(c *scram.ClientConversation, mech string) string {
	w.t.Helper()
	w.send(header)
	w.expect("</stream:features>")
	out, err := c.Step("")
	if err != nil {
		w.t.Fatal(err)
	}
	w.send(auth(mech, base64Of(out)))
	for {
		got := w.expect(">") + w.expect(">") // an open tag and its content
		_, text, found := strings.Cut(got, ">")
		if !strings.HasPrefix(got, "<challenge") || !found {
			return got
		}
		message, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(text, "</challenge>"))
		if err != nil {
			w.t.Fatal(err)
		}
		if out, err = c.Step(string(message)); err != nil {
			w.t.Fatal(err)
		}
		w.send("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>", base64Of(out), "</response>")
	}
}

func TestAnonymousHost(t *testing.T) {
	r := newRig(t, Options{}, map[string]any{"authentication": "anonymous"})
	w := r.pipe()
	w.send(header)
	if got := w.expect("</stream:features>"); !strings.Contains(got, "<mechanism>ANONYMOUS</mechanism></mechanisms>") {
		t.Errorf("got %q", got)
	}
	w.send(auth("ANONYMOUS", ""))
	w.expect("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
	w.send(header)
	w.expect("</stream:features>")
	w.send(binding)
	if got := w.expect("</iq>"); !regexp.MustCompile("<jid>[0-9a-f-]{36}@capulet.example/balcony</jid>").MatchString(got) {
		t.Errorf("got %q", got)
	}
}

func TestDirectTLS(t *testing.T) {
	r := newRig(t, Options{}, nil)
	addr := r.listen(true)
	conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"xmpp-client"}})
	if err != nil {
		t.Fatal(err)
	}
	if p := conn.ConnectionState().NegotiatedProtocol; p != "xmpp-client" {
		t.Errorf("negotiated %q", p)
	}
	w := newWire(t, conn).bound()
	w.send("</stream:stream>")
	if got := w.rest(); got != "</stream:stream>" {
		t.Errorf("got %q", got)
	}
	if _, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}}); err == nil {
		t.Error("another protocol was accepted")
	}
}

// Modules hook the same events; the core's part comes after theirs.
func TestEventsOfAuthentication(t *testing.T) {
	r := newRig(t, Options{}, nil)
	var seen []string
	note := record(&seen)
	r.hook("stanza/"+stanza.NSSASL+":auth", note)
	r.hook("authentication-failure", note)
	r.hook("authentication-success", note)
	r.hook("resource-bind", note)
	w := r.pipe()
	w.send(header)
	w.expect("</stream:features>")
	w.send(auth("PLAIN", base64Of("\x00juliet\x00x")))
	w.expect("</failure>")
	w.send(login)
	w.expect("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
	w.send(header)
	w.expect("</stream:features>")
	w.send(binding)
	w.expect("</iq>")
	want := "stanza/" + stanza.NSSASL + ":auth authentication-failure:" + sasl.NotAuthorized + " stanza/" + stanza.NSSASL +
		":auth authentication-success resource-bind"
	if got := strings.Join(seen, " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
