// Package luaapi is the list of what Lua modules can use: the methods of "module", stanzas, sessions, stores, events and the functions of libraries,
// each with its types and a line about it. The files of lua/types for editors are made from it, and the tests of the bridge see to it that it has
// what the bridge has.
//
// Who adds a function to a library or a method to "module" adds it to the file here that has its neighbours, and says "go generate" in this folder.
package luaapi

import (
	"embed"
	"fmt"
	"maps"
	"slices"

	"github.com/pelletier/go-toml/v2"
)

//go:generate go run ./gen

//go:embed *.toml
var files embed.FS

// List is everything, sorted by name.
type List struct {
	Classes   []Class
	Libraries []Library
	Events    []Event
}

// Entry is a method, function or field.
type Entry struct {
	Name string
	// Type is that of a field, or a signature such as "(name: string, attr?: table): Stanza".
	Type string
	Doc  string
}

// Class is a kind of object.
type Class struct {
	Name, Doc       string
	Fields, Methods []Entry
}

// Library is what require gives.
type Library struct {
	Name, Doc string
	Functions []Entry
	// Call is the signature of a library that is a function itself, "" of others.
	Call string
	// SameAs is the class or library that it has the functions of, "" of others.
	SameAs string
	// File is where the list has it.
	File string
}

// Event is what fires, with the fields that come with it.
type Event struct {
	Name, Doc string
	Fields    []Entry
}

// section is a class or a library in a file.
type section struct {
	Doc       string              `toml:"doc"`
	Call      string              `toml:"call"`
	SameAs    string              `toml:"same_as"`
	Fields    map[string][]string `toml:"fields"`
	Methods   map[string][]string `toml:"methods"`
	Functions map[string][]string `toml:"functions"`
}

// Load reads the list. The error is a mistake in it.
func Load() (*List, error) {
	names, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	list := &List{}
	for _, f := range names {
		if err := list.read(f.Name()); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	slices.SortFunc(list.Classes, func(a, b Class) int { return compare(a.Name, b.Name) })
	slices.SortFunc(list.Libraries, func(a, b Library) int { return compare(a.Name, b.Name) })
	slices.SortFunc(list.Events, func(a, b Event) int { return compare(a.Name, b.Name) })
	return list, nil
}

func (l *List) read(file string) error {
	src, err := files.ReadFile(file)
	if err != nil {
		return err
	}
	var content struct {
		Class   map[string]section        `toml:"class"`
		Library map[string]section        `toml:"library"`
		Event   map[string]map[string]any `toml:"event"`
	}
	if err := toml.Unmarshal(src, &content); err != nil {
		return err
	}
	for name, s := range content.Class {
		fields, err1 := entries(s.Fields)
		methods, err2 := entries(s.Methods)
		if err := firstOf(err1, err2); err != nil {
			return fmt.Errorf("class %s: %w", name, err)
		}
		l.Classes = append(l.Classes, Class{Name: name, Doc: s.Doc, Fields: fields, Methods: methods})
	}
	for name, s := range content.Library {
		functions, err := entries(s.Functions)
		if err != nil {
			return fmt.Errorf("library %s: %w", name, err)
		}
		if other := l.Library(name); other != nil {
			return fmt.Errorf("library %s: it is in %s, too", name, other.File)
		}
		l.Libraries = append(l.Libraries, Library{Name: name, Doc: s.Doc, Functions: functions, Call: s.Call, SameAs: s.SameAs, File: file})
	}
	for name, values := range content.Event {
		e, err := event(name, values)
		if err != nil {
			return fmt.Errorf("event %s: %w", name, err)
		}
		l.Events = append(l.Events, e)
	}
	return nil
}

// event takes one apart: doc, and fields.
func event(name string, values map[string]any) (Event, error) {
	fields := map[string][]string{}
	e := Event{Name: name}
	for key, v := range values {
		switch v := v.(type) {
		case string:
			e.Doc = v
		case []any:
			for _, s := range v {
				fields[key] = append(fields[key], fmt.Sprint(s))
			}
		}
	}
	var err error
	e.Fields, err = entries(fields)
	return e, err
}

func entries(values map[string][]string) (list []Entry, err error) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v := values[name]
		if len(v) != 2 || v[0] == "" || v[1] == "" {
			return nil, fmt.Errorf("%s: want its type and a line about it", name)
		}
		list = append(list, Entry{Name: name, Type: v[0], Doc: v[1]})
	}
	return list, nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func compare(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}

// Class is the class of a name, nil if there is none.
func (l *List) Class(name string) *Class {
	for i := range l.Classes {
		if l.Classes[i].Name == name {
			return &l.Classes[i]
		}
	}
	return nil
}

// Library is the library of a name, nil if there is none.
func (l *List) Library(name string) *Library {
	for i := range l.Libraries {
		if l.Libraries[i].Name == name {
			return &l.Libraries[i]
		}
	}
	return nil
}
