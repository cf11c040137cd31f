package main

import (
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"quatrain/spec"
)

// scriptFolders are where protocol scripts are, from this folder; roomFolders those that have to do with rooms. Scripts of programs that have to
// be built first have tests of their own.
var (
	scriptFolders = []string{"../../spec", "../../spec/*", "../../plugins/[^m]*/spec"}
	roomFolders   = []string{"../../plugins/m*/spec", "../../examples/room_greeting/spec"}
)

// mixes are the runtimes of muc_core and muc_register.
var mixes = [][2]string{{"lua", "lua"}, {"lua", "go"}, {"go", "lua"}, {"go", "go"}}

// tagFaulty marks scripts in which a plugin fails on purpose, so that the server has to complain.
const tagFaulty = "faulty"

// TestScripts plays all protocol scripts of the repository in a random order, each against a server of its own, which must find nothing to
// complain of: a handler that fails may look like one that answers nothing. Scripts of rooms are played with every mix of the room plugins'
// twins; those in Go run in processes of their own.
func TestScripts(t *testing.T) {
	type play struct {
		name, file string
		how        runtimes
	}
	var plays []play
	for _, file := range scriptsIn(t, scriptFolders) {
		plays = append(plays, play{scriptName(file), file, runtimes{}})
	}
	for _, file := range scriptsIn(t, roomFolders) {
		for _, mix := range mixes {
			of := map[string]string{"muc_core": mix[0], "muc_register": mix[1]}
			plays = append(plays, play{scriptName(file) + "/" + mix[0] + "+" + mix[1], file, runtimes{of: of}})
		}
	}
	rand.Shuffle(len(plays), func(i, j int) { plays[i], plays[j] = plays[j], plays[i] })
	for _, p := range plays {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			playScript(t, p.file, p.how)
		})
	}
}

func scriptName(file string) string { return strings.TrimPrefix(filepath.ToSlash(file), "../../") }

// scriptsIn are the scripts of folders; there have to be some.
func scriptsIn(t *testing.T, folders []string) (files []string) {
	t.Helper()
	for _, folder := range folders {
		found, err := filepath.Glob(folder + "/*.scs")
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Fatalf("no scripts in %q", folders)
	}
	return files
}

func playScript(t *testing.T, file string, how runtimes) {
	t.Helper()
	complaints := &logbook{}
	p := &program{stdout: io.Discard, stderr: complaints}
	if err := p.playFile(t.Context(), &specOptions{timeout: 4 * spec.DefaultTimeout, runtimes: how}, file); err != nil {
		t.Error(err)
	}
	if text := complaints.String(); (text != "") != isFaulty(t, file) {
		t.Errorf("the server complains:\n%s", text)
	}
}

func isFaulty(t *testing.T, file string) bool {
	t.Helper()
	return slices.Contains(parseScript(t, file).Tags, tagFaulty)
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
