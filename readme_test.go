package quatrain

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeShowsTheExample keeps the README's plugin the one that is tested.
func TestReadmeShowsTheExample(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("examples/room_greeting/mod_room_greeting.lua")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```lua\n"+string(code)+"```") {
		t.Error("the README's Lua plugin differs from examples/room_greeting/mod_room_greeting.lua")
	}
}

// TestSpecificationsAreComplete finds extensions that a shipped plugin says it implements and that docs/specifications.md does not list.
func TestSpecificationsAreComplete(t *testing.T) {
	list, err := os.ReadFile("docs/specifications.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("plugins/*/README.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no READMEs of plugins: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`XEP-(\d{4})`).FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(string(list), "\n| "+m[1]+" |") {
				t.Errorf("%s: %s is not in docs/specifications.md", file, m[0])
			}
		}
	}
}

// TestLinksLead checks the links between the documents.
func TestLinksLead(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "plugins/*/README.md", "examples/*/README.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	link := regexp.MustCompile(`\]\(([^)#]+)[^)]*\)`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s: the link %s leads nowhere", file, m[1])
			}
		}
	}
}
