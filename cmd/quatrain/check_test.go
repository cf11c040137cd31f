package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckModules(t *testing.T) {
	dir := t.TempDir()
	put := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("mod_mine.lua", `module:add_feature("urn:example:mine")`)
	put("mod_poor.lua", `require "nowhere"`)
	o := run(t, "", "check", "--modules", dir)
	for _, part := range []string{"loads on: host", `needs library "nowhere" (mod_poor.lua:1)`, "1 of 2 modules load"} {
		if o.code != exitOK || !strings.Contains(o.stdout, part) {
			t.Errorf("exit code %d, output %q, want %q in it", o.code, o.stdout, part)
		}
	}
	if o = run(t, "", "check", "--modules", "--format", "markdown", dir); o.code != exitOK || !strings.Contains(o.stdout, "| `mine` | loads | host |  |") {
		t.Errorf("exit code %d, output %q", o.code, o.stdout)
	}
	put("mod_bad.lua", "local = 5")
	o = run(t, "", "check", "--modules", "--format", "json", dir)
	var report struct{ Modules, Broken []map[string]any }
	if err := json.Unmarshal([]byte(o.stdout), &report); err != nil || len(report.Modules) != 3 || len(report.Broken) != 1 {
		t.Errorf("%v: %s", err, o.stdout)
	}
	if o.code != exitFail || !strings.Contains(o.stderr, "1 file cannot be parsed") {
		t.Errorf("a file that does not parse: exit code %d, %s", o.code, o.stderr)
	}
}

func TestCheckModulesMisuse(t *testing.T) {
	for _, tt := range []struct {
		name  string
		args  []string
		code  int
		error string
	}{
		{"no directory", []string{"--modules"}, exitUsage, "want directories"},
		{"format", []string{"--modules", "--format", "html", "."}, exitUsage, `got "html"`},
		{"a directory that is not there", []string{"--modules", "testdata/nowhere"}, exitFail, "testdata/nowhere"},
		{"directory without --modules", []string{"."}, exitUsage, "unexpected argument"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if o := run(t, "", append([]string{"check"}, tt.args...)...); o.code != tt.code || !strings.Contains(o.stderr, tt.error) {
				t.Errorf("exit code %d, %s", o.code, o.stderr)
			}
		})
	}
}
