package compat

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompilesRealCode compiles every Lua file of Debian's prosody and prosody-modules.
func TestCompilesRealCode(t *testing.T) {
	needProsody(t)
	chunks := NewChunks()
	files := 0
	for _, dir := range []string{"/usr/lib/prosody", "/usr/share/lua/5.1"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".lua") {
				return err
			}
			files++
			compileFile(t, chunks, path)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if files < 300 {
		t.Errorf("only %d files found", files)
	}
}

// needProsody skips the test where the Debian packages are missing; CI must have them.
func needProsody(t *testing.T) {
	t.Helper()
	for _, dir := range []string{"/usr/lib/prosody", "/usr/lib/prosody/modules/mod_adhoc_blacklist"} {
		if _, err := os.Stat(dir); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("the packages prosody and prosody-modules are not installed: %v", err)
			}
			t.Skipf("the packages prosody and prosody-modules are not installed: %v", err)
		}
	}
}

// TestRealLibraries uses Debian's own util libraries, unmodified: they give what they give on Lua 5.1.
func TestRealLibraries(t *testing.T) {
	needProsody(t)
	const file = "testdata/debian/libraries.lua"
	path, err := exec.LookPath("lua5.1")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("lua5.1 is not installed")
		}
		t.Skip("lua5.1 is not installed")
	}
	want, err := exec.Command(path, file).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	it := New(Options{Stdout: &got})
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fn, err := it.Load(src, "@"+file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := it.Call(t.Context(), fn, 0); err != nil {
		t.Fatalf("%v\n%s", err, err.(*Error).Traceback)
	}
	ours := strings.Split(got.String(), "\n")
	for i, line := range strings.Split(string(want), "\n") {
		if i >= len(ours) || ours[i] != line {
			t.Fatalf("line %d:\n got %s\nwant %s", i+1, ours[min(i, len(ours)-1)], line)
		}
	}
}

// newerOnly are files that Lua 5.1 cannot compile either; their programs fall back on something else.
var newerOnly = map[string]bool{"bit53.lua": true}

func compileFile(t *testing.T, chunks *Chunks, path string) {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return
	}
	if _, err := chunks.Compile(src, path); err != nil && !newerOnly[filepath.Base(path)] {
		t.Error(err)
	}
}
