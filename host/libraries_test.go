package host_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What Lua modules call of libraries: testdata/library_functions.tsv lists, by library and function, how many modules outside Prosody (of its
// community's, Jitsi's and jitsi-contrib's) use it, if there are two or one in Debian. "(require)" is the library itself, "(call)" that it is a
// function; "module" stands for the methods of module objects. Each is there, or stands in testdata/library_lacks.tsv with its reason.
func TestModulesFindTheirLibraries(t *testing.T) {
	rows := readTable(t, "testdata/library_functions.tsv", 3)
	missing := missingFunctions(t, rows)
	lacks := map[string]string{}
	for _, row := range readTable(t, "testdata/library_lacks.tsv", 3) {
		lacks[row[0]+" "+row[1]] = row[2]
	}
	for _, row := range rows {
		name := row[0] + " " + row[1]
		reason, lacking := lacks[name]
		delete(lacks, name)
		switch what := missing[name]; {
		case what != "" && !lacking:
			t.Errorf("%s, used by %s modules: %s", name, row[2], what)
		case what == "" && lacking:
			t.Errorf("%s is there, and should not be among the lacks (%s)", name, reason)
		}
	}
	for name := range lacks {
		t.Errorf("%s is among the lacks, but not among what modules use", name)
	}
}

// missingFunctions are those that a module that calls all of them is warned of, with the warning.
func missingFunctions(t *testing.T, rows [][]string) map[string]string {
	t.Helper()
	var code bytes.Buffer
	for i, row := range rows {
		line := fmt.Sprintf("local l%d = require %q;", i, row[0])
		switch {
		case row[0] == "module":
			line = fmt.Sprintf("module:%s();", row[1])
		case row[1] == "(call)":
			line = fmt.Sprintf("require %q();", row[0])
		case row[1] != "(require)":
			line += fmt.Sprintf(" l%d.%s();", i, row[1])
		}
		fmt.Fprintln(&code, "function use", line, "end")
	}
	// A Lua function has few local variables: each row is a function, not called.
	text := strings.ReplaceAll(code.String(), "function use", "module.uses = function ()")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mod_uses_all.lua"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, setting{config: fmt.Sprintf("[global]\nplugin_paths = [%q]\n[host.localhost]\n", dir)})
	ex, err := s.Examine(t.Context(), "uses_all")
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]string{}
	for _, d := range ex.Doubts {
		row := rows[d.Line-1]
		missing[row[0]+" "+row[1]] = d.Text
	}
	return missing
}

// readTable reads rows of columns separated by tabs.
func readTable(t *testing.T, file string, columns int) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		row := strings.Split(strings.TrimSuffix(string(line), "\n"), "\t")
		if len(row) != columns {
			t.Fatalf("%s: %q has %d columns", file, line, len(row))
		}
		rows = append(rows, row)
	}
	return rows
}

// The same of the methods of objects, testdata/object_methods.tsv: how to make one, a method, how many modules use it.
func TestModulesFindTheirMethods(t *testing.T) {
	s := start(t, setting{config: "[host.localhost]\n"})
	for _, row := range readTable(t, "testdata/object_methods.tsv", 3) {
		found := s.lua(fmt.Sprintf(`
			local function STORE(kind) return require "core.storagemanager".open("localhost", "a_store", kind) end
			local object = %s
			return type(object[%q])`, row[0], row[1]))
		if found[0] != "function" {
			t.Errorf("%s: the method %s, used by %s modules, is %v", row[0], row[1], row[2], found)
		}
	}
}
