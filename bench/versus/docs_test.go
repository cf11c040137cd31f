package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestDocumentsAreMadeOfTheResults compares what stands in the documents with what the results that are kept make of them.
func TestDocumentsAreMadeOfTheResults(t *testing.T) {
	const docs = "../../docs"
	made, err := generate(docs)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range made {
		if got, err := os.ReadFile(filepath.Join(docs, name)); err != nil || string(got) != string(want) {
			t.Errorf("docs/%s differs from what the results make of it (%v): go run ./bench/versus --write-docs", name, err)
		}
	}
}

func TestReplaceBetween(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"filled":   {"a\n<\nold\n>\nb\n", "a\n<\nnew\n>\nb\n"},
		"empty":    {"<\n>\n", "<\nnew\n>\n"},
		"no begin": {"a\n>\n", ""},
		"no end":   {"<\na\n", ""},
	} {
		got, err := replaceBetween([]byte(c.text), "<", ">", "new\n")
		if string(got) != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, c.want)
		}
	}
}

func TestKeepsAPart(t *testing.T) {
	docs := t.TempDir()
	if err := os.WriteFile(filepath.Join(docs, document), []byte(generatedFrom+"\n"+generatedTo+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, server := range []string{"prosody", "quatrain-go"} {
		r := newReport()
		r.Pinned = true
		r.add("fanout", server, result{CPU: 2})
		if err := keep(docs, r, true); err != nil {
			t.Fatal(err)
		}
	}
	r, err := loadReport(filepath.Join(docs, pinnedFile))
	if err != nil || len(r.Results["fanout"]) != 2 {
		t.Errorf("%+v, %v, want both servers", r, err)
	}
}
