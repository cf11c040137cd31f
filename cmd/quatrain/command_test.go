package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// outcome is what a command line did.
type outcome struct {
	code           int
	stdout, stderr string
}

func run(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs}
	code := p.main(t.Context(), args)
	return outcome{code, out.String(), errs.String()}
}

func TestUsage(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	tests := []struct {
		name       string
		args       []string
		code       int
		out, error string // a part of what is printed
	}{
		{"help", []string{"help"}, exitOK, "Usage: quatrain", ""},
		{"help as an option", []string{"--help"}, exitOK, "Commands:", ""},
		{"help of a command", []string{"spec", "-h"}, exitOK, "", "-server"},
		{"unknown command", []string{"sing"}, exitUsage, "", `unknown command "sing"`},
		{"unknown option", []string{"--sing"}, exitUsage, "", "flag provided but not defined: -sing"},
		{"too many arguments", []string{"run", "fast"}, exitUsage, "", `unexpected argument "fast"`},
		{"version", []string{"version"}, exitOK, "quatrain ", ""},
		{"no script", []string{"spec"}, exitUsage, "", "no script given"},
		{"no such script", []string{"spec", missing}, exitFail, "", "no such file"},
		{"no such configuration", []string{"check", "--config", missing}, exitFail, "", "no such file"},
		{"user without a word", []string{"user"}, exitUsage, "", "want one of: add JID"},
		{"user without a JID", []string{"user", "add"}, exitUsage, "", "want one of: add JID"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := run(t, "", test.args...)
			if got.code != test.code || !strings.Contains(got.stdout, test.out) || !strings.Contains(got.stderr, test.error) {
				t.Errorf("want %d, %q, %q\ngot  %+v", test.code, test.out, test.error, got)
			}
		})
	}
}

func TestSpecReportsMistakes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.scs")
	if err := os.WriteFile(file, []byte("[Client] Romeo\n\tjid: romeo@localhost\n---\nRomeo sings\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := run(t, "", "spec", "--server", "127.0.0.1:1", file)
	if got.code != exitFail || !strings.Contains(got.stdout, file+`:4: unknown action "sings"`) {
		t.Errorf("got %+v", got)
	}
}

func TestCheckNamesThePlaceOfAMistake(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plugins.toml")
	if err := os.WriteFile(file, []byte("[host.\"localhost\"]\nauthentification = \"anonymous\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := run(t, "", "check", "--config", file)
	if got.code != exitFail || !strings.Contains(got.stderr, "plugins.toml:2") || !strings.Contains(got.stderr, "authentication") {
		t.Errorf("got %+v", got)
	}
}

// M4: rooms live on a component, and say so where they are enabled elsewhere.
func TestRoomsWantAComponent(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "plugins.toml")
	text := "[host.\"localhost\"]\nmodules_enabled = [\"ping\", \"muc_core\"]\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got := run(t, "", "plugins", "--config", config, "--data", filepath.Join(dir, "data"))
	if !strings.Contains(got.stderr, "name it as the component's plugin") {
		t.Errorf("no word about the component: %+v", got)
	}
	if !strings.Contains(got.stdout, "ping") || strings.Contains(got.stdout, "muc_core") {
		t.Errorf("want ping without muc_core, got %+v", got)
	}
}
