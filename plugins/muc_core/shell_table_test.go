package muccore

import "testing"

func TestShellTable(t *testing.T) {
	columns := []shellColumn{{title: "Role", width: 12}, {title: "Nick", share: 40}, {title: "JID", share: 60}}
	table := newShellTable(columns, 40)
	if got, want := table.titles(columns), "Role         | Nick     | JID          "; got != want {
		t.Errorf("titles %q, want %q", got, want)
	}
	if got, want := table.line([]string{"visitor", "Mercutio", "mercutio@localhost"}), "visitor      | Mercutio | mercutio@lo…"; got[:24] != want[:24] {
		t.Errorf("line %q, want %q", got, want)
	}
}
