package plugins

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// itemsFile is where the items of rooms stand, from this folder.
const itemsFile = "../docs/rooms.md"

var (
	itemRow    = regexp.MustCompile(`(?m)^\| (M\d+[a-z]?) \| (.*?) \| (.*?)\s*\|$`)
	itemRange  = regexp.MustCompile(`\bM(\d+)-M?(\d+)\b`)
	itemNumber = regexp.MustCompile(`\bM\d+[a-z]?\b`)
	testName   = regexp.MustCompile("`(Test\\w+)`")
)

// itemsNamed are the numbers in a text. M1-M3 and M1–3 stand for M1, M2 and M3.
func itemsNamed(text string) (items []string) {
	text = strings.ReplaceAll(text, "–", "-")
	for _, m := range itemRange.FindAllStringSubmatch(text, -1) {
		first, _ := strconv.Atoi(m[1])
		last, _ := strconv.Atoi(m[2])
		for n := first; n <= last; n++ {
			items = append(items, fmt.Sprint("M", n))
		}
	}
	return append(items, itemNumber.FindAllString(itemRange.ReplaceAllString(text, ""), -1)...)
}

// comments are the comment lines of a protocol script.
func comments(script []byte) string {
	var lines []string
	for line := range bytes.Lines(script) {
		if bytes.HasPrefix(line, []byte("#")) {
			lines = append(lines, string(line))
		}
	}
	return strings.Join(lines, "")
}

// scripts maps each item to the scripts whose comments name it.
func scripts(t *testing.T) map[string][]string {
	t.Helper()
	shown := map[string][]string{}
	files, err := fs.Glob(FS, "*/spec/*.scs")
	if err != nil || len(files) == 0 {
		t.Fatalf("scripts: %v, %v", files, err)
	}
	for _, file := range files {
		src, err := fs.ReadFile(FS, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range itemsNamed(comments(src)) {
			if !slices.Contains(shown[item], file) {
				shown[item] = append(shown[item], file)
			}
		}
	}
	return shown
}

// goTests are the names of all test functions of the repository.
func goTests(t *testing.T) map[string]bool {
	t.Helper()
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	names := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		for _, m := range function.FindAllSubmatch(src, -1) {
			names[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestEveryItemIsShown lists the items of rooms that neither a script nor what the document names shows, and numbers that mean nothing.
func TestEveryItemIsShown(t *testing.T) {
	document, err := os.ReadFile(itemsFile)
	if err != nil {
		t.Fatal(err)
	}
	shown, tests, known := scripts(t), goTests(t), map[string]bool{}
	for _, row := range itemRow.FindAllStringSubmatch(string(document), -1) {
		item, what, elsewhere := row[1], row[2], row[3]
		if known[item] {
			t.Errorf("%s stands twice in %s", item, itemsFile)
		}
		known[item] = true
		if elsewhere == "" && shown[item] == nil {
			t.Errorf("%s has no script: %s", item, what)
		}
		for _, m := range testName.FindAllStringSubmatch(elsewhere, -1) {
			if !tests[m[1]] {
				t.Errorf("%s: there is no test %s", item, m[1])
			}
		}
	}
	if len(known) < 150 {
		t.Errorf("%s has %d items, want all of them", itemsFile, len(known))
	}
	for item, files := range shown {
		if !known[item] {
			t.Errorf("%s is none of the items: %s", item, strings.Join(files, ", "))
		}
	}
}
