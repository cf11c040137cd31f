package main

import (
	"strings"
	"testing"
)

func TestUserCommands(t *testing.T) {
	data := t.TempDir()
	steps := []struct {
		args  []string
		stdin string
		code  int
		text  string // a part of what is printed, wherever
	}{
		{[]string{"add", "romeo@localhost"}, "montague\n", exitOK, "added romeo@localhost"},
		{[]string{"add", "Juliet@LOCALHOST"}, "capulet", exitOK, "added juliet@localhost"},
		{[]string{"add", "romeo@localhost"}, "again\n", exitFail, `"romeo": the account exists`},
		{[]string{"add", "rosaline@localhost"}, "\n", exitFail, "no password given"},
		{[]string{"add", "rosaline@verona.example"}, "x\n", exitFail, "the host has no accounts"},
		{[]string{"add", "localhost"}, "x\n", exitFail, "want an address such as romeo@localhost"},
		{[]string{"passwd", "romeo@localhost"}, "new\n", exitOK, "changed the password of romeo@localhost"},
		{[]string{"passwd", "paris@localhost"}, "new\n", exitFail, "no such account"},
		{[]string{"list"}, "", exitOK, "romeo@localhost"},
		{[]string{"list", "localhost"}, "", exitOK, "juliet@localhost"},
		{[]string{"list", "verona.example"}, "", exitFail, `the host has no accounts: "verona.example"`},
		{[]string{"delete", "juliet@localhost"}, "", exitOK, "deleted juliet@localhost"},
		{[]string{"delete", "juliet@localhost"}, "", exitFail, "no such account"},
	}
	for _, step := range steps {
		got := run(t, step.stdin, append([]string{"user", "--data", data}, step.args...)...)
		if got.code != step.code || !strings.Contains(got.stdout+got.stderr, step.text) {
			t.Fatalf("user %v: want %d, %q\ngot  %+v", step.args, step.code, step.text, got)
		}
	}
	if got := run(t, "", "user", "list", "--data", data); strings.TrimSpace(got.stdout) != "romeo@localhost" {
		t.Errorf("in the end: %+v", got)
	}
}
