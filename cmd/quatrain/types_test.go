package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/lua"
)

func TestPluginTypes(t *testing.T) {
	dir := t.TempDir()
	settings := filepath.Join(dir, ".luarc.json")
	if err := os.WriteFile(settings, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	stale := filepath.Join(dir, typesFolder, "stale.lua")
	if err := os.Mkdir(filepath.Dir(stale), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stale, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := run(t, "", "plugin", "types", dir); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	written, want := os.DirFS(filepath.Join(dir, typesFolder)), 0
	err := fs.WalkDir(lua.Types, "types", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		want++
		_, err = fs.Stat(written, strings.TrimPrefix(path, "types/"))
		return err
	})
	if err != nil || want == 0 {
		t.Errorf("%d files, %v", want, err)
	}
	if _, err := os.Stat(stale); err == nil {
		t.Error("files of an older server stay")
	}
	if text, err := os.ReadFile(settings); err != nil || string(text) != "mine" {
		t.Errorf("the settings that were there are now %q, %v", text, err)
	}
}

func TestPluginTypesMisuse(t *testing.T) {
	for _, args := range [][]string{{}, {"a", "b"}} {
		if got := run(t, "", append([]string{"plugin", "types"}, args...)...); got.code != exitUsage {
			t.Errorf("%q: %+v", args, got)
		}
	}
	if got := run(t, "", "plugin", "types", "nowhere"); got.code != exitFail || !strings.Contains(got.stderr, "nowhere") {
		t.Errorf("%+v", got)
	}
}
