package main

import (
	"os"
	"path/filepath"
	"testing"

	"quatrain/spec"
)

// TestGoExample builds the module of examples/go, runs its own tests, and plays its script on rooms of both kinds.
func TestGoExample(t *testing.T) {
	t.Parallel()
	const example = "../../examples/go"
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "spec"), os.DirFS(filepath.Join(example, "spec"))); err != nil {
		t.Fatal(err)
	}
	goTool(t, example, "vet", "./...")
	goTool(t, example, "test", "./...")
	goTool(t, example, "build", "-o", filepath.Join(dir, "polls"), ".")
	for _, rooms := range []string{"lua", "go"} {
		t.Run("rooms in "+rooms, func(t *testing.T) {
			complaints := &logbook{}
			p := &program{stderr: complaints}
			o := &specOptions{timeout: 4 * spec.DefaultTimeout, runtimes: runtimes{of: map[string]string{"muc_core": rooms}}}
			if err := p.playFile(t.Context(), o, filepath.Join(dir, "spec", "polls.scs")); err != nil {
				t.Error(err)
			}
			if text := complaints.String(); text != "" {
				t.Errorf("the server complains:\n%s", text)
			}
		})
	}
}
