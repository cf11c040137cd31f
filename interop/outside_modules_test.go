package interop

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
	"quatrain/spec"
)

// installedModules is where Debian's packages prosody and prosody-modules put theirs.
const installedModules = "/usr/lib/prosody/modules"

// TestModulesFromOutside runs community modules, unchanged, from the installed package.
func TestModulesFromOutside(t *testing.T) {
	for _, name := range []string{"support_contact", "muc_restrict_media"} {
		t.Run(name, func(t *testing.T) {
			forTwins(t, func(t *testing.T, runtime string) {
				play(t, outsideServer(t, runtime), filepath.Join("testdata", name+".scs"))
			})
		})
	}
}

func outsideServer(t *testing.T, runtime string) *host.Server {
	t.Helper()
	dir := t.TempDir()
	link(t, dir, "support_contact", "muc_restrict_media")
	config, err := os.ReadFile("testdata/outside_modules.toml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "plugins.toml")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		t.Fatal(err)
	}
	return startServer(t, host.Options{ConfigFile: file, Runtimes: twins(runtime)}, map[string]string{
		"nurse@localhost": "bawd", "romeo@localhost": "montague", "rosaline@localhost": "capulet",
	})
}

// link makes a directory "modules" with only the named ones, so that no other installed module takes the place of ours. A module is a
// file mod_NAME.lua, or a folder mod_NAME or NAME. LINK=NAME is the module's main file alone, as module LINK.
func link(t *testing.T, dir string, names ...string) {
	t.Helper()
	modules := filepath.Join(dir, "modules")
	if err := os.Mkdir(modules, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		other, name, renamed := cutLink(name)
		source := installed(t, name)
		target := filepath.Base(source)
		if renamed {
			target = "mod_" + other + ".lua"
		}
		err := os.Symlink(source, filepath.Join(modules, target))
		if err != nil && !errors.Is(err, fs.ErrExist) {
			t.Fatal(err)
		}
	}
}

// cutLink takes LINK=NAME apart.
func cutLink(entry string) (link, name string, renamed bool) {
	if link, name, renamed = strings.Cut(entry, "="); !renamed {
		name = entry
	}
	return link, name, renamed
}

func installed(t *testing.T, name string) (path string) {
	t.Helper()
	for _, form := range []string{"mod_" + name, "mod_" + name + ".lua", name} {
		path = filepath.Join(installedModules, form)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	missing(t, fmt.Sprintf("the module %s of Debian's packages prosody and prosody-modules", name))
	return ""
}

func play(t *testing.T, srv *host.Server, file string) {
	t.Helper()
	script := parseScript(t, file)
	player := spec.Player{Dial: spec.Only(srv.Addrs()[0].String()), Timeout: 4 * spec.DefaultTimeout, Register: true}
	if err := player.Play(t.Context(), script); err != nil {
		t.Error(err)
	}
}

func parseScript(t *testing.T, file string) *spec.Script {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	script, err := spec.Parse(file, src)
	if err != nil {
		t.Fatal(err)
	}
	return script
}
