package router

import (
	"strings"
	"testing"

	"quatrain/host/internal/session"
)

// A session is found by the very string that it is listed under as by any other, and no longer than it is listed.
func TestTableFindsByString(t *testing.T) {
	const bare = "romeo@a.example"
	full := strings.Clone(bare + "/orchard")
	other := strings.Clone(full)
	tab := &table{}
	for _, s := range []*session.Session{session.New(session.Config{}), session.New(session.Config{})} {
		if !tab.put(full, bare, s) {
			t.Fatal("the address is taken")
		}
		for range 2 { // what was looked for once is remembered
			if tab.session(full) != s || tab.session(other) != s {
				t.Fatal("not the session that is listed")
			}
		}
		if !tab.remove(full, bare, s) || tab.session(full) != nil || tab.session(other) != nil {
			t.Fatal("still listed")
		}
	}
}
