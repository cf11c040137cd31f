package procbridge_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quatrain/host/internal/procbridge"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// What is wrong with a plugin's program is told with the plugin's name, and leaves nothing behind.
func TestProgramsThatDoNotStart(t *testing.T) {
	script := func(text string) string {
		file := filepath.Join(t.TempDir(), "program")
		if err := os.WriteFile(file, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		return file
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		program procbridge.Program
		plugin  string
		want    []string
	}{
		"missing":          {procbridge.Program{Command: []string{"/nonexistent/bot"}}, "bot", []string{"/nonexistent/bot", "no such file"}},
		"wrong checksum":   {procbridge.Program{Command: []string{self, "plugin", "serve", "moody"}, SHA256: make([]byte, 32)}, "bot", []string{"sha256"}},
		"no plugin":        {procbridge.Program{Command: []string{script("echo hello; sleep 1")}}, "bot", []string{"hello"}},
		"dies at once":     {procbridge.Program{Command: []string{script("echo out of memory >&2; exit 7")}}, "bot", []string{"out of memory"}},
		"another protocol": {procbridge.Program{Command: []string{script(`echo "1|2|unix|/tmp/x|grpc|"; sleep 1`)}}, "bot", []string{"version"}},
		"says nothing":     {procbridge.Program{Command: []string{script("exec sleep 60")}}, "bot", []string{"timeout"}},
		"does not listen":  {procbridge.Program{Command: []string{script(`echo "1|1|unix|/nonexistent/socket|grpc|"; exec sleep 60`)}}, "bot", nil},
		"refuses to load":  {procbridge.Program{Command: []string{self, "plugin", "serve", "refuses"}}, "bot", []string{"not on a Monday"}},
		"panics in Load":   {procbridge.Program{Command: []string{self, "plugin", "serve", "panics"}}, "bot", []string{"panic: at once"}},
		"dies in Load":     {procbridge.Program{Command: []string{self, "plugin", "serve", "exits"}}, "bot", []string{"died while it was loaded", "exit status 3", "last words"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(o *procbridge.Options) {
				o.StartTimeout = 5 * time.Second
				if name == "says nothing" {
					o.StartTimeout = 200 * time.Millisecond
				}
				o.Wire.Timeout = 2 * time.Second
				o.Find = func(string) (procbridge.Program, bool, error) { return test.program, true, nil }
			})
			_, err := s.manager.Load(sdk.NewChain(t.Context()), "a.example", test.plugin)
			if err == nil {
				t.Fatal("it was loaded")
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error does not say %q: %v", part, err)
				}
			}
			s.logged("plugin not loaded", "plugin=bot", "host=a.example")
			if s.manager.Get("a.example", "bot") != nil || s.buses["a.example"].Has("count") {
				t.Error("something is left behind")
			}
		})
	}
}

// A plugin that sends more than the server takes waits; one that answers with more is told so.
func TestTooMuch(t *testing.T) {
	s := newStage(t, func(o *procbridge.Options) { o.Wire.Credit, o.Wire.MaxFrame = 10000, 1<<20 })
	i := s.load("moody")
	if got, err := s.fire("flood"); got != true || err != nil {
		t.Fatalf("a flood: %v, %v", got, err)
	}
	for n := range 1000 {
		if s.reply() == "" {
			t.Fatalf("message %d is empty", n)
		}
	}
	if _, err := s.fire("big", "size", 2e6); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("an answer of 2 MB: %v", err)
	}
	if _, err := s.fire("echo", "size", 1.0); err != nil {
		t.Error(err)
	}
	big := sdk.StanzaEvent("count", nil, stanza.Message(strings.Repeat("x", 20<<20)))
	if _, err := s.buses["a.example"].Fire(sdk.NewChain(t.Context()), big); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("an event of 20 MB: %v", err)
	}
	if _, restarts, _ := i.Process(); restarts != 0 {
		t.Errorf("%d restarts", restarts)
	}
	s.want(1.0, "count")
}

func TestForgedSender(t *testing.T) {
	s := newStage(t, nil)
	s.load("moody")
	if got, err := s.fire("forge"); got != true || err != nil {
		t.Fatalf("got %v, %v", got, err)
	}
	s.logged("what the plugin sent was refused", "plugin=moody", "admin@b.example")
	if got, err := s.fire("forge one of many"); got != true || err != nil {
		t.Fatalf("got %v, %v", got, err)
	}
	for _, want := range []string{"romeo@b.example 0", "romeo@b.example 2"} {
		if got := s.reply(); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
	if s.say("honest").wait(t) != true || s.reply() != "re: honest" {
		t.Error("the next message was not sent")
	}
}
