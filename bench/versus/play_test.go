package main

import (
	"context"
	"testing"
	"time"
)

// TestPlay plays every kind of scenario, in small, on our own server, so that the program cannot rot. Nothing is said about how long it takes.
func TestPlay(t *testing.T) {
	binary, err := build(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		scenario scenario
		server   string
		idlers   int
	}{
		{scenario{name: "fanout", play: fanout(4, 2)}, "quatrain-lua", 0},
		{scenario{name: "programs", play: fanout(4, 2)}, "quatrain-go", 0},
		{scenario{name: "open", play: openLoop(12, 20)}, "quatrain-lua", 0},
		{scenario{name: "rooms", play: rooms(2, 2)}, "quatrain-lua", 0},
		{scenario{name: "join", play: join(3)}, "quatrain-lua", 0},
		{scenario{name: "register", play: register(2, 1)}, "quatrain-lua", 0},
		{scenario{name: "c2c", play: chat(1)}, "quatrain-lua", 2},
		{scenario{name: "login-scram", play: login(true)}, "quatrain-lua", 0},
		{scenario{name: "login-plain", play: login(false)}, "quatrain-lua", 0},
		{scenario{name: "idle", play: idle(3, false)}, "quatrain-lua", 0},
		{scenario{name: "idle-tls", play: idle(3, true)}, "quatrain-lua", 0},
		{scenario{name: "module", modules: true, play: fanout(4, 2)}, "quatrain-lua", 0},
	} {
		t.Run(c.scenario.name, func(t *testing.T) {
			on, _ := serverOf(c.server)
			p := plan{length: 100 * time.Millisecond, options: options{binary: binary, idlers: c.idlers}}
			r, err := p.once(context.Background(), c.scenario, on, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if r.Operations == 0 {
				t.Error("nothing was done")
			}
		})
	}
}
