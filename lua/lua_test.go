package lua_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/lua"
)

// TestPureLua runs every test that needs nothing but Lua under the reference interpreters, so that it is the language that is tested
// and not our idea of it. The bridge runs the same files on ours.
func TestPureLua(t *testing.T) {
	files, err := filepath.Glob("test/util_*_test.lua")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	files = append(files, "test/net_url_test.lua")
	for _, interpreter := range []string{"lua5.1", "lua5.4"} {
		t.Run(interpreter, func(t *testing.T) {
			path := find(t, interpreter)
			for _, file := range files {
				t.Run(strings.TrimSuffix(filepath.Base(file), "_test.lua"), func(t *testing.T) { run(t, path, file) })
			}
		})
	}
}

// find returns the path of an interpreter. Without one the test is skipped, except in CI, where every package must be installed.
func find(t *testing.T, interpreter string) string {
	path, err := exec.LookPath(interpreter)
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is missing: CI has to install it", interpreter)
	default:
		t.Skipf("%s is not installed", interpreter)
	}
	return ""
}

func run(t *testing.T, interpreter, file string) {
	cmd := exec.Command(interpreter, file)
	cmd.Env = append(os.Environ(), "LUA_INIT=", "LUA_INIT_5_4=", "LUA_PATH=./?.lua", "LUA_PATH_5_4=./?.lua", "LUA_CPATH=", "LUA_CPATH_5_4=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestEachLibraryHasATest keeps the promise of the package comment.
func TestEachLibraryHasATest(t *testing.T) {
	for _, name := range libraries(t) {
		pure, _ := filepath.Glob("test/util_" + name + "_test.lua")
		host, _ := filepath.Glob("test/host_" + name + "_test.lua")
		if len(pure)+len(host) == 0 {
			t.Errorf("util.%s has no test", strings.ReplaceAll(name, "_", "."))
		}
	}
}

// libraries lists what is embedded: "set", "human_units", …
func libraries(t *testing.T) []string {
	var names []string
	for _, pattern := range []string{"util/*.lua", "util/*/*.lua"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if _, err := lua.FS.Open(filepath.ToSlash(file)); err != nil {
				t.Errorf("not embedded: %v", err)
			}
			name := strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(file), "util/"), ".lua")
			names = append(names, strings.ReplaceAll(name, "/", "_"))
		}
	}
	return names
}
