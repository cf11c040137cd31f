package interop

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
	"quatrain/plugins"
)

// TestDebianShell: Prosody's own shell, unchanged, is what the command line speaks with in place of ours.
func TestDebianShell(t *testing.T) { forTwins(t, debianShell) }

func debianShell(t *testing.T, runtime string) {
	dir, data := t.TempDir(), t.TempDir()
	link(t, dir, "admin_shell", "admin_socket")
	o := host.Options{Runtimes: twins(runtime), DataDir: data, Config: fmt.Appendf(nil, `
[global]
plugin_paths = [%q]
modules_enabled = ["tls", "saslauth", "roster", "admin_shell"]
[host."localhost"]
[component."conference.localhost"]
plugin = "muc_core"
`, filepath.Join(dir, "modules"))}
	startServerOn(t, data, o, people)
	o.Plugins = plugins.FS // to read the configuration
	control, err := host.NewControl(o)
	if err != nil {
		t.Fatal(err)
	}
	shell, err := control.Shell(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer shell.Close()
	lines := []struct{ line, says string }{
		{`help`, "manage chat rooms"},
		{`host:list()`, "conference.localhost"},
		{`module:list()`, "admin_shell"},
		{`user:create("mercutio@localhost", "queen")`, "OK: User created"},
		{`user:list("localhost", "merc")`, "mercutio@localhost"},
		{`muc:create("garden@conference.localhost")`, "garden@conference.localhost"},
		{`muc:list("conference.localhost")`, "garden@conference.localhost"},
		{`c2s:count()`, "Total: 0 clients"},
		{`>2 + 2`, "Result: 4"},
		{`nothing:at_all()`, "nothing"},
		{`config:get("name")`, "OK: nil"},
	}
	if runtime == "lua" { // it calls the methods of a room on a table of its own, which a room of another process cannot know for itself
		lines = append(lines, struct{ line, says string }{`muc:room("garden@conference.localhost"):set_name("A garden")`, "Result: true"})
	}
	for _, l := range lines {
		t.Run(l.line, func(t *testing.T) {
			if got := tell(t, shell, l.line); !strings.Contains(got, l.says) {
				t.Errorf("the shell says %q, want %q in it", got, l.says)
			}
		})
	}
}

// tell sends a line, and returns all that is shown.
func tell(t *testing.T, shell *host.Shell, line string) string {
	t.Helper()
	if err := shell.Send(line, 100); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for {
		out, err := shell.Receive()
		if err != nil {
			t.Fatalf("after %q: %v", said.String(), err)
		}
		said.WriteString(out.Text + "\n")
		if out.Result {
			return said.String()
		}
	}
}
