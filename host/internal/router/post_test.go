package router_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"quatrain/host/internal/router/routertest"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// events records which events of a host fire, in order; those in handled are answered.
func events(srv *routertest.Server, host string, handled map[string]any) *[]string {
	var fired []string
	for _, name := range names() {
		srv.Hook(host, name, 0, func(_ context.Context, ev *sdk.Event) (any, error) {
			if ev.ToSelf {
				fired = append(fired, name+" self")
			} else {
				fired = append(fired, name)
			}
			return handled[name], nil
		})
	}
	return &fired
}

func names() []string {
	list := []string{"pre-stanza", "route/remote"}
	for _, kind := range []string{"message", "presence", "iq"} {
		for _, class := range []string{"full", "bare", "host"} {
			list = append(list, kind+"/"+class, "pre-"+kind+"/"+class)
		}
		list = append(list, kind+"/self")
	}
	return list
}

// The events of a stanza from a client, by class of its address.
func TestEventSequence(t *testing.T) {
	addresses := map[string]struct{ to, class string }{
		"full":   {" to='juliet@a.example/balcony'", "full"},
		"bare":   {" to='juliet@a.example'", "bare"},
		"host":   {" to='a.example'", "host"},
		"nobody": {"", "self"},
		"self":   {" to='romeo@a.example'", "self"},
		"remote": {" to='juliet@b.example'", "remote"},
	}
	stanzas := map[string]string{"message": "<message%s/>", "presence": "<presence%s/>", "iq": "<iq type='get' id='1'%s><a xmlns='b'/></iq>"}
	for kind, form := range stanzas {
		for name, tc := range addresses {
			t.Run(kind+" to "+name, func(t *testing.T) {
				srv := routertest.New(t, "a.example")
				romeo := srv.Login("romeo@a.example/orchard")
				fired := events(srv, "a.example", nil)
				romeo.Send(fmt.Sprintf(form, tc.to))
				want := []string{"pre-stanza", "pre-" + kind + "/" + tc.class, kind + "/" + tc.class}
				wantError := "service-unavailable"
				switch tc.class {
				case "self":
					want = []string{"pre-stanza self", "pre-" + kind + "/bare self", kind + "/bare self", kind + "/self self"}
				case "remote":
					want = []string{"pre-stanza", "pre-" + kind + "/bare", "route/remote"}
					wantError = "not-allowed"
				}
				if !slices.Equal(*fired, want) {
					t.Errorf("fired %q, want %q", *fired, want)
				}
				if got := romeo.Received(); len(got) != 1 || !strings.Contains(got[0], "<"+wantError+" ") || !strings.Contains(got[0], "type='cancel'") {
					t.Errorf("answered %q, want %s", got, wantError)
				}
			})
		}
	}
}

// Which results of handlers end a stanza's way.
func TestResults(t *testing.T) {
	tests := map[string]struct {
		event  string
		result any
		last   string
		quiet  bool // no answer from the router
	}{
		"pre-stanza true":    {"pre-stanza", true, "pre-stanza", true},
		"pre-stanza false":   {"pre-stanza", false, "pre-stanza", true},
		"pre-message true":   {"pre-message/bare", true, "pre-message/bare", true},
		"pre-message false":  {"pre-message/bare", false, "message/bare", false},
		"message true":       {"message/bare", true, "message/bare", true},
		"message a string":   {"message/bare", "done", "message/bare", true},
		"message false":      {"message/bare", false, "message/bare", false},
		"nobody cares":       {"", nil, "message/bare", false},
		"another event true": {"message/full", true, "message/bare", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			srv := routertest.New(t, "a.example")
			romeo := srv.Login("romeo@a.example/orchard")
			fired := events(srv, "a.example", map[string]any{tc.event: tc.result})
			romeo.Send("<message to='juliet@a.example'/>")
			if got := (*fired)[len(*fired)-1]; got != tc.last {
				t.Errorf("last event %q, want %q", got, tc.last)
			}
			if got := romeo.Received(); (len(got) == 0) != tc.quiet {
				t.Errorf("answered %q", got)
			}
		})
	}
}

