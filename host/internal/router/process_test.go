package router_test

import (
	"context"
	"strings"
	"testing"

	"quatrain/host/internal/router/routertest"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// What RFC 6120 demands of stanzas; "" is no answer.
func TestProcessChecks(t *testing.T) {
	tests := map[string]string{
		"<iq type='get' id='1'><a xmlns='b'/><c xmlns='d'/></iq>": "<bad-request ",
		"<iq type='get' id='1'/>":                                 "<bad-request ",
		"<iq type='get'><a xmlns='b'/></iq>":                      "<bad-request ",
		"<iq type='fetch' id='1'><a xmlns='b'/></iq>":             "<bad-request ",
		"<iq id='1'><a xmlns='b'/></iq>":                          "<bad-request ",
		"<iq type='result' id='1'><a/><b/></iq>":                  "",
		"<message type='error'/>":                                 "",
		"<message to='@a.example'/>":                              "<jid-malformed ",
		"<message to=''/>":                                        "<jid-malformed ",
		"<message to='a.example/'/>":                              "<jid-malformed ",
	}
	for xml, want := range tests {
		srv := routertest.New(t, "a.example")
		romeo := srv.Login("romeo@a.example/orchard")
		romeo.Send(xml)
		got := strings.Join(romeo.Received(), "")
		if want == "" && got != "" || !strings.Contains(got, want) || want != "" && !strings.Contains(got, "<error type='modify'>") {
			t.Errorf("%s: answered %q, want %q", xml, got, want)
		}
	}
}

func TestStamping(t *testing.T) {
	tests := map[string]string{
		"<message to='Juliet@A.Example/Balcony'/>":                     "<message to='juliet@a.example/Balcony' from='romeo@a.example/orchard'/>",
		"<message from='mercutio@a.example' to='juliet@a.example/B'/>": "<message from='romeo@a.example/orchard' to='juliet@a.example/B'/>",
		"<message from='romeo@a.example' to='juliet@a.example/B'/>":    "<message from='romeo@a.example/orchard' to='juliet@a.example/B'/>",
	}
	for xml, want := range tests {
		srv := routertest.New(t, "a.example")
		romeo := srv.Login("romeo@a.example/orchard")
		var got string
		srv.Hook("a.example", "message/full", 0, func(_ context.Context, ev *sdk.Event) (any, error) {
			got = ev.Stanza.String()
			return true, nil
		})
		romeo.Send(xml)
		if got != want {
			t.Errorf("%s: got %s, want %s", xml, got, want)
		}
	}
}

// Elements that are no stanzas of a bound session.
func TestElements(t *testing.T) {
	const auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
	const authEvent = "stanza/urn:ietf:params:xml:ns:xmpp-sasl:auth"
	const bindIQ = "<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
	const bindEvent = "stanza/iq/urn:ietf:params:xml:ns:xmpp-bind:bind"
	tests := map[string]struct {
		xml, event string // event is what a handler answers, "" for none
		bound      bool
		want       string
	}{
		"handled":                        {auth, authEvent, false, ""},
		"unhandled":                      {auth, "", false, "unsupported-stanza-type"},
		"request before binding":         {bindIQ, bindEvent, false, ""},
		"unknown request before binding": {bindIQ, "", false, "not-authorized"},
		"message before binding":         {"<message to='x@a.example'/>", "message/bare", false, "not-authorized"},
		"handled in a session":           {"<r xmlns='urn:xmpp:sm:3'/>", "stanza/urn:xmpp:sm:3:r", true, ""},
		"unhandled in a session":         {"<r xmlns='urn:xmpp:sm:3'/>", "", true, "unsupported-stanza-type"},
		"no stanza of the namespace":     {"<greeting/>", "", true, "unsupported-stanza-type"},
		"a stanza's name elsewhere":      {"<message xmlns='urn:x'/>", "stanza/urn:x:message", true, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			srv := routertest.New(t, "a.example")
			c := srv.Connect("a.example")
			if tc.bound {
				c = srv.Login("romeo@a.example/orchard")
			}
			if tc.event != "" {
				srv.Hook("a.example", tc.event, 0, func(context.Context, *sdk.Event) (any, error) { return true, nil })
			}
			got := ""
			if e := c.Send(tc.xml); e != nil {
				got = e.Condition
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestInboundFilters(t *testing.T) {
	srv := routertest.New(t, "a.example")
	romeo := srv.Login("romeo@a.example/orchard")
	var got []string
	srv.Hook("a.example", "message/bare", 0, func(_ context.Context, ev *sdk.Event) (any, error) {
		got = append(got, ev.Stanza.ID())
		return true, nil
	})
	romeo.AddFilter("stanzas/in", 0, func(_ context.Context, data any) any {
		st := data.(*stanza.Element)
		if st.ID() == "drop" {
			return nil
		}
		st.SetAttr("id", st.ID()+"!")
		return st
	})
	romeo.Send("<message to='x@a.example' id='drop'/>")
	romeo.Send("<message to='x@a.example' id='1'/>")
	if len(got) != 1 || got[0] != "1!" {
		t.Errorf("handled %q", got)
	}
}
