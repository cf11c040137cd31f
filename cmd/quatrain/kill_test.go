package main

import (
	"os"
	"testing"

	"quatrain"
)

// TestAcknowledgedWritesSurvive ends the server after its last answer, one way and the other. What it had answered for is there
// afterwards.
func TestAcknowledgedWritesSurvive(t *testing.T) {
	rooms, err := os.ReadFile("testdata/rooms/plugins.toml")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, config string }{
		{"kill", string(quatrain.DefaultConfig)},
		{"rooms", string(rooms)},
	}
	for _, test := range tests {
		for ending, end := range endings {
			t.Run(test.name+"/"+ending, func(t *testing.T) {
				t.Parallel()
				i := install(t, test.config)
				p := i.start(t)
				p.play(t, "testdata/"+test.name+"/before.scs", func() { end(p) })
				i.start(t).play(t, "testdata/"+test.name+"/after.scs", nil)
			})
		}
	}
}

// TestNobodyStaysBehind: rooms that are swapped out take their occupants into the store. When the server stops in order they leave; when
// it is killed they are there until something shows that they are not.
func TestNobodyStaysBehind(t *testing.T) {
	config, err := os.ReadFile("testdata/rooms/plugins.toml")
	if err != nil {
		t.Fatal(err)
	}
	for ending, end := range endings {
		t.Run(ending, func(t *testing.T) {
			t.Parallel()
			i := install(t, string(config))
			p := i.start(t)
			p.play(t, "testdata/ghosts/before.scs", func() { end(p) })
			i.start(t).play(t, "testdata/ghosts/"+ending+".scs", nil)
		})
	}
}