// Errors and results are never answered; everything else is, exactly once.
func TestUnhandled(t *testing.T) {
	tests := map[string]bool{
		"<message to='x@a.example'/>":                                                   true,
		"<message to='x@a.example' type='error'><error/></message>":                     false,
		"<presence to='x@a.example'/>":                                                  true,
		"<presence to='x@a.example' type='error'><error/></presence>":                   false,
		"<iq to='x@a.example' type='get' id='1'><a xmlns='b'/></iq>":                    true,
		"<iq to='x@a.example' type='set' id='1'><a xmlns='b'/></iq>":                    true,
		"<iq to='x@a.example' type='result' id='1'/>":                                   false,
		"<iq to='x@a.example' type='error' id='1'><error/></iq>":                        false,
		"<iq to='x@b.example' type='result' id='1'/>":                                   false,
		"<message to='x@b.example'/>":                                                   true,
		"<message to='x@b.example' type='error'><error/></message>":                     false,
		"<message to='a@@b'/>":                                                          true,
		"<message to='a@@b' type='error'><error/></message>":                            false,
		"<iq to='a@@b' type='result' id='1'/>":                                          false,
		"<message type='error' to='x@a.example'/>":                                      false,
		"<message type='result' to='x@a.example'/>":                                     true, // a result is an IQ's
		"<iq to='x@a.example/y' type='error' id='1'><error type='cancel'/></iq>":        false,
		"<presence to='x@a.example/y' type='unavailable'><status>x</status></presence>": true,
	}
	for xml, answered := range tests {
		srv := routertest.New(t, "a.example")
		romeo := srv.Login("romeo@a.example/orchard")
		romeo.Send(xml)
		got := romeo.Received()
		if (len(got) == 1) != answered || len(got) > 1 {
			t.Errorf("%s: answered %q", xml, got)
		}
		if answered && !strings.Contains(got[0], "type='error'") {
			t.Errorf("%s: answered %q", xml, got)
		}
	}
}

// A handler that fails is answered for every kind of stanza, on either side, with its own error if it has one.
func TestFailedHandler(t *testing.T) {
	errs := map[error]string{
		errors.New("boom"):                    "<error type='cancel'><internal-server-error ",
		stanza.NewError(stanza.Forbidden, ""): "<error type='auth'><forbidden ",
		fmt.Errorf("asking: %w", &stanza.Error{Type: stanza.Wait, Condition: stanza.ResourceConstraint}): "<error type='wait'><resource-constraint ",
	}
	for _, event := range []string{"pre-stanza", "pre-iq/bare", "iq/bare", "pre-presence/bare", "presence/bare", "pre-message/bare", "message/bare", "route/remote"} {
		for err, want := range errs {
			srv := routertest.New(t, "a.example")
			romeo := srv.Login("romeo@a.example/orchard")
			srv.Hook("a.example", event, 0, func(context.Context, *sdk.Event) (any, error) { return nil, err })
			host := "a.example"
			if event == "route/remote" {
				host = "b.example"
			}
			form := "<message to='x@%s'/>"
			if strings.Contains(event, "presence") {
				form = "<presence to='x@%s'/>"
			} else if strings.Contains(event, "iq") {
				form = "<iq type='get' id='1' to='x@%s'><a xmlns='b'/></iq>"
			}
			romeo.Send(fmt.Sprintf(form, host))
			if got := romeo.Received(); len(got) != 1 || !strings.Contains(got[0], want) {
				t.Errorf("%s fails with %v: answered %q, want %s", event, err, got, want)
			}
			romeo.Send(fmt.Sprintf("<message type='error' to='x@%s'><error/></message>", host))
			if got := romeo.Received(); len(got) != 0 {
				t.Errorf("%s: an error was answered: %q", event, got)
			}
		}
	}
}

// What a module sends does not pass the events of the sender's side, whoever it says is the origin.
func TestPostSkipsTheSender(t *testing.T) {
	srv := routertest.New(t, "a.example")
	romeo := srv.Login("romeo@a.example/orchard")
	fired := events(srv, "a.example", nil)
	srv.Router.Post(sdk.NewChain(t.Context()), romeo.Session, stanza.Message("", "from", romeo.JID(), "to", "juliet@a.example"))
	if want := []string{"message/bare"}; !slices.Equal(*fired, want) {
		t.Errorf("fired %q, want %q", *fired, want)
	}
}

// What is sent to a host's session is brought on its way; the host itself gets no stream.
func TestHostAsOrigin(t *testing.T) {
	srv := routertest.New(t, "a.example", "rooms.example")
	romeo := srv.Login("romeo@a.example/orchard")
	srv.Hook("a.example", "message/full", 0, func(ctx context.Context, ev *sdk.Event) (any, error) {
		if ev.Origin.Host() != "rooms.example" {
			t.Errorf("origin %q", ev.Origin.Host())
		}
		return true, romeo.Session.Send(ctx, ev.Stanza)
	})
	room := srv.Origin("rooms.example")
	room.Send(sdk.NewChain(t.Context()), stanza.Message("", "from", "r@rooms.example", "to", "romeo@a.example/orchard"))
	romeo.Expect("a message of the room", "<message from='r@rooms.example' to='romeo@a.example/orchard'/>")
	var answer string
	srv.Hook("rooms.example", "message/bare", 0, func(_ context.Context, ev *sdk.Event) (any, error) {
		answer = ev.Stanza.String()
		return true, nil
	})
	srv.Router.Post(sdk.NewChain(t.Context()), room, stanza.Message("", "from", "r@rooms.example", "to", "nobody@a.example"))
	if !strings.Contains(answer, "from='nobody@a.example'") || !strings.Contains(answer, "<service-unavailable ") {
		t.Errorf("the room was answered %q", answer)
	}
}
