package luabridge

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// source is a module's file.
type source struct {
	module string // its name
	dir    Dir
	file   string // within dir
	code   []byte
	meta   metadata
}

// of notes whose file it is; s may be nil.
func (s *source) of(module string) *source {
	if s != nil {
		s.module = module
	}
	return s
}

// path is what module.path says.
func (s *source) path() string { return s.dir.Path + "/" + s.file }

// chunkName is what errors and tracebacks name.
func (s *source) chunkName() string { return "@" + path.Base(s.file) }

// SetDirs replaces Options.PluginDirs. Modules that are loaded stay what they are until they are loaded anew.
func (b *Bridge) SetDirs(dirs []Dir) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dirs = dirs
}

// find looks for a module's file in the plugin directories (module-api: module files and loading).
func (b *Bridge) find(name string) (*source, error) {
	if !validName(name) {
		return nil, errNotFound
	}
	file := "mod_" + name + ".lua"
	s, err := b.read("mod_"+name+"/"+name+"/"+file, "mod_"+name+"/"+file, name+"/"+file, file)
	return s.of(name), err
}

// findLibrary looks for what module:require("x") means: x.lib.lua or x.lua next to the module, or in a module directory of that name. "x/y" of
// another module is first looked for with the plugin that is loaded on the host for x, even if there is another x next to the module; of the
// module itself it is a y next to it, too.
func (b *Bridge) findLibrary(from *source, host, name string) (*source, error) {
	s, err := b.librarySource(from, host, name)
	return s.of(from.module), err
}

func (b *Bridge) librarySource(from *source, host, name string) (*source, error) {
	for _, part := range strings.Split(name, "/") {
		if !validName(part) {
			return nil, errNotFound
		}
	}
	here := path.Dir(from.file)
	beside := []string{path.Join(here, name+".lib.lua"), path.Join(here, name+".lua")}
	first, rest, nested := strings.Cut(name, "/")
	switch {
	case nested && first == from.module:
		beside = append(beside, path.Join(here, rest+".lib.lua"), path.Join(here, rest+".lua"))
	case nested:
		if loaded := b.srv.ResolvePlugin(host, first); loaded != first {
			if s, err := b.libraryOf(loaded, rest, nested); !errors.Is(err, errNotFound) {
				return s, err
			}
		}
	}
	if s, err := b.readIn(from.dir, beside...); err == nil {
		return s, nil
	}
	return b.libraryOf(first, rest, nested)
}

// libraryOf looks for a library in the directory of a module: the one that is called like the module, or another.
func (b *Bridge) libraryOf(module, name string, other bool) (*source, error) {
	if !other {
		return b.read("mod_"+module+"/"+module+".lib.lua", module+"/"+module+".lib.lua", module+".lib.lua", "mod_"+module+"/"+module+".lua")
	}
	path := module + "/" + name
	return b.read("mod_"+path+".lib.lua", "mod_"+module+"/"+path+".lib.lua", path+".lib.lua", path+".lua", "mod_"+path+".lua")
}

func validName(name string) bool {
	return name != "" && !strings.ContainsAny(name, `/\`+"\x00") && name != ".." && name != "."
}

// read is the first of the files that exists, directory by directory.
func (b *Bridge) read(files ...string) (*source, error) {
	b.mu.Lock()
	dirs := b.dirs
	b.mu.Unlock()
	for _, dir := range dirs {
		if s, err := b.readIn(dir, files...); !errors.Is(err, errNotFound) {
			return s, err
		}
	}
	return nil, errNotFound
}

func (b *Bridge) readIn(dir Dir, files ...string) (*source, error) {
	for _, file := range files {
		code, err := fs.ReadFile(dir.FS, file)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading module: %w", err)
		}
		return &source{dir: dir, file: file, code: code, meta: readMetadata(code)}, nil
	}
	return nil, errNotFound
}

// metadata are the header comments "--% key: value" of newer modules.
type metadata struct{ requires, conflicts []string }

var metadataLine = regexp.MustCompile(`^--% *([a-z]+): *(.*?)\s*$`)

func readMetadata(code []byte) (m metadata) {
	for line := range strings.Lines(string(code)) {
		if !strings.HasPrefix(line, "--") {
			break
		}
		found := metadataLine.FindStringSubmatch(line)
		if found == nil {
			continue
		}
		list := strings.FieldsFunc(found[2], func(r rune) bool { return r == ',' || r == ' ' })
		switch found[1] {
		case "requires":
			m.requires = append(m.requires, list...)
		case "conflicts":
			m.conflicts = append(m.conflicts, list...)
		}
	}
	return m
}

// features are the abilities that modules may require by name.
var features = []string{"permissions", "loader", "keyval+", "split-user-roles", "getopt-enum", "getopt-interval", "getopt-period", "getopt-integer", "module-ready", "signal-events"}

// check refuses a module that requires what we lack, or conflicts with what we have.
func (m metadata) check(name string) error {
	for _, f := range m.requires {
		if !slices.Contains(features, f) {
			return fmt.Errorf("module %q requires the feature %q, which this server does not have", name, f)
		}
	}
	for _, f := range m.conflicts {
		if slices.Contains(features, f) {
			return fmt.Errorf("module %q conflicts with the feature %q, which is built in", name, f)
		}
	}
	return nil
}
