package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPluginsOfARunningServer: the command line lists and changes what a server in another process has loaded.
func TestPluginsOfARunningServer(t *testing.T) {
	i := install(t, "[global]\n[host.\"localhost\"]\nmodules_enabled = [\"version\"]\n[component.\"rooms.localhost\"]\nplugin = \"muc\"\n")
	plugins := func(args ...string) outcome {
		return run(t, "", append(append([]string{"plugins"}, i.options...), args...)...)
	}
	if got := plugins("reload", "version"); got.code != exitFail || !strings.Contains(got.stderr, "no server is running") {
		t.Errorf("without a server: %+v", got)
	}
	p := i.start(t)
	steps := []struct {
		args          []string
		code          int
		says, refuses string
	}{
		{[]string{"unload", "version"}, exitOK, "unloaded version on localhost\n", ""},
		{[]string{"reload", "version"}, exitFail, "", `plugin "version" is not loaded on any host`},
		{[]string{"load", "version", "localhost"}, exitOK, "loaded version on localhost\n", ""},
		{[]string{"load", "version", "localhost"}, exitFail, "", "module-already-loaded"},
		{[]string{"load", "elephant", "localhost"}, exitFail, "", "module-not-found"},
		{[]string{"reload", "muc", "rooms.localhost"}, exitOK, "reloaded muc on rooms.localhost\n", ""},
		{[]string{"load", "version"}, exitUsage, "", "load NAME HOST"},
		{[]string{"sing", "version"}, exitUsage, "", `unexpected argument "sing"`},
	}
	for _, step := range steps {
		if got := plugins(step.args...); got.code != step.code || got.stdout != step.says || !strings.Contains(got.stderr, step.refuses) {
			t.Errorf("%q: %+v", step.args, got)
		}
	}
	if got := plugins(); got.code != exitOK || got.stderr != "" || !strings.Contains(got.stdout, "muc_core") {
		t.Errorf("the list: %+v", got)
	}
	if got := run(t, "", append([]string{"status"}, i.options...)...); got.code != exitOK || !strings.Contains(got.stdout, "0 sessions") {
		t.Errorf("the status: %+v", got)
	}
	p.stop()
	if got := run(t, "", append([]string{"status"}, i.options...)...); got.code != exitFail || !strings.Contains(got.stderr, "no server is running") {
		t.Errorf("the status without a server: %+v", got)
	}
	if _, err := os.Stat(filepath.Join(i.data, "control.sock")); !os.IsNotExist(err) {
		t.Errorf("the socket is left behind: %v", err)
	}
}
