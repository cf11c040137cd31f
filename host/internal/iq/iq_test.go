package iq_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"quatrain/host/internal/iq"
	"quatrain/host/internal/router/routertest"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// The events that an IQ becomes, in order (unhandled, so that all fire).
func TestEvents(t *testing.T) {
	tests := map[string]struct {
		xml  string
		want []string
	}{
		"get, host":             {"<iq type='get' id='1' to='a.example'><q xmlns='n'/></iq>", []string{"iq/host/n:q", "iq-get/host/n:q"}},
		"set, bare":             {"<iq type='set' id='1' to='juliet@a.example'><q xmlns='n'/></iq>", []string{"iq/bare/n:q", "iq-set/bare/n:q"}},
		"get, self":             {"<iq type='get' id='1'><q xmlns='n'/></iq>", []string{"iq/bare/n:q", "iq-get/bare/n:q", "iq/self/n:q", "iq-get/self/n:q"}},
		"result, host":          {"<iq type='result' id='x1' to='a.example'/>", []string{"iq-result/host/x1"}},
		"error, bare":           {"<iq type='error' id='x1' to='juliet@a.example'><error/></iq>", []string{"iq-error/bare/x1"}},
		"result, self":          {"<iq type='result' id='x1'/>", []string{"iq-result/bare/x1", "iq-result/self/x1"}},
		"the stream's own":      {"<iq type='get' id='1' to='a.example'><q/></iq>", []string{"iq/host/jabber:client:q", "iq-get/host/jabber:client:q"}},
		"full, nobody is there": {"<iq type='get' id='1' to='juliet@a.example/x'><q xmlns='n'/></iq>", nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			srv := routertest.New(t, "a.example")
			srv.Load("a.example", "iq", iq.New(srv.Sessions()))
			var fired []string
			for _, class := range []string{"host", "bare", "self"} {
				for _, event := range []string{"iq/%s/n:q", "iq-get/%s/n:q", "iq-set/%s/n:q", "iq-result/%s/x1", "iq-error/%s/x1", "iq/%s/jabber:client:q", "iq-get/%s/jabber:client:q"} {
					event = fmt.Sprintf(event, class)
					srv.Hook("a.example", event, 0, func(_ context.Context, ev *sdk.Event) (any, error) {
						if ev.Name != event {
							t.Errorf("event %q has the name %q", event, ev.Name)
						}
						fired = append(fired, event)
						return nil, nil
					})
				}
			}
			srv.Login("romeo@a.example/orchard").Send(tc.xml)
			if !slices.Equal(fired, tc.want) {
				t.Errorf("fired %q, want %q", fired, tc.want)
			}
		})
	}
}

func TestDelivery(t *testing.T) {
	srv := routertest.New(t, "a.example")
	srv.Load("a.example", "iq", iq.New(srv.Sessions()))
	romeo, juliet := srv.Login("romeo@a.example/orchard"), srv.Login("juliet@a.example/balcony")
	for typ, answered := range map[string]bool{"get": true, "set": true, "result": false, "error": false} {
		xml := "<iq type='" + typ + "' id='1' to='juliet@a.example/%s'><q xmlns='n'/></iq>"
		romeo.Send(fmt.Sprintf(xml, "balcony"))
		if got := juliet.Received(); len(got) != 1 || !strings.Contains(got[0], "from='romeo@a.example/orchard'") {
			t.Errorf("%s: juliet got %q", typ, got)
		}
		romeo.Expect(typ + " delivered")
		romeo.Send(fmt.Sprintf(xml, "gone"))
		if got := romeo.Received(); (len(got) == 1) != answered || answered && !strings.Contains(got[0], "<service-unavailable ") {
			t.Errorf("%s to a session that is gone: answered %q", typ, got)
		}
	}
}

// Handled, answered and failed requests are answered once.
func TestAnswers(t *testing.T) {
	tests := map[string]struct {
		result any
		err    error
		want   string
	}{
		"handled": {true, nil, ""},
		"not":     {nil, nil, "<service-unavailable "},
		"refused": {nil, stanza.NewError(stanza.Forbidden, ""), "<forbidden "},
		"failed":  {nil, errors.New("boom"), "<internal-server-error "},
	}
	for name, tc := range tests {
		srv := routertest.New(t, "a.example")
		srv.Load("a.example", "iq", iq.New(srv.Sessions()))
		srv.Hook("a.example", "iq-get/host/n:q", 0, func(context.Context, *sdk.Event) (any, error) { return tc.result, tc.err })
		romeo := srv.Login("romeo@a.example/orchard")
		romeo.Send("<iq type='get' id='1' to='a.example'><q xmlns='n'/></iq>")
		got := romeo.Received()
		if tc.want == "" && len(got) > 0 || tc.want != "" && (len(got) != 1 || !strings.Contains(got[0], tc.want)) {
			t.Errorf("%s: answered %q, want %q", name, got, tc.want)
		}
	}
}

// A component without a handler for a full JID leaves it to others.
func TestComponent(t *testing.T) {
	srv := routertest.New(t, "a.example")
	srv.AddHost("rooms.example", sdk.HostComponent)
	srv.Load("rooms.example", "iq", iq.New(srv.Sessions()))
	if srv.Bus("rooms.example").Has("iq/full") {
		t.Error("iq/full is hooked on a component")
	}
}
