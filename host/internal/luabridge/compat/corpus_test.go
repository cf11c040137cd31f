package compat

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompilesRealCode compiles every Lua file of Debian's prosody and prosody-modules.
func TestCompilesRealCode(t *testing.T) {
	for _, dir := range []string{"/usr/lib/prosody", "/usr/lib/prosody/modules"} {
		if _, err := os.Stat(dir); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("the packages prosody and prosody-modules are not installed: %v", err)
			}
			t.Skipf("the packages prosody and prosody-modules are not installed: %v", err)
		}
	}
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
