// Package skeleton writes the beginning of a plugin: one that does something small, with its manifest, its test and the words to go with it.
package skeleton

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

// Languages are those that a plugin can be begun in.
var Languages = []string{"go", "lua"}

// templates are a folder for each language. ".tmpl" at the end of a file's name is taken away, "NAME" becomes the plugin's.
//
//go:embed templates
var templates embed.FS

// Plugin is what is to be begun.
type Plugin struct {
	// Name is the plugin's, as configurations have it.
	Name string
	// Language is one of Languages.
	Language string
	// Dir is the folder in which one of the plugin's name is made.
	Dir string
	// Checkout is a folder with the server's sources, for a plugin in Go; "" to find one.
	Checkout string
}

// Folder is where the plugin will be.
func (p Plugin) Folder() string { return filepath.Join(p.Dir, p.Name) }

// Write makes the folder. What is there already is left alone, and is an error.
func (p Plugin) Write(ctx context.Context) error {
	if err := p.check(); err != nil {
		return err
	}
	files, err := p.render()
	if err != nil {
		return err
	}
	if p.Language == "go" {
		if err := p.addModule(ctx, files); err != nil {
			return err
		}
	}
	return p.write(files)
}

var goodName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// check looks at what does not need the disk.
func (p Plugin) check() error {
	if !slices.Contains(Languages, p.Language) {
		return fmt.Errorf("unknown language %q: want %s (docs/writing-plugins.md tells how to use others)", p.Language, strings.Join(Languages, " or "))
	}
	if !goodName.MatchString(p.Name) {
		return fmt.Errorf("bad name %q: want a lower-case letter, then lower-case letters, digits and underscores, at most 63 in all", p.Name)
	}
	if rest, ok := strings.CutPrefix(p.Name, "mod_"); ok {
		return fmt.Errorf("bad name %q: the name is what configurations say, %q; its file is called %s.lua", p.Name, rest, p.Name)
	}
	return nil
}

// render fills in the templates of the language.
func (p Plugin) render() (files map[string][]byte, err error) {
	files = map[string][]byte{}
	root := "templates/" + p.Language
	err = fs.WalkDir(templates, root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		t, err := template.ParseFS(templates, path)
		if err != nil {
			return err
		}
		var text bytes.Buffer
		if err := t.Option("missingkey=error").Execute(&text, p); err != nil {
			return err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(path, root+"/"), ".tmpl")
		files[strings.ReplaceAll(name, "NAME", p.Name)] = text.Bytes()
		return nil
	})
	return files, err
}

// write makes the folder with all files in it, or nothing.
func (p Plugin) write(files map[string][]byte) error {
	if err := os.MkdirAll(p.Dir, 0o755); err != nil {
		return err
	}
	folder := p.Folder()
	if err := os.Mkdir(folder, 0o755); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already", folder)
	} else if err != nil {
		return err
	}
	for name, text := range files {
		if err := writeFile(filepath.Join(folder, filepath.FromSlash(name)), text); err != nil {
			return errors.Join(err, os.RemoveAll(folder))
		}
	}
	return nil
}

func writeFile(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
