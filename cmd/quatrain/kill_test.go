package main

import (
	"slices"
	"strings"
	"testing"

	"quatrain"
)

// TestAcknowledgedWritesSurvive ends the server after its last answer, one way and the other. What it had answered for is there
// afterwards.
func TestAcknowledgedWritesSurvive(t *testing.T) {
	tests := []struct{ name, scripts, config string }{
		{"server", "kill", string(quatrain.DefaultConfig)},
		{"rooms", "rooms", testConfig(t, "testdata/rooms/plugins.toml")},
		{"rooms in go", "rooms", testConfig(t, "testdata/rooms/plugins.toml") + sectionOf("go")},
	}
	for _, test := range tests {
		for ending, end := range endings {
			t.Run(test.name+"/"+ending, func(t *testing.T) {
				t.Parallel()
				i := install(t, test.config)
				p := i.start(t)
				p.play(t, "testdata/"+test.scripts+"/before.scs", func() { end(p) })
				i.start(t).play(t, "testdata/"+test.scripts+"/after.scs", nil)
			})
		}
	}
}

// TestNobodyStaysBehind: rooms that are swapped out take their occupants into the store. When the server stops in order they leave; when
// it is killed they are there until something shows that they are not.
func TestNobodyStaysBehind(t *testing.T) { onTwins(t, testNobodyStaysBehind) }

func testNobodyStaysBehind(t *testing.T, runtime string) {
	for ending, end := range endings {
		t.Run(ending, func(t *testing.T) {
			t.Parallel()
			i := install(t, testConfig(t, "testdata/rooms/plugins.toml")+runtime)
			p := i.start(t)
			p.play(t, "testdata/ghosts/before.scs", func() { end(p) })
			i.start(t).play(t, "testdata/ghosts/"+ending+".scs", nil)
		})
	}
}

// TestOccupantIDsLast: ids that somebody has seen do not change, so the salt of a room that had none is in the store as soon as they go out.
func TestOccupantIDsLast(t *testing.T) { onTwins(t, testOccupantIDsLast) }

func testOccupantIDsLast(t *testing.T, runtime string) {
	i := install(t, testConfig(t, "testdata/rooms/plugins.toml")+runtime)
	p := i.start(t)
	p.play(t, "testdata/rooms/made.scs", p.kill)
	hasSalt := func(row string) bool { return strings.Contains(row, "occupant_id_salt") }
	if rows := i.records(t, "made"); !slices.ContainsFunc(rows, hasSalt) {
		t.Errorf("no salt in %q", rows)
	}
}

// TestTwinsTakeOver: an operator changes how rooms are run, and the rooms are the same, whichever way.
func TestTwinsTakeOver(t *testing.T) {
	for name, change := range map[string]func(config string) string{
		"lua to go": func(config string) string { return config + sectionOf("go") },
		"go to lua": func(config string) string { return strings.Replace(config, sectionOf("go"), "", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := testConfig(t, "testdata/rooms/plugins.toml")
			if name == "go to lua" {
				config += sectionOf("go")
			}
			i := install(t, config)
			p := i.start(t)
			p.play(t, "testdata/rooms/before.scs", p.stop)
			i.reconfigure(t, change)
			i.start(t).play(t, "testdata/rooms/after.scs", nil)
		})
	}
}
