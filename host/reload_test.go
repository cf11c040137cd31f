package host_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
)

// What a changed file cannot do to a running server is told, not passed over.
func TestReloadTellsWhatHasNoEffect(t *testing.T) {
	dir, log := t.TempDir(), &bytes.Buffer{}
	file := filepath.Join(dir, "plugins.toml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("[host.\"a.example\"]\n[host.\"b.example\"]\n")
	srv, err := host.New(host.Options{ConfigFile: file, DataDir: dir, Plugins: plugins.FS, Library: lua.FS, Listen: &host.Listen{},
		Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer srv.Stop(t.Context(), "test ended")
	for name, c := range map[string]struct{ text, want string }{
		"host added":    {"[host.\"a.example\"]\n[host.\"b.example\"]\n[host.\"c.example\"]\n", "not served before the server starts again\" host=c.example"},
		"host removed":  {"[host.\"a.example\"]\n", "served until the server ends\" host=b.example"},
		"plugin added":  {"[host.\"a.example\"]\nmodules_enabled = [\"ping\"]\n[host.\"b.example\"]\n", "before the server starts again\" host=a.example"},
		"read at start": {"[global]\nc2s_ports = [5333]\n[host.\"a.example\"]\n[host.\"b.example\"]\n", "before the server starts again\" option=c2s_ports"},
		"read anew":     {"[global]\nadmins = [\"romeo@a.example\"]\n[host.\"a.example\"]\n[host.\"b.example\"]\n", ""},
		"no effect":     {"[host.\"a.example\"]\nlog_level = \"warn\"\n[host.\"b.example\"]\n", "log_level: has no effect on a single host"},
		"nothing to do": {"[host.\"a.example\"]\n[host.\"b.example\"]\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			write("[host.\"a.example\"]\n[host.\"b.example\"]\n")
			if err := srv.Reload(t.Context()); err != nil {
				t.Fatal(err)
			}
			log.Reset()
			write(c.text)
			if err := srv.Reload(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := log.String(); !strings.Contains(got, c.want) || strings.Contains(got, "WARN") != (c.want != "") {
				t.Errorf("want %q in\n%s", c.want, got)
			}
		})
	}
}
