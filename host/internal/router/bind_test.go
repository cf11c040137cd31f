package router_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"quatrain/host/internal/router"
	"quatrain/host/internal/router/routertest"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func bind(t *testing.T, srv *routertest.Server, c *routertest.Client, resource string, o router.BindOptions) stanza.Condition {
	t.Helper()
	err := srv.Router.Bind(sdk.NewChain(t.Context()), c.Session, resource, o)
	var e *stanza.Error
	if err != nil && !errors.As(err, &e) {
		t.Fatalf("Bind: %v, want a stanza error", err)
	}
	if e == nil {
		return ""
	}
	if c.Type() == sdk.TypeC2S || c.JID() != "" || srv.Router.Session("romeo@a.example/"+resource) == c.Session {
		t.Errorf("half bound: %q %q", c.Type(), c.JID())
	}
	return e.Condition
}

func authenticated(srv *routertest.Server) *routertest.Client {
	c := srv.Connect("a.example")
	c.Authenticated("romeo", "")
	return c
}

func TestBindConflict(t *testing.T) {
	tests := map[string]struct {
		policy   router.Conflict
		want     stanza.Condition
		oldLives bool
		same     bool // the new session has the resource it asked for
	}{
		"kick_old": {router.KickOld, "", false, true},
		"default":  {"", "", false, true},
		"kick_new": {router.KickNew, stanza.Conflict, true, false},
		"random":   {router.Random, "", true, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			srv := routertest.New(t, "a.example")
			var unbound []string
			srv.Hook("a.example", "resource-unbind", 0, func(_ context.Context, ev *sdk.Event) (any, error) {
				unbound = append(unbound, ev.Get("session").(sdk.Session).JID()+" "+ev.String("error"))
				return nil, nil
			})
			old, fresh := srv.Login("romeo@a.example/orchard"), authenticated(srv)
			if got := bind(t, srv, fresh, "orchard", router.BindOptions{Conflict: tc.policy}); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if lives := len(unbound) == 0 && !old.Closing(); lives != tc.oldLives {
				t.Errorf("old session: unbound %q, closing %v", unbound, old.Closing())
			}
			if (fresh.Resource() == "orchard") != tc.same {
				t.Errorf("new session has resource %q", fresh.Resource())
			}
			if want := "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"; !tc.oldLives && !strings.Contains(strings.Join(old.Received(), ""), want) {
				t.Error("the old session was not told of the conflict")
			}
			if got := len(srv.Router.UserSessions("romeo@a.example")); got != 1+map[bool]int{true: 1}[tc.oldLives && tc.want == ""] {
				t.Errorf("%d sessions are bound", got)
			}
		})
	}
}

func TestBindRules(t *testing.T) {
	refuse := func(result any, e error, set *stanza.Error) func(*routertest.Server) {
		return func(srv *routertest.Server) {
			srv.Hook("a.example", "pre-resource-bind", 0, func(_ context.Context, ev *sdk.Event) (any, error) {
				if set != nil {
					ev.Set("error", set)
				}
				return result, e
			})
		}
	}
	tests := map[string]struct {
		resource string
		options  router.BindOptions
		prepare  func(*routertest.Server)
		want     stanza.Condition
	}{
		"chosen by the client":    {"orchard", router.BindOptions{}, nil, ""},
		"chosen by the server":    {"", router.BindOptions{}, nil, ""},
		"no resource":             {"a\x01b", router.BindOptions{}, nil, stanza.BadRequest},
		"too long":                {strings.Repeat("x", 1024), router.BindOptions{}, nil, stanza.BadRequest},
		"too many":                {"orchard", router.BindOptions{MaxResources: 1}, func(srv *routertest.Server) { srv.Login("romeo@a.example/hall") }, stanza.ResourceConstraint},
		"one for one":             {"hall", router.BindOptions{MaxResources: 1}, func(srv *routertest.Server) { srv.Login("romeo@a.example/hall") }, ""},
		"a handler says no":       {"orchard", router.BindOptions{}, refuse(false, nil, nil), stanza.NotAllowed},
		"a handler says why":      {"orchard", router.BindOptions{}, refuse(false, nil, stanza.NewError(stanza.Forbidden, "")), stanza.Forbidden},
		"a handler fails":         {"orchard", router.BindOptions{}, refuse(nil, errors.New("boom"), nil), stanza.InternalServerError},
		"a handler agrees":        {"orchard", router.BindOptions{}, refuse(true, nil, nil), ""},
		"a handler fails at last": {"orchard", router.BindOptions{}, failing("resource-bind"), stanza.InternalServerError},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			srv := routertest.New(t, "a.example")
			if tc.prepare != nil {
				tc.prepare(srv)
			}
			c := authenticated(srv)
			if got := bind(t, srv, c, tc.resource, tc.options); got != tc.want {
				t.Fatalf("got %q, want %q", got, tc.want)
			}
			if tc.want == "" && (srv.Router.Session(c.JID()) != c.Session || c.Type() != sdk.TypeC2S || c.Resource() == "") {
				t.Errorf("bound as %q, %q", c.JID(), c.Type())
			}
		})
	}
}

