package roster_test

import (
	"context"
	"strings"
	"testing"

	"quatrain/host/internal/iq"
	"quatrain/host/internal/roster"
	"quatrain/host/internal/router/routertest"
	"quatrain/sdk"
)

func newServer(t *testing.T) *routertest.Server {
	srv := routertest.New(t, "a.example")
	srv.Load("a.example", "iq", iq.New(srv.Sessions()))
	srv.Load("a.example", "roster", roster.New(roster.NewManager(srv.OpenKeyval, srv.Sessions(), nil)))
	return srv
}

func set(item string) string {
	return "<iq type='set' id='s'><query xmlns='jabber:iq:roster'>" + item + "</query></iq>"
}

const (
	get    = "<iq type='get' id='g'><query xmlns='jabber:iq:roster'%s/></iq>"
	done   = "<iq to='romeo@a.example/orchard' id='s' type='result'/>"
	juliet = "<item jid='juliet@b.example' name='Juliet'><group>Friends</group></item>"
)

func TestSetAndPush(t *testing.T) {
	srv := newServer(t)
	romeo, hall, deaf := srv.Login("romeo@a.example/orchard"), srv.Login("romeo@a.example/hall"), srv.Login("romeo@a.example/deaf")
	romeo.Send(strings.Replace(get, "%s", "", 1))
	romeo.Expect("an empty roster", "<iq to='romeo@a.example/orchard' id='g' type='result'><query xmlns='jabber:iq:roster' ver='0'/></iq>")
	hall.Send(strings.Replace(get, "%s", "", 1))
	hall.Received()

	romeo.Send(set(juliet))
	push := "<iq type='set'><query xmlns='jabber:iq:roster' ver='1'><item jid='juliet@b.example' subscription='none' name='Juliet'><group>Friends</group></item></query></iq>"
	romeo.Expect("adding", done, push)
	hall.Expect("adding", push)
	deaf.Expect("adding, not interested")

	romeo.Send(set("<item jid='Juliet@B.Example' subscription='both' ask='subscribe'/>")) // only name and groups are the client's
	romeo.Expect("changing", done, "<iq type='set'><query xmlns='jabber:iq:roster' ver='2'><item jid='juliet@b.example' subscription='none'/></query></iq>")
	romeo.Send(set("<item jid='juliet@b.example' subscription='remove'/>"))
	romeo.Expect("removing", done, "<iq type='set'><query xmlns='jabber:iq:roster' ver='3'><item jid='juliet@b.example' subscription='remove'/></query></iq>")
}

func TestVersioning(t *testing.T) {
	srv := newServer(t)
	romeo := srv.Login("romeo@a.example/orchard")
	romeo.Send(set(juliet))
	romeo.Received()
	for ver, all := range map[string]bool{" ver='1'": false, " ver='0'": true, " ver=''": true, "": true, " ver='x'": true} {
		romeo.Send(strings.Replace(get, "%s", ver, 1))
		got := strings.Join(romeo.Received(), "")
		if strings.Contains(got, "<item ") != all || !strings.Contains(got, "id='g' type='result'") {
			t.Errorf("%q: got %s", ver, got)
		}
	}
}

func TestBadSets(t *testing.T) {
	long := strings.Repeat("x", 1024)
	tests := map[string]struct{ items, want string }{
		"no item":           {"", "<bad-request "},
		"two items":         {juliet + "<item jid='b@b.example'/>", "<bad-request "},
		"not an item":       {"<contact jid='b@b.example'/>", "<bad-request "},
		"no jid":            {"<item/>", "<bad-request "},
		"no address":        {"<item jid='@b'/>", "<bad-request "},
		"a full jid":        {"<item jid='b@b.example/c'/>", "<bad-request "},
		"oneself":           {"<item jid='romeo@a.example'/>", "<not-allowed "},
		"to remove nothing": {"<item jid='b@b.example' subscription='remove'/>", "<item-not-found "},
		"a long name":       {"<item jid='b@b.example' name='" + long + "'/>", "<not-acceptable "},
		"a long group":      {"<item jid='b@b.example'><group>" + long + "</group></item>", "<not-acceptable "},
		"an empty group":    {"<item jid='b@b.example'><group/></item>", "<not-acceptable "},
		"a group twice":     {"<item jid='b@b.example'><group>x</group><group>x</group></item>", "<bad-request "},
		"too many contacts": {"<item jid='b@b.example'/>", "<resource-constraint "},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			srv := routertest.New(t, "a.example")
			if name == "too many contacts" {
				srv.Options["roster_limit"] = 1.0
			}
			srv.Load("a.example", "iq", iq.New(srv.Sessions()))
			srv.Load("a.example", "roster", roster.New(roster.NewManager(srv.OpenKeyval, srv.Sessions(), nil)))
			romeo := srv.Login("romeo@a.example/orchard")
			romeo.Send(set("<item jid='first@b.example'/>"))
			romeo.Received()
			romeo.Send(set(tc.items))
			if got := romeo.Received(); len(got) != 1 || !strings.Contains(got[0], tc.want) {
				t.Errorf("answered %q, want %s", got, tc.want)
			}
			romeo.Send(strings.Replace(get, "%s", "", 1))
			if got := romeo.Received(); len(got) != 1 || !strings.Contains(got[0], "ver='1'") {
				t.Errorf("the roster is now %q", got)
			}
		})
	}
}

// Nobody reads or changes another's roster.
func TestOthers(t *testing.T) {
	srv := newServer(t)
	srv.Login("romeo@a.example/orchard").Send(set(juliet))
	tybalt := srv.Login("tybalt@a.example/1")
	for _, typ := range []string{"get", "set"} {
		tybalt.Send("<iq type='" + typ + "' id='g' to='romeo@a.example'><query xmlns='jabber:iq:roster'><item jid='x@b.example'/></query></iq>")
		if got := tybalt.Received(); len(got) != 1 || !strings.Contains(got[0], "<service-unavailable ") {
			t.Errorf("%s: answered %q", typ, got)
		}
	}
}

// When an account goes, its contacts hear of it, and what it had is not kept in memory.
func TestAccountDeleted(t *testing.T) {
	srv := newServer(t)
	romeo := srv.Login("romeo@a.example/orchard")
	romeo.Send(set(juliet))
	var removed []string
	srv.Hook("a.example", "roster-item-removed", 0, func(_ context.Context, ev *sdk.Event) (any, error) {
		item := ev.Get("item").(map[string]any)
		removed = append(removed, ev.String("username")+" "+ev.String("jid")+" "+item["name"].(string))
		return nil, nil
	})
	for _, host := range []string{"elsewhere.example", "a.example"} {
		if _, err := srv.Bus("*").Fire(t.Context(), sdk.NewEvent("user-deleted", "username", "romeo", "host", host)); err != nil {
			t.Fatal(err)
		}
	}
	if len(removed) != 1 || removed[0] != "romeo juliet@b.example Juliet" {
		t.Errorf("removed %q", removed)
	}
}
