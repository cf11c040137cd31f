package host_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
)

// listener is a log that can be waited for.
type listener struct {
	slog.Handler
	lines chan string
}

func (l *listener) Handle(_ context.Context, r slog.Record) error {
	var line strings.Builder
	line.WriteString(r.Message)
	r.Attrs(func(a slog.Attr) bool {
		fmt.Fprintf(&line, " %s=%v", a.Key, a.Value)
		return true
	})
	l.lines <- line.String()
	return nil
}

func (l *listener) WithAttrs([]slog.Attr) slog.Handler { return l }

// draftServer is a server whose plugins are being written.
type draftServer struct {
	*stage
	dir    string
	config string // its file
	lines  chan string
}

// newDraftServer starts one; config has %s for the directory of plugins. The files are there before.
func newDraftServer(t *testing.T, config string, files ...string) *draftServer {
	t.Helper()
	w := &draftServer{dir: t.TempDir(), lines: make(chan string, 1000)}
	w.stage = &stage{t: t}
	for i := 0; i < len(files); i += 2 {
		w.write(files[i], files[i+1])
	}
	w.config = filepath.Join(t.TempDir(), "plugins.toml")
	if err := os.WriteFile(w.config, fmt.Appendf(nil, config, w.dir), 0o600); err != nil {
		t.Fatal(err)
	}
	srv, err := host.New(host.Options{
		ConfigFile: w.config, DataDir: t.TempDir(), Plugins: plugins.FS, Library: lua.FS, InProcess: true, Listen: &host.Listen{},
		Log: slog.New(&listener{slog.NewTextHandler(t.Output(), nil), w.lines}),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { srv.Stop(context.Background(), "test ended") })
	if err := srv.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Server = srv
	return w
}

// write puts a file in place at once, as editors do.
func (w *draftServer) write(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path+"~", []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		w.t.Fatal(err)
	}
}

// hears waits for a line of the log that has the text.
func (w *draftServer) hears(text string) string {
	w.t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		select {
		case line := <-w.lines:
			if strings.Contains(line, text) {
				return line
			}
		case <-deadline:
			w.t.Fatalf("the log does not have %q", text)
		}
	}
}

// says is what a module's global "text" is.
func (w *draftServer) says(module, want string) {
	w.t.Helper()
	w.want(want, `local m = require "core.modulemanager".get_module("localhost", "`+module+`"); return m and m.text`)
}

const reloading = `
[global]
plugin_paths = ['%s']
reload_on_change = true
[plugin.still]
reload_on_change = false
[plugin.apart]
isolate = true
[host."localhost"]
modules_enabled = ["poem", "still", "apart"]
`

const (
	reloaded = "plugin reloaded"
	poem     = `text = module:require "verse";`
)

// A plugin whose file, or a library of its own, changes is loaded anew, if the configuration wants that.
func TestReloadOnChange(t *testing.T) {
	w := newDraftServer(t, reloading, "poem/mod_poem.lua", poem, "poem/verse.lib.lua", `return "one";`, "mod_still.lua", `text = "one";`, "mod_apart.lua", `module:log("info", "first");`)
	w.says("poem", "one")

	w.write("poem/verse.lib.lua", `return "two";`)
	w.hears(reloaded)
	w.says("poem", "two")

	w.write("poem/mod_poem.lua", `text = "three";`)
	w.hears(reloaded)
	w.says("poem", "three")

	w.write("mod_still.lua", `text = "two";`)
	w.write("mod_apart.lua", `module:log("info", "second");`)
	w.hears("second")
	w.hears(reloaded)
	w.says("still", "one") // the change was seen, since it came before the other
}

// What does not compile does not replace what runs; what compiles and does not load is gone, until it is mended.
func TestReloadOnChangeWithMistakes(t *testing.T) {
	w := newDraftServer(t, reloading, "poem/mod_poem.lua", poem, "poem/verse.lib.lua", `return "one";`, "mod_still.lua", "", "mod_apart.lua", "")

	w.write("poem/verse.lib.lua", "\n return = ;")
	if line := w.hears("does not compile, the old one goes on"); !strings.Contains(line, "verse.lib.lua:2: ") {
		t.Errorf("the log does not say where: %s", line)
	}
	w.says("poem", "one")

	w.write("poem/verse.lib.lua", `return "two";`)
	w.hears(reloaded)
	w.says("poem", "two")

	w.write("poem/verse.lib.lua", `error "no rhyme";`)
	w.hears("it was not loaded")
	w.says("poem", "nil")

	w.write("poem/verse.lib.lua", `return "three";`)
	w.hears(reloaded)
	w.says("poem", "three")
}

// A plugin that is put into a directory while the server runs can be loaded, and is watched from then on.
func TestDroppedIn(t *testing.T) {
	w := newDraftServer(t, "[global]\nplugin_paths = ['%s']\nreload_on_change = true\n[host.\"localhost\"]\n")
	w.write("mod_new.lua", `text = "one";`)
	if err := w.LoadPlugin(t.Context(), "localhost", "new"); err != nil {
		t.Fatal(err)
	}
	w.says("new", "one")
	w.write("mod_new.lua", `text = "two";`)
	w.hears(reloaded)
	w.says("new", "two")
	w.write("mod_another/mod_another.lua", `text = "another";`)
	w.want("true", `return (require "core.modulemanager".load("localhost", "another")) ~= nil`)
	w.says("another", "another")
}

// Directories that the configuration names when it is read again are looked into, and one that is not there is a mistake.
func TestPluginPathsAreReloaded(t *testing.T) {
	const config = "[global]\nplugin_paths = ['%s']\n[host.\"localhost\"]\n"
	w := newDraftServer(t, config)
	more := t.TempDir()
	reload := func(dir string) error {
		if err := os.WriteFile(w.config, fmt.Appendf(nil, config, dir), 0o600); err != nil {
			t.Fatal(err)
		}
		return w.Reload(t.Context())
	}
	if err := reload(filepath.Join(more, "nowhere")); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("got %v, want an error that names the directory", err)
	}
	if err := os.WriteFile(filepath.Join(more, "mod_more.lua"), []byte("text = 'more'"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.LoadPlugin(t.Context(), "localhost", "more"); err == nil {
		t.Error("the plugin is found before the directory is named")
	}
	if err := reload(more); err != nil {
		t.Fatal(err)
	}
	if err := w.LoadPlugin(t.Context(), "localhost", "more"); err != nil {
		t.Error(err)
	}
	w.says("more", "more")
}
