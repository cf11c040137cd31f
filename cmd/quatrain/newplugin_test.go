package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestNewPluginRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "occupied"), 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, args string
		code       int
		error      string // a part of what is printed
	}{
		{"no word", "", exitUsage, "want a word: new"},
		{"another word", "sing", exitUsage, `unexpected argument "sing"`},
		{"no name", "new --lang lua", exitUsage, "want a language and a name"},
		{"no language", "new guestbook", exitUsage, "want a language and a name"},
		{"two names", "new --lang lua guestbook visitors", exitUsage, `unexpected argument "visitors"`},
		{"unknown language", "new --lang cobol guestbook", exitFail, `unknown language "cobol": want go or lua`},
		{"upper case", "new --lang lua Guestbook", exitFail, `bad name "Guestbook": want a lower-case letter`},
		{"path", "new --lang lua ../guestbook", exitFail, `bad name "../guestbook"`},
		{"file name", "new --lang lua mod_guestbook", exitFail, `the name is what configurations say, "guestbook"`},
		{"long name", "new --lang lua " + strings.Repeat("a", 64), exitFail, "at most 63"},
		{"shipped", "new --lang lua muc_core", exitFail, "the server has a plugin of that name"},
		{"alias of a shipped one", "new --lang lua muc", exitFail, "the server has a plugin of that name"},
		{"part of the server", "new --lang lua roster", exitFail, "the server has a plugin of that name"},
		{"folder that is there", "new --lang lua occupied --dir DIR", exitFail, "occupied is there already"},
		{"no checkout", "new --lang go guestbook --dir DIR --checkout DIR", exitFail, `there is no go.mod of a module "quatrain"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			args := strings.Fields(strings.ReplaceAll(test.args, "DIR", dir))
			got := run(t, "", append([]string{"plugin"}, args...)...)
			if got.code != test.code || !strings.Contains(got.stderr, test.error) {
				t.Errorf("want %d, %q\ngot  %+v", test.code, test.error, got)
			}
		})
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("refusing leaves %v, %v", left, err)
	}
}

// newPlugin begins a plugin called guestbook and returns its folder.
func newPlugin(t *testing.T, lang string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a folder", "within")
	if got := run(t, "", "plugin", "new", "--lang", lang, "--dir", dir, "guestbook"); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	return filepath.Join(dir, "guestbook")
}

// passes checks a begun plugin's configuration and plays its script.
func passes(t *testing.T, folder string) {
	t.Helper()
	spec := filepath.Join(folder, "spec")
	got := run(t, "", "check", "--config", filepath.Join(spec, "plugins.toml"))
	if got.code != exitOK || strings.Contains(got.stdout, "warning") {
		t.Errorf("check: %+v", got)
	}
	if got := run(t, "", "spec", spec); got.code != exitOK || !strings.Contains(got.stdout, "ok ") || got.stderr != "" {
		t.Errorf("spec: %+v", got)
	}
}

func TestNewLuaPluginPassesItsTest(t *testing.T) {
	t.Parallel()
	passes(t, newPlugin(t, "lua"))
}

func TestNewGoPluginPassesItsTests(t *testing.T) {
	t.Parallel()
	folder := newPlugin(t, "go")
	goTool(t, folder, "vet", "./...")
	goTool(t, folder, "test", "./...")
	goTool(t, folder, "build")
	passes(t, folder)
}

// goTool runs Go in a module of its own, without a network and without changing go.mod: what the module needs, the server needs, too.
func goTool(t *testing.T, folder string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly -ldflags=-w", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}
