package interop

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/host/modulecheck"
	"quatrain/lua"
	"quatrain/plugins"
)

var update = flag.Bool("update", false, "write docs/modules.md anew")

const (
	tableFile  = "../docs/modules.md"
	tablesFrom = "<!-- tables: made by go test ./interop -run TestModulesTable -update -->\n"
)

// debianPackage is a package with modules, and how many per cent of them have to load.
type debianPackage struct {
	name, about string
	atLeast     int
}

var debianPackages = []debianPackage{
	{"prosody", "Prosody 0.12.3's own", 95},
	{"prosody-modules", "of the community", 90},
}

// Each of Debian's modules is loaded, unchanged, by itself. Most do, and docs/modules.md says which, and what the others want.
func TestModulesTable(t *testing.T) {
	if _, err := os.Stat(installedModules); err != nil {
		missing(t, "Debian's packages prosody and prosody-modules")
	}
	c := modulecheck.Checker{
		Options:  host.Options{Plugins: plugins.FS, Library: lua.FS, Programs: programs},
		Services: []modulecheck.Service{{Name: "rooms", Plugin: "muc_core", Events: "muc-"}},
		Patience: 30 * time.Second, // other tests may run beside
	}
	// One module lies in another's folder, which whoever wants it has to name.
	report, err := c.Check(t.Context(), []string{installedModules, filepath.Join(installedModules, "mod_stanza_counter")})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Broken {
		t.Errorf("%s: %s", f.File, f.Problem)
	}
	var tables strings.Builder
	for _, p := range debianPackages {
		names := modulesOf(t, p.name)
		part := report.Of(names)
		if len(part.Modules) != len(names) {
			t.Errorf("%s: %d modules are found, want %d", p.name, len(part.Modules), len(names))
		}
		p.write(t, &tables, part)
	}
	compareTables(t, tables.String())
}

// write writes the table of a package, and fails if too few of its modules load.
func (p debianPackage) write(t *testing.T, b *strings.Builder, r *modulecheck.Report) {
	t.Helper()
	loaded, all := r.Count(), len(r.Modules)
	fmt.Fprintf(b, "\n## `%s`, %s: %d of %d load\n\n", p.name, p.about, loaded, all)
	if err := r.Markdown(b); err != nil {
		t.Fatal(err)
	}
	if all == 0 || loaded*100 < p.atLeast*all {
		t.Errorf("%s: %d of %d modules load, want %d %%", p.name, loaded, all, p.atLeast)
	}
}

// modulesOf are the names of a package's modules.
func modulesOf(t *testing.T, name string) map[string]bool {
	t.Helper()
	list, err := exec.CommandContext(t.Context(), "dpkg", "-L", name).Output()
	if err != nil {
		missing(t, "Debian's package "+name)
	}
	names := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		file := filepath.Base(strings.TrimSpace(line))
		if module, ok := strings.CutPrefix(file, "mod_"); ok && strings.HasSuffix(module, ".lua") {
			names[strings.TrimSuffix(module, ".lua")] = true
		}
	}
	return names
}

func compareTables(t *testing.T, tables string) {
	t.Helper()
	src, err := os.ReadFile(tableFile)
	if err != nil {
		t.Fatal(err)
	}
	text, got, ok := strings.Cut(string(src), tablesFrom)
	switch {
	case !ok:
		t.Fatal("the tables are missing")
	case *update:
		if err := os.WriteFile(tableFile, []byte(text+tablesFrom+tables), 0o600); err != nil {
			t.Fatal(err)
		}
	case got != tables:
		t.Errorf("docs/modules.md does not say what is; go test ./interop -run TestModulesTable -update writes it. What differs:\n%s", difference(got, tables))
	}
}

// difference is the lines that one of two texts lacks.
func difference(old, now string) string {
	var b strings.Builder
	only := func(mark, a, other string) {
		has := map[string]bool{}
		for line := range strings.Lines(other) {
			has[line] = true
		}
		for line := range strings.Lines(a) {
			if !has[line] {
				b.WriteString(mark + line)
			}
		}
	}
	only("- ", old, now)
	only("+ ", now, old)
	return b.String()
}
