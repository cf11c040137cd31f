package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Files below the directory of documents. What was measured unpinned stands by itself.
const (
	pinnedFile   = "performance/results.json"
	unpinnedFile = "performance/unpinned.json"
	document     = "performance.md"
	barsFile     = "performance/plot.svg"
	curvesFile   = "performance/growth.svg"
)

// Between these lines of the document stands what is made of the results.
const (
	generatedFrom = "<!-- from here on made by go run ./bench/versus --write-docs -->"
	generatedTo   = "<!-- to here -->"
)

// keep writes a report where the documents have it, and makes of it what they show. A report of a part replaces that part of what is there.
func keep(docs string, r *report, part bool) error {
	file := pinnedFile
	if !r.Pinned {
		file = unpinnedFile
	}
	if part {
		old, err := loadReport(filepath.Join(docs, file))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if old != nil {
			r = old.replacedBy(r)
		}
	}
	if err := os.MkdirAll(filepath.Join(docs, filepath.Dir(file)), 0o755); err != nil {
		return err
	}
	if err := r.save(filepath.Join(docs, file)); err != nil {
		return err
	}
	return writeDocs(docs)
}

// writeDocs makes plots and tables of the results that are kept.
func writeDocs(docs string) error {
	made, err := generate(docs)
	if err != nil {
		return err
	}
	for name, text := range made {
		if err := os.WriteFile(filepath.Join(docs, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate is what the results that are kept in docs make of the documents, by file name.
func generate(docs string) (map[string][]byte, error) {
	pinned, err := loadReport(filepath.Join(docs, pinnedFile))
	if err != nil {
		return nil, err
	}
	unpinned, err := loadReport(filepath.Join(docs, unpinnedFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	old, err := os.ReadFile(filepath.Join(docs, document))
	if err != nil {
		return nil, err
	}
	text, err := replaceBetween(old, generatedFrom, generatedTo, chapter(pinned, unpinned))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", document, err)
	}
	return map[string][]byte{document: text, barsFile: pinned.bars(), curvesFile: curves(pinned.Growth)}, nil
}

func replaceBetween(text []byte, from, to, middle string) ([]byte, error) {
	head, rest, found := bytes.Cut(text, []byte(from+"\n"))
	_, tail, ends := bytes.Cut(rest, []byte(to+"\n"))
	if !found || !ends {
		return nil, fmt.Errorf("want the lines %q and %q", from, to)
	}
	return fmt.Appendf(nil, "%s%s\n%s%s\n%s", head, from, middle, to, tail), nil
}

// chapter is the part of the document that is made of results; unpinned may be nil.
func chapter(pinned, unpinned *report) string {
	var b strings.Builder
	b.WriteString("\n## Side by side\n\n" + pinned.circumstances() + "\n" + pinned.summary())
	if len(pinned.Growth) > 0 {
		b.WriteString("\n## Growth\n\n![Four curves](" + curvesFile + ")\n\n" + tables(pinned.Growth))
	}
	b.WriteString("\n## Each scenario\n\n" + pinned.details())
	if unpinned != nil {
		b.WriteString("## Both on all cores\n\n" + unpinned.circumstances() + "\n" + unpinned.summary() + "\n")
	}
	return b.String()
}

// circumstances say where and how a report came about.
func (r *report) circumstances() string {
	m := r.Machine
	how := "the server on one core and the clients on the others"
	if !r.Pinned {
		how = "server and clients on the same cores"
	}
	return fmt.Sprintf("Measured on %s: %s, %d cores, %d GiB, %s, Linux %s, %s; Prosody %s, ejabberd %s, Quatrain %s. Medians of %d, %.0f s each, %s; all of it took %.0f minutes.\n",
		strings.SplitN(m.Date, "T", 2)[0], m.CPU, m.Cores, m.Memory>>30, m.System, m.Kernel, m.Go, m.Versions["prosody"], m.Versions["ejabberd"], m.Versions["quatrain"],
		r.Rounds, r.Length, how, r.Took/60)
}
