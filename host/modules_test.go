package host_test

import (
	"fmt"
	"path/filepath"
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

// TestModules runs what the modules of testdata/modules declare with the harness.
func TestModules(t *testing.T) {
	files, err := filepath.Glob("testdata/modules/mod_*_test.lua")
	if err != nil || len(files) == 0 {
		t.Fatal("no modules", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "mod_"), ".lua")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, setting{config: fmt.Sprintf(usual, `"`+name+`"`)})
			tests := s.lua(`return require "harness".names()`)
			if len(tests) == 0 {
				t.Fatalf("the module declares no tests\n%s", s.log)
			}
			for _, test := range tests {
				t.Run(test, func(t *testing.T) {
					if got := s.lua(fmt.Sprintf(`return require "harness".run(%q)`, test)); got[0] != "ok" {
						t.Error(got[0])
					}
				})
			}
		})
	}
}
