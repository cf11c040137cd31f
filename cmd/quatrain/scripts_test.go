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

// scriptFolders are where protocol scripts are, from this folder; those of programs that have to be built first have tests of their own.
var scriptFolders = []string{"../../spec", "../../spec/*", "../../plugins/*/spec", "../../examples/room_greeting/spec"}

// tagFaulty marks scripts in which a plugin fails on purpose, so that the server has to complain.
const tagFaulty = "faulty"

// TestScripts plays all protocol scripts of the repository in a random order, each against a server of its own, which must find nothing to
// complain of: a handler that fails may look like one that answers nothing.
func TestScripts(t *testing.T) {
	var files []string
	for _, folder := range scriptFolders {
		found, err := filepath.Glob(folder + "/*.scs")
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Fatal("no scripts found")
	}
	rand.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	for _, file := range files {
		t.Run(strings.TrimPrefix(filepath.ToSlash(file), "../../"), func(t *testing.T) {
			t.Parallel()
			playScript(t, file, runtimes{})
		})
	}
}

// TestScriptsOfGoTwins plays the scripts of the plugins that exist in Go with these instead of their Lua twins.
func TestScriptsOfGoTwins(t *testing.T) {
	for name := range programs() {
		files, err := filepath.Glob("../../plugins/" + name + "/spec/*.scs")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			t.Run(name+"/"+filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				playScript(t, file, runtimes{of: map[string]string{name: "go"}, inProcess: true})
			})
		}
	}
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
