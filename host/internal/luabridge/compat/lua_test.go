package compat

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// TestLua runs the files in testdata on our interpreter, and on the reference ones: it is the language that is tested, not our idea of it.
func TestLua(t *testing.T) {
	files, err := filepath.Glob("testdata/*.lua")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for _, file := range files {
		if filepath.Base(file) == "harness.lua" {
			continue
		}
		name := strings.TrimSuffix(filepath.Base(file), ".lua")
		t.Run(name+"/ours", func(t *testing.T) { judge(t, runOurs(t, file)) })
		for _, reference := range references(name) {
			t.Run(name+"/"+reference, func(t *testing.T) { judge(t, runReference(t, reference, file)) })
		}
	}
}

// references are the interpreters that run a file too: x_54.lua is newer than 5.1, x_ours.lua is about us alone.
func references(name string) []string {
	switch {
	case strings.HasSuffix(name, "_54"):
		return []string{"lua5.4"}
	case strings.HasSuffix(name, "_ours"):
		return nil
	}
	return []string{"lua5.1", "lua5.4"}
}

func judge(t *testing.T, out string) {
	t.Helper()
	if !strings.Contains(out, " 0 failed\n") {
		t.Error(out)
	}
}

func runOurs(t *testing.T, file string) string {
	var out bytes.Buffer
	it := New(Options{Stdout: &out})
	src, err := os.ReadFile("testdata/harness.lua")
	if err != nil {
		t.Fatal(err)
	}
	it.Globals().RawSetString("OURS", lua.LTrue)
	args := it.State().NewTable()
	args.Append(lua.LString(file))
	it.Globals().RawSetString("arg", args)
	fn, err := it.Load(src, "@harness.lua", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := it.Call(context.Background(), fn, 0); err != nil {
		t.Fatalf("%v\n%s", err, err.(*Error).Traceback)
	}
	return out.String()
}

func runReference(t *testing.T, reference, file string) string {
	path, err := exec.LookPath(reference)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", reference)
		}
		t.Skipf("%s is not installed", reference)
	}
	out, err := exec.Command(path, "testdata/harness.lua", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}
