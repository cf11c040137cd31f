package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestShell speaks with a server in another process: words, Lua, a file of lines, and what goes wrong.
func TestShell(t *testing.T) {
	modules, err := filepath.Abs("testdata/shell")
	if err != nil {
		t.Fatal(err)
	}
	i := install(t, fmt.Sprintf(`
[global]
modules_enabled = ["admin_shell", "ping"]
statistics = "internal"
http_ports = [0]
https_ports = []
plugin_paths = [%q]
[host."localhost"]
modules_enabled = ["with_commands", "http"]
[host."example.net"]
modules_enabled = ["with_commands"]
[component."rooms.localhost"]
plugin = "muc_core"
`, modules))
	shell := func(stdin string, args ...string) outcome {
		return run(t, stdin, append(append([]string{"shell"}, i.options...), args...)...)
	}
	if got := shell("", "help"); got.code != exitFail || !strings.Contains(got.stderr, "no server is running") {
		t.Errorf("without a server: %+v", got)
	}
	p := i.start(t)
	defer p.stop()
	for _, step := range []struct {
		words         string
		code          int
		says, refuses string
	}{
		{"user create mercutio@example.net two\\words", exitOK, "OK: Created mercutio@example.net", ""},
		{"user create mercutio@example.net x", exitFail, "", "mercutio@example.net exists"},
		{"user create romeo@nowhere x", exitFail, "", "there is no host nowhere"},
		{"user list example.net", exitOK, "mercutio@example.net\nOK: 1 account", ""},
		{"user password paris@localhost x", exitFail, "", "there is no account paris@localhost"},
		{"user disable romeo@localhost", exitOK, "OK: Disabled", ""},
		{"module unload ping example.net", exitOK, "Unloaded on example.net\nOK: Unloaded on 1 host", ""},
		{"module reload elephant", exitFail, "", "elephant is not loaded on any host"},
		{"module list example.net", exitOK, "with_commands", ""},
		{"muc create garden@rooms.localhost", exitOK, "OK: Made garden@rooms.localhost", ""},
		{"muc create garden@localhost", exitFail, "", "wants an address on a host that has it"},
		{"muc list rooms.localhost", exitOK, "garden@rooms.localhost", ""},
		{"config get ping_words", exitOK, "OK: ping_words is not set", ""},
		{"test where example.net", exitOK, "OK: on example.net", ""},
		{"test where localhost", exitOK, "OK: on localhost", ""},
		{"test add 2 3", exitOK, "OK: 5", ""},
		{"test add 2 three", exitFail, "", "second must be a number, not three"},
		{"test fail", exitFail, "", "oh no"},
		{"test later", exitOK, "Result: later", ""},
		{"old greet Romeo", exitOK, "OK: Hello, Romeo", ""},
		{"help test", exitOK, "test:add(first, second) - Add numbers", ""},
		{"help", exitOK, "muc ", ""},
		{"sing loudly", exitFail, "", "there is no section sing"},
		{"test ad 2 3", exitFail, "", "test has no command ad: \"help test\" lists"},
		{"test", exitOK, "test:add(first, second) - Add numbers", ""},
		{"c2s show", exitOK, "OK: 0 sessions", ""},
		{"port list", exitOK, "http", ""},
		{"http list", exitOK, "/test_app", ""},
		{"http list nowhere", exitFail, "", "there is no host nowhere"},
		{"stats show prosody_mod", exitOK, "prosody_mod_with_commands/asked", ""},
		{"watch log loud", exitFail, "", "a level is one of"},
	} {
		if got := shell("", strings.Fields(step.words)...); got.code != step.code || !strings.Contains(got.stdout, step.says) || !strings.Contains(got.stderr, step.refuses) {
			t.Errorf("%q: %+v", step.words, got)
		}
	}
	script := "> 1 + 1\nuser:list(\"example.net\")\n\ntest add 1 \"2\"\nuser:list('nowhere')\nserver:version()\n"
	got := shell(script)
	if got.code != exitFail || got.stdout != "Result: 2\nmercutio@example.net\nOK: 1 account\nOK: 3\n" || got.stderr != "Error: there is no host nowhere\n" {
		t.Errorf("a file of lines: %+v", got)
	}
	for line, says := range map[string]string{
		"1+": "cannot read this: syntax error near '1'", "test ad 2": "test has no command ad", "test:ad(2)": "test has no command ad", "sing": "", "return 1": "",
	} {
		if got := shell(line + "\n"); !strings.Contains(got.stderr, says) || says == "" && got.stderr != "" {
			t.Errorf("%q: %+v", line, got)
		}
	}
	watched := shell("watch:log('warn')\n> require 'util.logger'.init('bard')('warn', 'To be')\nwatch log warn\n")
	if watched.code != exitOK || !strings.Contains(watched.stdout, "bard warn  To be\n") || !strings.Contains(watched.stdout, "No longer") {
		t.Errorf("a watch of the log: %+v", watched)
	}
	if got := shell("", "user", "cre ate"); got.code != exitUsage {
		t.Errorf("what is no name: %+v", got)
	}
	shell("", "module", "unload", "admin_shell", "*")
	if got := shell("", "help"); got.code != exitFail || !strings.Contains(got.stderr, "no plugin is the shell") {
		t.Errorf("without the plugin: %+v", got)
	}
}
