package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestModuleCommand runs what a module has for the command line, with its exit codes.
func TestModuleCommand(t *testing.T) {
	modules, err := filepath.Abs("testdata/shell")
	if err != nil {
		t.Fatal(err)
	}
	i := install(t, fmt.Sprintf("[global]\nplugin_paths = [%q]\n[host.\"localhost\"]\n", modules))
	for _, step := range []struct {
		args    string
		code    int
		refuses string
	}{
		{"mod_for_command_line keep localhost romeo 3", exitOK, ""},
		{"mod_for_command_line show localhost romeo", exitFail, "romeo has 3, in prosodyctl"},
		{"mod_for_command_line show localhost -- romeo --all", 4, ""},
		{"mod_for_command_line", 2, ""},
		{"mod_for_command_line refuse", exitFail, "no: not today"},
		{"mod_for_command_line break", exitFail, "mod_for_command_line.lua"},
		{"mod_ping", exitFail, "the module ping has no commands"},
		{"mod_elephant", exitFail, "module-not-found"},
		{"mod_NAME", exitUsage, "the name of a module"},
	} {
		words := strings.Fields(step.args)
		got := run(t, "", append(append(words[:1:1], i.options...), words[1:]...)...)
		if got.code != step.code || !strings.Contains(got.stderr, step.refuses) {
			t.Errorf("%q: %+v", step.args, got)
		}
	}
	i.start(t)
	if got := run(t, "", append([]string{"mod_for_command_line"}, append(i.options, "show")...)...); got.code != exitFail || !strings.Contains(got.stderr, "stop that server") {
		t.Errorf("beside a server: %+v", got)
	}
}
