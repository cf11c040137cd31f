package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"quatrain/plugins"
)

const (
	docsFile    = "../../../docs/configuration.md"
	defaultFile = "../../../plugins.toml"
	tablesFrom  = "<!-- tables: made by go test ./host/internal/config -run Docs -update -->\n"
)

// TestDocs: docs/configuration.md lists the options as core.toml and the manifests describe them.
func TestDocs(t *testing.T) {
	src, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	text, got, ok := strings.Cut(string(src), tablesFrom)
	if !ok {
		t.Fatal("the tables are missing")
	}
	want := tables(t)
	if *update {
		if err := os.WriteFile(docsFile, []byte(text+tablesFrom+want), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if got != want {
		t.Error("the tables are not those of the manifests; run the test with -update")
	}
}

func tables(t *testing.T) string {
	t.Helper()
	core, err := readManifest(coreManifest)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := newCatalog(plugins.FS)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("\n## Options of the server\n" + table(core.Options, false))
	for _, name := range slices.Sorted(maps.Keys(cat.plugins)) {
		m := cat.plugins[name]
		fmt.Fprintf(&b, "\n## Plugin `%s`: %s\n", name, m.Summary)
		if len(m.Options) == 0 {
			b.WriteString("\nNo options.\n")
			continue
		}
		b.WriteString(table(m.Options, false))
	}
	b.WriteString("\n## Known, without effect in this version\n" + table(core.Options, true))
	return b.String()
}

func table(options map[string]Option, unused bool) string {
	var b strings.Builder
	b.WriteString("\n| Option | Value | Default | |\n|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(options)) {
		o := options[name]
		if o.Unused != unused {
			continue
		}
		standard := ""
		if o.Default != nil {
			standard = "`" + shown(o.Default) + "`"
		}
		if o.Global {
			o.Description += " *Only global.*"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", name, o.wanted(), standard, strings.TrimSpace(o.Description))
	}
	return b.String()
}

// TestDefault: the configuration that the server comes with is right, and so is what it shows in comments.
func TestDefault(t *testing.T) {
	src, err := os.ReadFile(defaultFile)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Parse("plugins.toml", src, plugins.FS)
	if err != nil || len(c.Hosts()) != 2 || len(c.Warnings()) != 0 {
		t.Fatal(c, err)
	}
	rooms := c.Hosts()[1]
	if got := c.Modules(rooms.Name, []string{"presence", "iq"}); len(got) != 5 || got[0] != rooms.Plugin || !slices.Contains(got, "iq") {
		t.Error(got)
	}
	commented := regexp.MustCompile(`(?m)^# ([a-z0-9_]+ = |\[plugin)`)
	all := commented.ReplaceAllString(string(src), "$1")
	if all == string(src) {
		t.Error("found nothing in comments")
	}
	file := filepath.Join(t.TempDir(), "plugins.toml")
	if err := errors.Join(os.Mkdir(filepath.Join(filepath.Dir(file), "plugins"), 0o700), os.WriteFile(file, []byte(all), 0o600)); err != nil {
		t.Fatal(err)
	}
	if c, err = Load(file, plugins.FS); err != nil || len(c.Warnings()) != 0 {
		t.Error(c.Warnings(), err)
	}
}
