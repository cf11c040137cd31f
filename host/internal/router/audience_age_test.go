package router

import "testing"

// Lists that are not used are forgotten after two periods.
func TestAudiencesAge(t *testing.T) {
	var all audiences
	var tab table
	busy, quiet := []string{"a@a/x", "b@a/x"}, []string{"c@a/x"}
	for range 2 {
		all.of(busy, &tab)
		all.of(quiet, &tab)
	}
	for range 2 {
		all.age()
		if all.of(busy, &tab) == nil {
			t.Error("a list that is in use was forgotten")
		}
	}
	if all.of(quiet, &tab) != nil {
		t.Error("a list that is not used is remembered")
	}
	for range 3 {
		all.age()
	}
	if all.timed || len(all.now)+len(all.before)+all.places > 0 {
		t.Errorf("%d and %d lists are remembered", len(all.now), len(all.before))
	}
}
