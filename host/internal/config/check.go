package config

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
)

// check looks at the options of a block.
func (b *builder) check(bl *block) {
	if bl.word == wordPlugin {
		b.checkPlugin(bl)
		return
	}
	for _, name := range bl.order {
		b.checkOption(bl, name, bl.options[name])
	}
	if o, ok := bl.options["component_module"]; ok {
		b.checkModules(bl, "plugin", o)
	}
}

func (b *builder) checkOption(bl *block, name string, o option) {
	known := b.c.catalog.options[name]
	if known == nil {
		if near := nearest(name, slices.Collect(maps.Keys(b.c.catalog.options))); near != "" && !b.declared(name) {
			b.add(o.line, "%s unknown option %s; did you mean %s?", bl.label(), name, near)
		}
		return
	}
	if err := known.accept(o.value); err != nil {
		b.add(o.line, "%s %s: %v", bl.label(), name, err)
		return
	}
	if name == "sql" {
		b.checkSQL(bl, o)
	}
	switch {
	case known.Unused:
		b.warn(o.line, "%s %s: has no effect in this version", bl.label(), name)
	case known.Global && bl.word != wordGlobal:
		b.warn(o.line, "%s %s: has no effect on a single host; put it below [global]", bl.label(), name)
	}
	if name == "storage" || name == "default_storage" {
		b.checkStorage(bl, name, o)
	}
	if name == "modules_enabled" || name == "modules_disabled" {
		b.checkModules(bl, name, o)
	}
}

// checkSQL looks at what Prosody's option of that name may say.
func (b *builder) checkSQL(bl *block, o option) {
	t := o.value.(map[string]any)
	if driver, ok := t["driver"]; ok && driver != "SQLite3" {
		b.add(o.line, `%s sql: driver: want "SQLite3", got %s`, bl.label(), shown(driver))
	}
	if _, ok := t["database"].(string); !ok && t["database"] != nil {
		b.add(o.line, "%s sql: database: want the path of a file, got %s", bl.label(), shown(t["database"]))
	}
}

func (b *builder) warn(line int, format string, args ...any) {
	b.c.warned = append(b.c.warned, b.at(problem{line, fmt.Sprintf(format, args...)}))
}

// declared is whether a plugin's section says that the plugin has an option of the name.
func (b *builder) declared(name string) bool {
	return slices.ContainsFunc(b.blocks, func(bl *block) bool {
		list, _ := toSet(bl.options["options"].value)
		return bl.word == wordPlugin && slices.Contains(list, name)
	})
}

// checkModules looks for slips in names of plugins. A plugin that is not there and resembles none is not a mistake, except as a component's
// main one: it may be installed later.
func (b *builder) checkModules(bl *block, name string, o option) {
	list, _ := toSet(o.value)
	known := b.pluginNames()
	for _, m := range list {
		if slices.Contains(known, m) || b.hasFile(m) {
			continue
		}
		prosodys := slices.Contains(b.c.catalog.prosodys, m)
		switch near := nearest(m, slices.Concat(known, b.c.catalog.prosodys)); {
		case prosodys && name == "plugin":
			b.add(o.line, "%s %s: %s", bl.label(), name, ofProsody(m))
		case prosodys && name == "modules_enabled":
			b.warn(o.line, "%s %s: %s", bl.label(), name, ofProsody(m))
		case prosodys:
		case near != "":
			b.add(o.line, "%s %s: there is no plugin %q; did you mean %q?", bl.label(), name, m, near)
		case name == "plugin":
			b.add(o.line, "%s %s: there is no plugin %q", bl.label(), name, m)
		case name == "modules_enabled":
			b.warn(o.line, "%s %s: there is no plugin %q", bl.label(), name, m)
		}
	}
}

// ofProsody says what to do about a module that is Prosody's and is not there.
func ofProsody(module string) string {
	return fmt.Sprintf("%q is a module of Prosody's: plugin_paths has to name the directory that it is in", module)
}

func (b *builder) pluginNames() []string {
	cat := b.c.catalog
	names := slices.Clone(cat.builtin)
	names = slices.AppendSeq(names, maps.Keys(cat.plugins))
	names = slices.AppendSeq(names, maps.Keys(cat.aliases))
	for _, bl := range b.blocks {
		if bl.word == wordPlugin {
			names = append(names, bl.name)
		}
	}
	return names
}

// hasFile is whether the operator's own directories, or the shipped plugins, have a plugin of the name.
func (b *builder) hasFile(name string) bool {
	places := []fs.FS{}
	if b.c.catalog.shipped != nil {
		places = append(places, b.c.catalog.shipped)
	}
	for _, dir := range b.c.PluginPaths() {
		places = append(places, os.DirFS(dir))
	}
	for _, place := range places {
		for _, file := range []string{"mod_" + name + ".lua", "mod_" + name, name} {
			if _, err := fs.Stat(place, file); err == nil {
				return true
			}
		}
	}
	return false
}
