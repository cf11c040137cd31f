package c2s

import (
	"context"
	"strings"
	"testing"

	"quatrain/sdk"
)

const bigText = 300 << 10

// What a peer does wrong, and the stream error that RFC 6120 §4.9.3 names for it.
func TestFaults(t *testing.T) {
	r := newRig(t, Options{}, nil)
	tag := func(replace, by string) string { return strings.Replace(header, replace, by, 1) }
	for _, c := range []struct{ name, say, condition string }{
		{"no xml", "GET / HTTP/1.1\r\n\r\n", "not-well-formed"},
		{"another document", "<html>", "invalid-namespace"},
		{"wrong namespace of streams", tag("etherx", "ether"), "invalid-namespace"},
		{"server's namespace", tag("jabber:client", "jabber:server"), "invalid-namespace"},
		{"no to", tag("to='"+host+"'", ""), "improper-addressing"},
		{"to is not a host", tag(host, "juliet@"+host), "improper-addressing"},
		{"to is not valid", tag(host, "a b"), "improper-addressing"},
		{"unknown host", tag(host, "montague.example"), "host-unknown"},
		{"component", tag(host, "rooms."+host), "host-unknown"},
		{"no version", tag("version='1.0'", ""), "unsupported-version"},
		{"old version", tag("1.0", "0.9"), "unsupported-version"},
		{"no prefix", "<stream xmlns='http://etherx.jabber.org/streams' to='" + host + "' version='1.0'>", "bad-namespace-prefix"},
		{"document type", "<!DOCTYPE x>", "restricted-xml"},
		{"encoding", "<?xml version='1.0' encoding='latin1'?>" + header, "unsupported-encoding"},
		{"comment", header + "<!-- x -->", "restricted-xml"},
		{"instruction", header + "<?x y?>", "restricted-xml"},
		{"entity", header + "<a>&nbsp;</a>", "restricted-xml"},
		{"not closed", header + "<a><b></a>", "not-well-formed"},
		{"attribute twice", header + "<a b='1' b='2'/>", "not-well-formed"},
		{"unbound prefix", header + "<x:a/>", "not-well-formed"},
		{"bad utf-8", header + "<a>\xff</a>", "not-well-formed"},
		{"text between stanzas", header + "x<a/>", "bad-format"},
		{"message before authentication", header + "<message to='x'/>", "not-authorized"},
		{"presence before authentication", header + "<presence/>", "not-authorized"},
		{"unknown request before authentication", header + "<iq type='get' id='1'><query xmlns='x'/></iq>", "not-authorized"},
		{"unknown element", header + "<a xmlns='b'/>", "unsupported-stanza-type"},
		{"too big before authentication", header + "<a xmlns='b'>" + strings.Repeat("x", 11000), "policy-violation"},
		{"too deep", header + strings.Repeat("<a>", 200), "policy-violation"},
		{"too many attributes", header + "<a" + strings.Repeat(" abc:d='e'", 100), "policy-violation"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := r.dial()
			w.t = t
			w.send(c.say)
			got := w.rest()
			if n := strings.Count(got, "<stream:stream "); n != 1 {
				t.Errorf("%d stream tags in %q", n, got)
			}
			if !strings.Contains(got, "<stream:error><"+c.condition+" xmlns=") || !strings.HasSuffix(got, "</stream:error></stream:stream>") {
				t.Errorf("want %s, got %q", c.condition, got)
			}
		})
	}
}

func TestFaultsOfBoundClient(t *testing.T) {
	r := newRig(t, Options{}, nil)
	for _, c := range []struct{ name, say, condition string }{
		{"foreign from", "<message from='romeo@capulet.example' to='romeo@capulet.example'/>", "invalid-from"},
		{"from is not valid", "<iq from='@' type='get' id='1'><q xmlns='x'/></iq>", "invalid-from"},
		{"other resource", "<presence from='juliet@capulet.example/garden'/>", "invalid-from"},
		{"too big", "<message to='x'><body>" + strings.Repeat("x", bigText), "policy-violation"},
		{"unknown element", "<a xmlns='b'/>", "unsupported-stanza-type"},
		{"stanza of a server", "<message xmlns='jabber:server' to='juliet@capulet.example'/>", "invalid-namespace"},
		{"stanza of a component", "<iq xmlns='jabber:component:accept' type='get' id='1'><x xmlns='y'/></iq>", "invalid-namespace"},
		{"second authentication", login, "unsupported-stanza-type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := r.pipe()
			w.t = t
			w.bound()
			go w.conn.Write([]byte(c.say)) // a pipe has no buffer, and the server stops reading a stanza that is too big
			if got := w.expect("</stream:stream>"); !strings.Contains(got, "<"+c.condition+" ") {
				t.Errorf("want %s, got %q", c.condition, got)
			}
		})
	}
}

func TestFromOfOneself(t *testing.T) {
	r := newRig(t, Options{}, nil)
	r.hook("iq/host/urn:xmpp:ping:ping", func(ctx context.Context, ev *sdk.Event) (any, error) {
		reply := ev.Stanza.Clone()
		reply.SetAttr("to", ev.Stanza.From())
		return true, ev.Origin.Send(ctx, reply)
	})
	w := r.pipe().bound()
	for _, from := range []string{"", "from='juliet@capulet.example'", "from='juliet@capulet.example/balcony'", "from='Juliet@Capulet.Example'"} {
		w.send("<iq type='get' id='1' to='capulet.example' ", from, "><ping xmlns='urn:xmpp:ping'/></iq>")
		if got := w.expect("</iq>"); !strings.Contains(got, "to='juliet@capulet.example/balcony'") {
			t.Errorf("%s: %q", from, got)
		}
	}
}

// A handler that panics ends its stanza; the stream and others go on.
func TestPanic(t *testing.T) {
	r := newRig(t, Options{}, nil)
	r.hook("iq/host/urn:bad:bad", func(context.Context, *sdk.Event) (any, error) { panic("bad") })
	w := r.pipe().bound()
	w.send("<iq type='get' id='p1' to='capulet.example'><bad xmlns='urn:bad'/></iq>")
	if got := w.expect("</iq>"); !strings.Contains(got, "internal-server-error") {
		t.Errorf("got %q", got)
	}
	w.send("<iq type='get' id='p2' to='capulet.example'><unknown xmlns='urn:unknown'/></iq>")
	if got := w.expect("</iq>"); !strings.Contains(got, "service-unavailable") {
		t.Errorf("got %q", got)
	}
}
