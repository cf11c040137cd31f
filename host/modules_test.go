package host_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// usual is the configuration that modules under test run in; %s is the list of them.
const usual = `
[global]
plugin_paths = ["testdata/modules"]
modules_enabled = ["roster", "saslauth", "tls", "disco"]
admins = ["admin@localhost"]

theirs = "global"
inherited = ["theirs"]

[host."localhost"]
modules_enabled = [%s]
allow_unencrypted_plain_auth = true
text = "some text"
number_text = " 42 "
count = 7
many = ["a", "b", "b"]
fraction = 2.7
off = false
negative = -1
yes = true
yes_text = "true"
wrong = "banana"
week = "1 week"
never = "never"
inherited = ["own"]

[host."other.localhost"]

[component."rooms.localhost"]
plugin = "quiet_component"
`

// TestModules runs what the modules of testdata/modules declare with the harness: in the server's interpreter, in one of their own, and
// in a process of their own.
func TestModules(t *testing.T) {
	files, err := filepath.Glob("testdata/modules/mod_*_test.lua")
	if err != nil || len(files) == 0 {
		t.Fatal("no modules", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "mod_"), ".lua")
		config := fmt.Sprintf(usual, `"`+name+`"`)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runHarness(t, setting{config: config}, nil)
		})
		isolated := config + "\n[plugin." + name + "]\nisolate = true\n"
		t.Run(name+", isolated", func(t *testing.T) {
			t.Parallel()
			runHarness(t, setting{config: isolated, inProcess: true}, notIsolated)
		})
		t.Run(name+", in a process", func(t *testing.T) {
			t.Parallel()
			runHarness(t, setting{config: isolated}, notInProcess)
		})
	}
}

// notIsolated are the tests that have to be in one interpreter with what they look at: module objects stay in theirs. notInProcess are those that
// have to be in the server's process: what sees each handler runs there, and what a process sends has not arrived yet when it goes on.
var (
	notIsolated  = []string{"status of another module"}
	notInProcess = append(notIsolated, "a debug hook runs in place of each handler", "stanzas and stores from timers and promises", "ways of sending")
)

// runHarness runs the tests that a module declares, except some.
func runHarness(t *testing.T, how setting, except []string) {
	s := start(t, how)
	harness := func(test string) string {
		results := s.lua(fmt.Sprintf(`local event = { test = %s }; prosody.events.fire_event("harness", event); return event.result`, test))
		return strings.Join(results, "")
	}
	tests := strings.Split(harness("nil"), "\n")
	if tests[0] == "nil" {
		t.Fatalf("the module declares no tests\n%s", s.log)
	}
	for _, test := range tests {
		if slices.Contains(except, test) {
			continue
		}
		t.Run(test, func(t *testing.T) {
			if got := harness(fmt.Sprintf("%q", test)); got != "ok" {
				t.Error(got)
			}
		})
	}
}