func failing(event string) func(*routertest.Server) {
	return func(srv *routertest.Server) {
		srv.Hook("a.example", event, 0, func(context.Context, *sdk.Event) (any, error) { return nil, errors.New("boom") })
	}
}

// pre-resource-unbind can keep a session; otherwise it is gone from everywhere.
func TestUnbind(t *testing.T) {
	for _, keep := range []bool{true, false} {
		srv := routertest.New(t, "a.example")
		romeo := srv.Login("romeo@a.example/orchard")
		ended := 0
		srv.Hook("a.example", "pre-resource-unbind", 0, func(_ context.Context, ev *sdk.Event) (any, error) {
			if ev.String("error") != "cut off" {
				t.Errorf("error %q", ev.String("error"))
			}
			return keep, nil
		})
		srv.Hook("a.example", "resource-unbind", 0, func(context.Context, *sdk.Event) (any, error) {
			ended++
			return nil, nil
		})
		for range 2 {
			srv.Router.Unbind(sdk.NewChain(t.Context()), romeo.Session, errors.New("cut off"))
		}
		if there := srv.Router.Session("romeo@a.example/orchard") != nil; there != keep || (ended == 1) == keep {
			t.Errorf("keep %v: session there %v, resource-unbind fired %d times", keep, there, ended)
		}
		if users := srv.Router.OnlineUsers("a.example"); (len(users) == 1) != keep {
			t.Errorf("keep %v: online are %q", keep, users)
		}
	}
}

// Closing from our side unbinds at once, whatever the peer does, and tells why.
func TestCloseUnbinds(t *testing.T) {
	tests := map[string]struct {
		reason *stanza.StreamError
		want   any
	}{
		"without a reason": {nil, nil},
		"a condition":      {&stanza.StreamError{Condition: "policy-violation"}, "policy-violation"},
		"a text":           {&stanza.StreamError{Condition: "policy-violation", Text: "Too loud"}, "Too loud"},
	}
	for name, tc := range tests {
		srv := routertest.New(t, "a.example")
		romeo := srv.Login("romeo@a.example/orchard")
		var reasons []any
		srv.Hook("a.example", "resource-unbind", 0, func(_ context.Context, ev *sdk.Event) (any, error) {
			reasons = append(reasons, ev.Get("error"))
			return nil, nil
		})
		romeo.Close(sdk.NewChain(t.Context()), tc.reason)
		romeo.Close(sdk.NewChain(t.Context()), tc.reason)
		romeo.Disconnect("connection reset")
		if srv.Router.Session("romeo@a.example/orchard") != nil || !slices.Equal(reasons, []any{tc.want}) {
			t.Errorf("%s: unbound for %v, want %v once", name, reasons, tc.want)
		}
	}
}

func TestTopSessions(t *testing.T) {
	tests := map[string]struct {
		priorities map[string]string // by resource; "-" for a session without presence
		want       []string
	}{
		"highest":         {map[string]string{"a": "1", "b": "5", "c": "5"}, []string{"b", "c"}},
		"negative do not": {map[string]string{"a": "-1", "b": "-5"}, nil},
		"zero does":       {map[string]string{"a": "-1", "b": "0"}, []string{"b"}},
		"unavailable":     {map[string]string{"a": "-"}, nil},
		"nobody":          {nil, nil},
	}
	for name, tc := range tests {
		srv := routertest.New(t, "a.example")
		for resource, priority := range tc.priorities {
			c := srv.Login("romeo@a.example/" + resource)
			if priority != "-" {
				n := map[string]int{"-5": -5, "-1": -1, "0": 0, "1": 1, "5": 5}[priority]
				c.SetPresence(stanza.Presence(), n)
			}
		}
		var got []string
		for _, s := range srv.Router.TopSessions("romeo@a.example") {
			got = append(got, s.Resource())
		}
		slices.Sort(got)
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}
