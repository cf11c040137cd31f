// Package luascan finds in the text of a Lua module what it will ask of the server: the libraries it loads, which of their functions it calls,
// the methods of "module" and the options it reads. It runs nothing, and what it cannot follow it leaves out.
package luascan

import (
	"strings"

	"quatrain/host/internal/luabridge/compat"
)

// Module is the name under which the methods of "module" are found.
const Module = "module"

// Scan is what stands in one file.
type Scan struct {
	Libraries []Library
	// Calls are calls of functions of a library, or methods of Module, each once per line. Those that the file tests for first are left out.
	Calls   []Call
	Options []Option
	// Events are what the file hooks by a name that stands there.
	Events []string
	// Files are the libraries of the module's own that it loads (module:require).
	Files []string
	// sets are the fields that the file itself sets on "module".
	sets map[string]bool
}

// Library is a call of require.
type Library struct {
	Name string
	Line int
	// Later is whether it stands in a function, so that it does not run as the file is loaded.
	Later bool
}

// Call is a call of a function of a library.
type Call struct {
	Library, Function string
	Line              int
}

// Option is an option of the configuration that a module reads.
type Option struct {
	Name string
	// Kind is the method's name without "get_option": "", "_string", "_set" …
	Kind string
	// Optional is whether there is a default.
	Optional bool
	// Lines are where it is read and where the variable is used that it is kept in.
	Lines []int
}

// File reads a file. The error is one of syntax, "name:line: what near token".
func File(src []byte, name string) (*Scan, error) {
	stmts, err := compat.Parse(src, name)
	if err != nil {
		return nil, err
	}
	r := &reader{scan: &Scan{sets: map[string]bool{}}, assigned: assignedNames(stmts), tested: map[field]bool{}}
	r.block(stmts)
	return r.finish(), nil
}

// OptionIn is the option that a message speaks of; nil if there is none.
func (s *Scan) OptionIn(message string) *Option {
	var named *Option
	for i, o := range s.Options {
		if containsWord(message, o.Name) && (named == nil || len(o.Name) > len(named.Name)) {
			named = &s.Options[i]
		}
	}
	return named
}

// OptionAt is an option without a default that a line reads or uses; nil if there is none.
func (s *Scan) OptionAt(line int) *Option {
	for i, o := range s.Options {
		for _, l := range o.Lines {
			if l == line && !o.Optional {
				return &s.Options[i]
			}
		}
	}
	return nil
}

func containsWord(text, word string) bool {
	for at := 0; ; {
		found := strings.Index(text[at:], word)
		if found < 0 {
			return false
		}
		begin, end := at+found, at+found+len(word)
		if endsWord(text[:begin]) && beginsAnother(text[end:]) {
			return true
		}
		at = end
	}
}

// endsWord and beginsAnother are whether what stands before and behind a word does not belong to it, as in "util.word.function".
func endsWord(before string) bool {
	return before == "" || !inWord(before[len(before)-1]) && before[len(before)-1] != '.'
}

func beginsAnother(behind string) bool {
	return behind == "" || !inWord(behind[0]) && !(len(behind) > 1 && behind[0] == '.' && inWord(behind[1]))
}

func inWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
