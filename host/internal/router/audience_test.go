package router_test

import (
	"fmt"
	"slices"
	"testing"

	"quatrain/host/internal/router/routertest"
	"quatrain/sdk"
)

// A list that is used again and again reaches whoever has the addresses now, whatever becomes of the sessions and of the list itself.
func TestBroadcastToTheSameList(t *testing.T) {
	srv := delivering(t)
	people := map[string]*routertest.Client{}
	in := func(names ...string) {
		for _, name := range names {
			people[name] = srv.Login(name + "@a.example/r")
		}
	}
	in("romeo", "juliet", "nurse")
	var to []string
	for _, name := range []string{"romeo", "juliet", "nurse", "nobody"} {
		to = append(to, name+"@a.example/r")
	}
	said := 0
	say := func(want ...string) {
		t.Helper()
		for range 3 { // a list is known when it comes again
			said++
			st := room("groupchat")
			st.SetAttr("id", fmt.Sprint(said))
			if err := srv.Router.Broadcast(sdk.NewChain(t.Context()), "rooms.example", to, st); err != nil {
				t.Fatal(err)
			}
			for name, c := range people {
				got := c.Received()
				if hears := slices.Contains(want, name); hears != (len(got) == 1) || hears && parse(t, got[0]).Attr("id") != fmt.Sprint(said) {
					t.Errorf("%s got %q", name, got)
				}
			}
		}
	}
	say("romeo", "juliet", "nurse")
	people["juliet"].Disconnect("")
	delete(people, "juliet")
	say("romeo", "nurse")
	in("juliet")
	say("romeo", "juliet", "nurse")
	in("nobody")
	say("romeo", "juliet", "nurse", "nobody")
	in("tybalt")
	to[1] = "tybalt@a.example/r"
	say("romeo", "tybalt", "nurse", "nobody")
	to = to[:2]
	say("romeo", "tybalt")
	to = slices.Clone(to)
	say("romeo", "tybalt")
}
