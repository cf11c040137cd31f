package luaapi

import (
	"fmt"
	"strings"
)

// head begins each file that is made.
const head = "---@meta\n-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.\n\n"

// keywords cannot be names of parameters or follow a dot.
var keywords = map[string]bool{"function": true, "end": true, "in": true, "or": true, "and": true, "not": true, "repeat": true, "local": true, "nil": true, "true": true, "false": true, "for": true, "if": true, "do": true, "then": true, "else": true, "elseif": true, "while": true, "until": true, "return": true, "break": true, "goto": true}

// Types are the files for editors with the annotations of LuaLS and EmmyLua, by path below lua/types. Libraries of Prosody's are below "prosody", where
// both "util.x" and "prosody.util.x" lead.
func (l *List) Types() (map[string]string, error) {
	files := map[string]string{}
	var b strings.Builder
	b.WriteString(head)
	for _, c := range l.Classes {
		if err := l.writeClass(&b, c); err != nil {
			return nil, fmt.Errorf("class %s: %w", c.Name, err)
		}
	}
	b.WriteString("---The module that the file is.\n---@type module\nmodule = nil\n\n---@type prosody\nprosody = nil\n")
	files["module.lua"] = b.String()
	for _, lib := range l.Libraries {
		text, err := l.library(lib)
		if err != nil {
			return nil, fmt.Errorf("library %s: %w", lib.Name, err)
		}
		files[path(lib.Name)] = text
	}
	return files, nil
}

// path is the file of a library.
func path(name string) string {
	file := strings.ReplaceAll(name, ".", "/") + ".lua"
	switch first, _, _ := strings.Cut(name, "."); first {
	case "util", "core", "net":
		return "prosody/" + file
	}
	return file
}

func (l *List) writeClass(b *strings.Builder, c Class) error {
	fmt.Fprintf(b, "---%s\n---@class %s\n", c.Doc, c.Name)
	for _, f := range c.Fields {
		fmt.Fprintf(b, "---@field %s %s %s\n", f.Name, f.Type, f.Doc)
	}
	variable := strings.NewReplacer(".", "_").Replace(c.Name) + "_methods"
	fmt.Fprintf(b, "local %s = {}\n\n", variable)
	for _, m := range c.Methods {
		if c.Name == Module && m.Name == "hook" {
			l.writeEvents(b)
		}
		if err := writeFunction(b, variable+":", m); err != nil {
			return err
		}
	}
	return nil
}

// Module is the class of "module".
const Module = "module"

// writeEvents writes an overload of module:hook for each event that has fields of its own. What they are made of stands before.
func (l *List) writeEvents(b *strings.Builder) {
	for _, e := range l.Events {
		fmt.Fprintf(b, "---@overload fun(self: module, event: %q, handler: fun(event: %s): any, priority?: number)\n", e.Name, eventType(e))
	}
}

// eventType is the type of an event's fields.
func eventType(e Event) string {
	if len(e.Fields) == 0 {
		return "any"
	}
	var fields []string
	for _, f := range e.Fields {
		fields = append(fields, f.Name+": "+f.Type)
	}
	return "{ " + strings.Join(fields, ", ") + " }"
}

func (l *List) library(lib Library) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s---%s\n", head, lib.Doc)
	switch {
	case lib.SameAs != "" && l.Class(lib.SameAs) != nil:
		fmt.Fprintf(&b, "---@type %s\nlocal lib\n\nreturn lib\n", lib.SameAs)
		return b.String(), nil
	case lib.SameAs != "":
		fmt.Fprintf(&b, "return require %q\n", lib.SameAs)
		return b.String(), nil
	case lib.Call != "" && len(lib.Functions) == 0:
		if err := writeFunction(&b, "local function ", Entry{Name: "lib", Type: lib.Call}); err != nil {
			return "", err
		}
		return b.String() + "return lib\n", nil
	}
	fmt.Fprintf(&b, "---@class %s.library\n", lib.Name)
	if lib.Call != "" {
		sig, err := ParseSignature(lib.Call)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "---@overload fun(%s): %s\n", parameters(sig, true), strings.Join(sig.Returns, ", "))
	}
	b.WriteString("local lib = {}\n\n")
	tables := map[string]bool{}
	for _, f := range lib.Functions {
		if table, _, ok := strings.Cut(f.Name, "."); ok && !tables[table] {
			tables[table] = true
			fmt.Fprintf(&b, "lib.%s = {}\n\n", table)
		}
		if err := writeFunction(&b, "lib.", f); err != nil {
			return "", err
		}
	}
	b.WriteString("return lib\n")
	return b.String(), nil
}

// writeFunction writes a function without a body: prefix is what stands before its name.
func writeFunction(b *strings.Builder, prefix string, e Entry) error {
	sig, err := ParseSignature(e.Type)
	if err != nil {
		return fmt.Errorf("%s: %w", e.Name, err)
	}
	if e.Doc != "" {
		fmt.Fprintf(b, "---%s\n", e.Doc)
	}
	for _, p := range sig.Params {
		optional := ""
		if p.Optional {
			optional = "?"
		}
		fmt.Fprintf(b, "---@param %s%s %s\n", p.Name, optional, p.Type)
	}
	for _, r := range sig.Returns {
		fmt.Fprintf(b, "---@return %s\n", r)
	}
	prefix, isLocal := strings.CutPrefix(prefix, "local function ")
	switch {
	case isLocal:
		fmt.Fprintf(b, "local function %s(%s) end\n\n", e.Name, parameters(sig, false))
	case keywords[e.Name[strings.LastIndex(e.Name, ".")+1:]]:
		fmt.Fprintf(b, "%s[%q] = function (%s) end\n\n", strings.TrimRight(prefix, ".:"), e.Name, parameters(sig, false))
	default:
		fmt.Fprintf(b, "function %s%s(%s) end\n\n", prefix, e.Name, parameters(sig, false))
	}
	return nil
}

// parameters are the names of the parameters, with their types or without.
func parameters(sig Signature, types bool) string {
	var list []string
	for _, p := range sig.Params {
		text := p.Name
		if types {
			if p.Optional {
				text += "?"
			}
			text += ": " + p.Type
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}
