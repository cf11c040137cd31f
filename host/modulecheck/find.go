package modulecheck

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"quatrain/host/internal/luabridge/luascan"
)

// folder is what was found in the directories.
type folder struct {
	modules []found
	files   []string // all files of Lua, also those that belong to no module
}

// found is a module and its main file.
type found struct{ name, file string }

// maxDepth is how deep below a module directory files are looked for; a link may lead back.
const maxDepth = 4

// look finds the modules of directories. Of several modules of a name the first counts, as when the server looks for one. The error is that a
// directory cannot be read.
func look(dirs []string) (*folder, error) {
	f := &folder{}
	for _, dir := range dirs {
		if err := f.lookIn(dir, 0); err != nil {
			return nil, fmt.Errorf("looking for modules: %w", err)
		}
	}
	slices.SortFunc(f.modules, func(a, b found) int { return strings.Compare(a.name, b.name) })
	return f, nil
}

func (f *folder) lookIn(dir string, depth int) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return err
		case info.IsDir() && depth < maxDepth:
			if err := f.lookIn(path, depth+1); err != nil {
				return err
			}
		case info.Mode().IsRegular() && strings.HasSuffix(path, ".lua"):
			f.files = append(f.files, path)
			f.addModule(path, depth)
		}
	}
	return nil
}

// addModule adds the module of a file that the server would find: mod_NAME.lua, mod_NAME/mod_NAME.lua, NAME/mod_NAME.lua or
// mod_NAME/NAME/mod_NAME.lua.
func (f *folder) addModule(file string, depth int) {
	name, ok := strings.CutPrefix(strings.TrimSuffix(filepath.Base(file), ".lua"), "mod_")
	if !ok || strings.Contains(name, ".") {
		return
	}
	above := filepath.Base(filepath.Dir(file))
	switch {
	case depth == 0:
	case depth == 1 && (above == name || above == "mod_"+name):
	case depth == 2 && above == name && filepath.Base(filepath.Dir(filepath.Dir(file))) == "mod_"+name:
	default:
		return
	}
	if !slices.ContainsFunc(f.modules, func(m found) bool { return m.name == name }) {
		f.modules = append(f.modules, found{name, file})
	}
}

// parse reads all files and lists those that are not Lua, or another one.
func (f *folder) parse() (broken []BadFile, err error) {
	for _, file := range f.files {
		src, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if _, err := luascan.File(src, filepath.Base(file)); err != nil {
			broken = append(broken, BadFile{File: file, Problem: err.Error()})
		}
	}
	return broken, nil
}
